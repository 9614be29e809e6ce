// Five U's in one picture: test loss after training against learning rate, for five optimizers.
// State: { data, steps, optimizers: [{ name, best, good, seeds, results }] }, put together by
// chapter 6 from one recorded run an optimizer.

import {
  band, chosen, cross, finite, formatNumber, formatRate, guessing, guessingLine, label, line, mean,
  plot, question, rateStyle,
} from "./chart.mjs";
import { element, mark } from "./dom.mjs";
import { predictAndReveal } from "./task.mjs";

const LOW = "too low", GOOD = "good", UNSTABLE = "unstable", DIVERGED = "diverged";

// One colour and one shape an optimizer: either of them is enough to tell the U's apart.
const LOOKS = [
  { light: "#0072b2", dark: "#6cb8ec", shape: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z" },
  { light: "#b34700", dark: "#f5955a", shape: "M-4.5 -4.5h9v9h-9Z" },
  { light: "#00785a", dark: "#3fd0a4", shape: "M0 -6L5.6 4.4H-5.6Z" },
  { light: "#aa3377", dark: "#ee99cc", shape: "M0 -6.5L5.5 0L0 6.5L-5.5 0Z" },
  { light: "#6b5900", dark: "#e3cc5c", shape: "M0 6L5.6 -4.4H-5.6Z" },
];
const look = (k) => `--on-light:${LOOKS[k].light};--on-dark:${LOOKS[k].dark}`;
const symbol = (k, attributes) =>
  mark("path", { class: "lrlab-rate lrlab-dot", style: look(k), d: LOOKS[k].shape, ...attributes });

/** What the record says about each rate of one optimizer, and that in words. */
function read({ name, best, good, seeds, results }) {
  const rates = results.map((result) => result.learning_rate);
  const values = results.map((result) => finite(result.test_loss));
  const ends = values.map((list) => (list.length ? mean(list) : null));
  const lost = (i) => results[i].diverged;
  const outcome = (i) => {
    if (rates[i] < good[0]) return LOW;
    if (rates[i] <= good[1]) return GOOD;
    return lost(i) === seeds ? DIVERGED : UNSTABLE;
  };
  const explain = (i) => {
    const broken = lost(i) ? `${lost(i)} of ${seeds} runs diverged. ` : "";
    if (ends[i] == null) return `${broken}No test loss is left to measure.`;
    const compared = rates[i] === best
      ? `no other rate of ${name} does better.`
      : `the best rate of ${name}, ${formatRate(best)}, reaches ${formatNumber(ends[rates.indexOf(best)])}.`;
    return `${broken}Test loss ${formatNumber(ends[i])}; ${compared}`;
  };
  return { name, results, rates, values, ends, lost, outcome, explain };
}

/** The marks of all optimizers with their names; it wraps on a narrow page. */
const key = (optimizers) => element("div", { class: "lrlab-key" }, ...optimizers.map(({ name }, k) =>
  element("span", {},
    mark("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" },
      mark("path", { class: "lrlab-rate", style: `${look(k)};fill:currentColor`, d: LOOKS[k].shape })),
    name)));

function render({ model, el }) {
  const { data, steps, optimizers } = model.get("state");
  const us = optimizers.map(read);
  const seeds = optimizers.map((each) => each.seeds);
  const everyRate = us.flatMap(({ rates }) => rates);
  const span = { log: true, low: Math.min(...everyRate), high: Math.max(...everyRate) };
  const lowest = Math.min(...us.flatMap(({ ends }) => finite(ends)));
  const scale = { log: true, low: lowest / 1.5, high: 10 };
  const clip = (v) => (v == null ? null : Math.min(Math.max(v, scale.low), scale.high));

  /** Training loss of one optimizer, a curve for each revealed rate. */
  const training = (k, { index, revealed, width, height }) => {
    const { name, results, rates, lost, explain } = us[k];
    const known = revealed.has(index);
    const panel = plot({
      width, height,
      x: { log: true, low: steps[0], high: steps.at(-1), title: "step (optimizer updates, log scale)" },
      y: { ...scale, title: `${name}: training loss (nats, log scale)` },
      describe: `Training loss of ${name} against step for ${revealed.size} revealed learning ` +
        `rates. Chosen rate ${formatRate(rates[index])}: ${known ? explain(index) : "not revealed yet."}`,
    });
    const { svg, x, y } = panel;
    const pixel = (v) => (v == null ? null : y(clip(v)));
    const trace = (i, strong) => {
      const { mean: middle, low, high } = results[i].train_loss;
      const style = rateStyle(rates[i], rates);
      const points = steps.map((step, j) => [x(step), pixel(middle[j])]);
      const [endX, endY] = points.findLast(([, v]) => v != null) ?? [panel.left, panel.top];
      if (strong) {
        const spread = steps.map((step, j) => [x(step), pixel(low[j]), pixel(high[j])]);
        svg.append(band(spread, { class: "lrlab-rate lrlab-band", style }),
          line(points, { class: "lrlab-casing" }));
      }
      svg.append(line(points, { class: `lrlab-rate lrlab-${strong ? "curve" : "faint"}`, style }));
      if (lost(i)) svg.append(cross(endX, endY));
      if (strong) {
        svg.append(label(endX - 10, Math.max(endY - 10, panel.top + 12), formatRate(rates[i]),
          { class: "lrlab-label lrlab-strong", "text-anchor": "end" }));
      }
    };
    svg.append(guessingLine(panel), label(panel.left + 8, y(guessing) + 18, "guessing, ln 10"));
    for (const i of revealed) if (i !== index) trace(i, false);
    if (known) trace(index, true);
    else svg.append(question((panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2));
    return svg;
  };

  /** One optimizer's U, as far as it is revealed. */
  const valley = (panel, k, revealed, index) => {
    const { rates, values, ends, lost } = us[k];
    const { x, y } = panel;
    const style = look(k);
    const group = mark("g", index == null ? { opacity: 0.5 } : {});
    group.append(line(rates.map((rate, i) =>
      [x(rate), revealed.has(i) && ends[i] != null ? y(clip(ends[i])) : null]),
    { class: "lrlab-rate lrlab-faint", style }));
    for (const i of revealed) {
      if (lost(i)) group.append(cross(x(rates[i]), y(clip(ends[i] ?? guessing)) - 15));
      if (ends[i] == null) continue;
      const [low, high] = [Math.min(...values[i]), Math.max(...values[i])].map((v) => y(clip(v)));
      const at = `translate(${x(rates[i])} ${y(clip(ends[i]))})${i === index ? " scale(1.4)" : ""}`;
      group.append(
        mark("path", { class: "lrlab-rate lrlab-spread", style, d: `M${x(rates[i])} ${low}V${high}` }),
        symbol(k, { transform: at }),
      );
    }
    return group;
  };

  const valleys = (k, { index, seen, width, height }) => {
    const revealed = seen[k];
    const { name, rates, ends } = us[k];
    const counts = us.map((each, j) => `${each.name} ${seen[j].size}`).join(", ");
    const panel = plot({
      width, height,
      x: { ...span, title: "learning rate (log scale)" },
      y: { ...scale, high: 4, title: "test loss at the end (nats, log scale)" },
      describe: "Test loss after training against the learning rate, for five optimizers. Rates " +
        `revealed: ${counts}. Chosen: ${name} at ${formatRate(rates[index])}.`,
    });
    panel.svg.append(guessingLine(panel), ...chosen(panel, rates[index], revealed.has(index)));
    us.forEach((_, j) => { if (j !== k) panel.svg.append(valley(panel, j, seen[j], null)); });
    panel.svg.append(valley(panel, k, revealed, index));
    if (revealed.has(index) && ends[index] != null) {
      const right = panel.x(rates[index]) > (panel.left + panel.right) / 2;
      const level = panel.y(clip(ends[index]));
      panel.svg.append(label(panel.x(rates[index]) + (right ? -11 : 11),
        level + 20 > panel.bottom - 6 ? level - 14 : level + 20,
        `${name}: ${formatNumber(ends[index])}`,
        { class: "lrlab-label lrlab-strong", "text-anchor": right ? "end" : "start" }));
    }
    return panel.svg;
  };

  const draw = ({ index, revealed, width, item, seen }) => {
    const beside = width >= 660;
    const size = { width: beside ? (width - 24) / 2 : width, height: beside ? 350 : 290 };
    return [key(optimizers), training(item, { index, revealed, ...size }),
      valleys(item, { index, seen, ...size })];
  };

  return predictAndReveal({
    el, draw,
    rates: us[0].rates,
    menu: {
      title: "Optimizer", items: us.map(({ name }) => name), start: 0, rates: us.map(({ rates }) => rates),
    },
    start: us[0].rates.length >> 1,
    shown: [0],
    question: (rate, k) =>
      `Trained by ${us[k].name} with learning rate ${rate}, this network will turn out…`,
    choices: [LOW, GOOD, UNSTABLE, DIVERGED],
    outcome: (i, k) => us[k].outcome(i),
    explain: (i, k) => us[k].explain(i),
    caption: `Recorded: ${data}, one epoch of ${steps.at(-1)} steps of 64 images, ` +
      `${us[0].rates.length} rates an optimizer with ${Math.min(...seeds)} to ` +
      `${Math.max(...seeds)} seeds each. Bands and ` +
      "bars reach from the lowest to the highest seed. “Good”: mean test loss at most twice the " +
      "lowest of this optimizer. “Unstable”: a higher rate that does worse. “Diverged”: every run " +
      "is lost. A red cross marks a rate at which at least one run is lost.",
  });
}

export default { render };
