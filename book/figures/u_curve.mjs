// Training curves beside the U: test loss after training, against the learning rate.
// State, made by lrlab/figures/u_curve.py: a recorded sweep with its best rates and its good ones.

import {
  chosen, cross, dots, finite, formatNumber, formatRate, guessingLine, label, plot,
} from "./chart.mjs";
import { mark } from "./dom.mjs";
import { VERDICTS, clipTo, endLabel, meaning, read, sweepNumbers, trainingCurves } from "./sweep.mjs";
import { predictAndReveal } from "./task.mjs";

function render({ model, el }) {
  const run = model.get("state");
  const { data, results, seeds, steps } = run;
  const sweep = read(run);
  const { rates, values, ends, isGood, isBest, lost, outcome, explain } = sweep;
  const best = rates.indexOf(run.best);
  const alike = run.best_rates.map(formatRate).join(", ");

  const levels = finite([
    ...results.flatMap((r) => [...r.train_loss.low, ...r.train_loss.high]), ...values.flat(),
  ]);
  // Above 10 nats a loss is off the paper: how far it flies says nothing more.
  const scale = { log: true, low: Math.min(...levels) / 1.2, high: Math.min(10, Math.max(...levels)) };
  const clip = clipTo(scale);

  const valley = ({ index, revealed, width, height }) => {
    const all = revealed.size === rates.length;
    const panel = plot({
      width, height,
      x: { log: true, low: rates[0], high: rates.at(-1), title: "learning rate (log scale)" },
      y: { ...scale, title: "test loss at the end (nats, log scale)" },
      describe: "Test loss after training, against the learning rate: " +
        `${revealed.size} of ${rates.length} rates revealed.` +
        (all ? ` The lowest is ${formatNumber(ends[best])} at ${formatRate(rates[best])}; ` +
          `best, as far as the seeds tell: ${alike}.` : ""),
    });
    const { svg, x, y } = panel;
    if (all) {
      const region = rates.map((_, i) => i).filter(isGood);
      const edge = (i, j) => (x(rates[i]) + x(rates[Math.min(Math.max(j, 0), rates.length - 1)])) / 2;
      const [from, to] = [edge(region[0], region[0] - 1), edge(region.at(-1), region.at(-1) + 1)];
      svg.append(
        mark("rect", {
          class: "lrlab-good", x: from, width: to - from, y: panel.top,
          height: panel.bottom - panel.top,
        }),
        label((from + to) / 2, panel.top + 16, "good", { "text-anchor": "middle" }),
        label((from + to) / 2, panel.top + 34, `best: ${alike}`, { "text-anchor": "middle" }),
      );
    }
    svg.append(
      guessingLine(panel),
      ...chosen(panel, rates[index], revealed.has(index)),
      ...dots(panel, { rates, values, revealed, index, clip }),
    );
    for (const i of revealed) {
      if (all && isBest(i)) {
        svg.append(mark("circle", { class: "lrlab-best", cx: x(rates[i]), cy: y(ends[i]), r: 9 }));
      }
      if (lost(i)) svg.append(cross(x(rates[i]), y(clip(ends[i] ?? scale.high)) - 18));
    }
    if (revealed.has(index) && ends[index] != null) {
      svg.append(endLabel(panel, rates[index], clip(ends[index]), formatNumber(ends[index])));
    }
    return svg;
  };

  return predictAndReveal({
    el, model, rates, outcome, explain,
    panels: [
      { name: "Training curves", draw: (now) => trainingCurves(sweep, { steps, scale, ...now }) },
      { name: "The U", draw: valley },
    ],
    numbers: sweepNumbers([sweep]),
    start: rates.findIndex((rate) => rate >= 0.01),
    shown: [0],
    question: (rate) => `Trained with learning rate ${rate}, this network will turn out…`,
    choices: VERDICTS,
    caption: `Recorded: ${data.name}, plain SGD, ${steps.at(-1)} steps of 64 images, ` +
      `${rates.length} learning rates × ${seeds.length} seeds. Bands and bars reach from the ` +
      `lowest to the highest seed. ${meaning()} Ringed: the best rates, those that the seeds ` +
      "cannot tell from the one with the lowest mean.",
  });
}

export default { render };
