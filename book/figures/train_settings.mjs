// The settings of a run that a page makes: the rate, any above zero, by slider and as a number; the
// optimizer; and what opens under "More": the schedule, the batch size, the seed.

import { formatRate } from "./chart.mjs";
import { element } from "./dom.mjs";

const BATCHES = [16, 32, 64, 128, 256];
const BEYOND = 0.5; // decades that the slider reaches beyond the recorded rates

const menu = (items, chosen) => element("select", {},
  ...items.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));

const named = (name, control) =>
  element("label", { class: "lrlab-control" }, element("span", {}, name), control);

/**
 * Make the controls for the figure's state; `changed` is called whenever one is changed. Returns
 * { node, value, title, wrong, focus, view, show }: the fieldset; the settings as they stand,
 * optimizer and schedule as their index; the same in words; what is wrong with them, if anything is;
 * and what a link to the figure keeps.
 */
export function settingsOf({ batch, rate, optimizers, schedules, schedule: first }, changed) {
  const next = Math.max(...optimizers[0].seeds) + 1; // a run that is not in the record
  const slider = element("input", { type: "range", step: 0.01, "aria-label": "Learning rate" });
  const number = element("input", {
    type: "number", min: 0, step: "any", value: rate, "aria-label": "Learning rate, as a number",
  });
  const optimizer = menu(optimizers.map(({ name }, k) => [k, name]), 0);
  const schedule = menu(schedules.map(({ name }, k) => [k, name]), 0);
  const size = menu(BATCHES.map((each) => [each, String(each)]), batch);
  const seed = element("input", { type: "number", min: 0, max: 9999, step: 1, value: next });
  const plans = named("Schedule", schedule);
  const node = element("fieldset", { "aria-label": "Settings of the run" },
    element("div", { class: "lrlab-control" },
      element("span", { "aria-hidden": "true" }, "Learning rate"), number, slider),
    ...(optimizers.length > 1 ? [named("Optimizer", optimizer)] : []), ...(first ? [plans] : []),
    element("details", { class: "lrlab-edit" },
      element("summary", {}, `More: ${first ? "" : "schedule, "}batch size, seed`),
      ...(first ? [] : [plans]), named("Batch size", size), named("Seed", seed),
      element("p", { class: "lrlab-caption" }, "A seed decides the starting weights and the order of " +
        `the images. With one from 0 to ${next - 1} you make a recorded run again.`)));

  const value = () => ({
    optimizer: Number(optimizer.value),
    rate: number.valueAsNumber > 0 ? number.valueAsNumber : rate,
    schedule: Number(schedule.value),
    batchSize: Number(size.value),
    seed: seed.valueAsNumber,
    asRecorded: schedule.value === "0" && Number(size.value) === batch,
  });

  const title = () => {
    const now = value();
    return [
      `${optimizers[now.optimizer].name} at ${formatRate(now.rate)}`,
      now.schedule && schedules[now.schedule].name,
      now.batchSize !== batch && `batch ${now.batchSize}`,
      `seed ${seed.value || "?"}`,
    ].filter(Boolean).join(", ");
  };

  const wrong = () => {
    if (!(number.valueAsNumber > 0)) return "The learning rate is a number above zero, such as 0.1 or 3e-4.";
    if (!seed.checkValidity() || seed.value === "") return "The seed is a whole number from 0 to 9999.";
    return "";
  };

  /** Let the slider stand at the rate, and reach as far as the optimizer's recorded ones and beyond. */
  const place = () => {
    const { rate: now, optimizer: k } = value();
    const rates = optimizers[k].results.map((result) => Math.log10(result.learning_rate));
    slider.min = rates[0] - BEYOND;
    slider.max = rates.at(-1) + BEYOND;
    slider.value = Math.log10(now);
    slider.setAttribute("aria-valuetext", `learning rate ${formatRate(now)}`);
    changed();
  };
  const slide = () => {
    number.value = Number((10 ** slider.valueAsNumber).toPrecision(2));
    slider.setAttribute("aria-valuetext", `learning rate ${formatRate(number.valueAsNumber)}`);
    changed();
  };
  slider.addEventListener("input", slide);
  number.addEventListener("input", place);
  optimizer.addEventListener("change", place);
  seed.addEventListener("input", changed);
  for (const control of [schedule, size]) control.addEventListener("change", changed);

  const view = () => ({
    value: value().rate,
    item: optimizers.length > 1 ? optimizers[value().optimizer].name : null,
  });
  const show = ({ value: wanted, item }) => {
    const k = optimizers.findIndex(({ name }) => name === item);
    if (k >= 0) optimizer.value = k;
    if (wanted > 0) number.value = wanted;
    place();
  };
  return { node, value, title, wrong, focus: () => slider.focus(), view, show };
}
