// Training curves beside the U: test loss after training, against the learning rate.
// State: the recorded run `mnist_sgd_u`.

import {
  band, chosen, cross, dots, finite, formatNumber, formatRate, guessing, guessingLine, label, line,
  mean, plot, question, rateStyle,
} from "./chart.mjs";
import { mark } from "./dom.mjs";
import { predictAndReveal } from "./task.mjs";

const LOW = "too low", GOOD = "good", UNSTABLE = "unstable", DIVERGED = "diverged";

/** What the record says about each rate: its loss at the end, its verdict, and that in words. */
function read(run) {
  const rates = run.results.map((result) => result.learning_rate);
  const values = run.results.map((result) => result.test_loss.values);
  const ends = values.map((list) => (finite(list).length ? mean(finite(list)) : null));
  const lost = (i) => run.results[i].diverged;
  const good = (i) => rates[i] >= run.good[0] && rates[i] <= run.good[1];
  const outcome = (i) => {
    if (good(i)) return GOOD;
    if (rates[i] < run.good[0]) return LOW;
    return lost(i) === run.seeds.length ? DIVERGED : UNSTABLE;
  };
  const best = rates.indexOf(run.best);
  const explain = (i) => {
    const broken = lost(i) ? `${lost(i)} of ${run.seeds.length} runs diverged. ` : "";
    if (ends[i] == null) return `${broken}No test loss is left to measure.`;
    const [end, least, most, lowest] =
      [ends[i], Math.min(...finite(values[i])), Math.max(...finite(values[i])), ends[best]]
        .map((loss) => formatNumber(loss));
    return `${broken}Test loss ${end} (${least} to ${most} over the seeds); ` +
      (i === best ? "no other rate does better." : `the best rate reaches ${lowest}.`);
  };
  return { rates, values, ends, best, good, lost, outcome, explain };
}

function render({ model, el }) {
  const run = model.get("state");
  const { data, results, seeds, steps } = run;
  const { rates, values, ends, best, good, lost, outcome, explain } = read(run);

  const levels = finite([
    ...results.flatMap((r) => [...r.train_loss.low, ...r.train_loss.high]), ...values.flat(),
  ]);
  // Above 10 nats a loss is off the paper: how far it flies says nothing more.
  const scale = { log: true, low: Math.min(...levels) / 1.2, high: Math.min(10, Math.max(...levels)) };
  const clip = (v) => (v == null ? null : Math.min(Math.max(v, scale.low), scale.high));

  const training = ({ index, revealed, width, height }) => {
    const known = revealed.has(index);
    const panel = plot({
      width, height,
      x: { log: true, low: steps[0], high: steps.at(-1), title: "step (optimizer updates, log scale)" },
      y: { ...scale, title: "training loss (nats, log scale)" },
      describe: `Training loss against step for ${revealed.size} revealed learning rates. ` +
        `Chosen rate ${formatRate(rates[index])}: ${known ? explain(index) : "not revealed yet."}`,
    });
    const { svg, x, y } = panel;
    const pixel = (v) => (v == null ? null : y(clip(v)));
    const trace = (i, strong) => {
      const { mean: middle, low, high } = results[i].train_loss;
      const style = rateStyle(rates[i], rates);
      const points = steps.map((step, k) => [x(step), pixel(middle[k])]);
      const spread = steps.map((step, k) => [x(step), pixel(low[k]), pixel(high[k])]);
      const [endX, endY] = points.findLast(([, v]) => v != null) ?? [panel.left, panel.top];
      if (strong) {
        svg.append(
          band(spread, { class: "lrlab-rate lrlab-band", style }),
          line(points, { class: "lrlab-casing" }),
        );
      }
      svg.append(line(points, { class: `lrlab-rate lrlab-${strong ? "curve" : "faint"}`, style }));
      if (lost(i)) svg.append(cross(endX, endY));
      if (strong) {
        svg.append(label(endX - 10, Math.max(endY - 10, panel.top + 12), formatRate(rates[i]),
          { class: "lrlab-label lrlab-strong", "text-anchor": "end" }));
      }
    };
    svg.append(guessingLine(panel));
    svg.append(label(panel.left + 8, y(guessing) + 18, "guessing, ln 10"));
    for (const i of revealed) if (i !== index) trace(i, false);
    if (known) trace(index, true);
    else svg.append(question((panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2));
    return svg;
  };

  const valley = ({ index, revealed, width, height }) => {
    const all = revealed.size === rates.length;
    const panel = plot({
      width, height,
      x: { log: true, low: rates[0], high: rates.at(-1), title: "learning rate (log scale)" },
      y: { ...scale, title: "test loss at the end (nats, log scale)" },
      describe: "Test loss after training, against the learning rate: " +
        `${revealed.size} of ${rates.length} rates revealed.` +
        (all ? ` The lowest is ${formatNumber(ends[best])} at ${formatRate(rates[best])}.` : ""),
    });
    const { svg, x, y } = panel;
    if (all) {
      const region = rates.map((_, i) => i).filter(good);
      const edge = (i, j) => (x(rates[i]) + x(rates[Math.min(Math.max(j, 0), rates.length - 1)])) / 2;
      const [from, to] = [edge(region[0], region[0] - 1), edge(region.at(-1), region.at(-1) + 1)];
      svg.append(
        mark("rect", {
          class: "lrlab-good", x: from, width: to - from, y: panel.top,
          height: panel.bottom - panel.top,
        }),
        label((from + to) / 2, panel.top + 16, "good", { "text-anchor": "middle" }),
      );
    }
    svg.append(
      guessingLine(panel),
      ...chosen(panel, rates[index], revealed.has(index)),
      ...dots(panel, { rates, values, revealed, index, clip }),
    );
    for (const i of revealed) {
      if (lost(i)) svg.append(cross(x(rates[i]), y(clip(ends[i] ?? scale.high)) - 18));
    }
    if (revealed.has(index) && ends[index] != null) {
      const side = index > rates.length / 2 ? "end" : "start";
      const level = y(clip(ends[index]));
      const beside = level + 20 > panel.bottom - 6 ? level - 14 : level + 20;
      svg.append(label(x(rates[index]) + (side === "end" ? -11 : 11), beside,
        formatNumber(ends[index]), { class: "lrlab-label lrlab-strong", "text-anchor": side }));
    }
    return svg;
  };

  const draw = ({ index, revealed, width }) => {
    const beside = width >= 660;
    const size = { width: beside ? (width - 24) / 2 : width, height: beside ? 350 : 290 };
    return [training({ index, revealed, ...size }), valley({ index, revealed, ...size })];
  };

  return predictAndReveal({
    el, rates, draw, outcome, explain,
    start: rates.findIndex((rate) => rate >= 0.01),
    shown: [0],
    question: (rate) => `Trained with learning rate ${rate}, this network will turn out…`,
    choices: [LOW, GOOD, UNSTABLE, DIVERGED],
    caption: `Recorded: ${data.name}, plain SGD, ${steps.at(-1)} steps of 64 images, ` +
      `${rates.length} learning rates × ${seeds.length} seeds. Bands and bars reach from the ` +
      "lowest to the highest seed. “Good”: mean test loss at most twice the lowest. " +
      "“Unstable”: a higher rate that does worse, in some runs or in all. “Diverged”: every run " +
      "is lost. A red cross marks a rate at which at least one run is lost.",
  });
}

export default { render };
