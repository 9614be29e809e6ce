// Five U's in one picture: test loss after training against learning rate, for five optimizers.
// State, made by lrlab/figures/optimizer_us.py from one recorded sweep an optimizer:
// { data, steps, optimizers: [{ name, best, best_rates, good, seeds, results }] }.

import {
  chosen, cross, finite, formatNumber, formatRate, guessing, guessingLine, line, plot,
} from "./chart.mjs";
import { element, mark } from "./dom.mjs";
import { VERDICTS, clipTo, endLabel, meaning, read, sweepNumbers, trainingCurves } from "./sweep.mjs";
import { predictAndReveal } from "./task.mjs";

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

/** The marks of all optimizers with their names; it wraps on a narrow page. */
const key = (optimizers) => element("div", { class: "lrlab-key" }, ...optimizers.map(({ name }, k) =>
  element("span", {},
    mark("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" },
      mark("path", { class: "lrlab-rate", style: `${look(k)};fill:currentColor`, d: LOOKS[k].shape })),
    name)));

function render({ model, el }) {
  const { data, steps, optimizers } = model.get("state");
  const us = optimizers.map((each) => read(each, each.name));
  const seeds = optimizers.map((each) => each.seeds.length);
  const everyRate = us.flatMap(({ rates }) => rates);
  const span = { log: true, low: Math.min(...everyRate), high: Math.max(...everyRate) };
  const lowest = Math.min(...us.flatMap(({ ends }) => finite(ends)));
  const scale = { log: true, low: lowest / 1.5, high: 10 };
  const clip = clipTo(scale);

  /** One optimizer's U, as far as it is revealed. */
  const valley = (panel, k, revealed, index) => {
    const { rates, values, ends, lost, isBest } = us[k];
    const all = index != null && revealed.size === rates.length;
    const { x, y } = panel;
    const style = look(k);
    const group = mark("g", index == null ? { opacity: 0.7 } : {});
    group.append(line(rates.map((rate, i) =>
      [x(rate), revealed.has(i) && ends[i] != null ? y(clip(ends[i])) : null]),
    { class: "lrlab-rate lrlab-faint", style }));
    for (const i of revealed) {
      if (lost(i)) group.append(cross(x(rates[i]), y(clip(ends[i] ?? guessing)) - 15));
      if (ends[i] == null) continue;
      const [low, high] = [Math.min(...values[i]), Math.max(...values[i])].map((v) => y(clip(v)));
      if (all && isBest(i)) {
        group.append(mark("circle", { class: "lrlab-best", cx: x(rates[i]), cy: y(ends[i]), r: 10 }));
      }
      const at = `translate(${x(rates[i])} ${y(clip(ends[i]))})${i === index ? " scale(1.4)" : ""}`;
      group.append(
        mark("path", { class: "lrlab-rate lrlab-spread", style, d: `M${x(rates[i])} ${low}V${high}` }),
        symbol(k, { transform: at }),
      );
    }
    return group;
  };

  const valleys = ({ index, item: k, revealed, seen, width, height }) => {
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
      panel.svg.append(endLabel(panel, rates[index], clip(ends[index]),
        `${name}: ${formatNumber(ends[index])}`));
    }
    return element("div", {}, panel.svg, key(optimizers));
  };

  return predictAndReveal({
    el, model,
    panels: [
      {
        name: "Training curves",
        draw: (now) => trainingCurves(us[now.item], { steps, scale, ...now }),
      },
      { name: "The U’s", draw: valleys },
    ],
    numbers: sweepNumbers(us),
    rates: us[0].rates,
    menu: {
      title: "Optimizer", items: us.map(({ name }) => name), start: 0, rates: us.map(({ rates }) => rates),
    },
    start: us[0].rates.length >> 1,
    shown: [0],
    question: (rate, k) =>
      `Trained by ${us[k].name} with learning rate ${rate}, this network will turn out…`,
    choices: VERDICTS,
    outcome: (i, k) => us[k].outcome(i),
    explain: (i, k) => us[k].explain(i),
    caption: `Recorded: ${data}, one epoch of ${steps.at(-1)} steps of 64 images, ` +
      `${us[0].rates.length} rates an optimizer with ${Math.min(...seeds)} to ` +
      `${Math.max(...seeds)} seeds each. Bands and bars reach from the lowest to the highest seed. ` +
      meaning(" of this optimizer") +
      " Ringed: the best rates, those that the seeds cannot tell from the one with the lowest mean.",
  });
}

export default { render };
