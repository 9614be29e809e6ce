// A sweep over learning rates: what its record says about each rate, in words, and its training
// curves. `u_curve.mjs` shows one sweep, `optimizer_us.mjs` five.

import {
  band, cross, finite, formatNumber, formatRate, guessing, guessingLine, label, line, mean, plot,
  question, rateStyle, spreadOf,
} from "./chart.mjs";

const LOW = "too low", GOOD = "good", UNSTABLE = "unstable", DIVERGED = "diverged";

export const VERDICTS = [LOW, GOOD, UNSTABLE, DIVERGED];

/** What the verdicts mean, for a caption; `whose` says which best rate. Defined in lrlab/runs/record.py. */
export const meaning = (whose = "") => "“Good”: the mean test loss came at least 80 % of the way " +
  `down from guessing to the best rate${whose}, as the log axis measures it. “Unstable”: a higher ` +
  "rate that does worse, in some runs or in all. “Diverged”: every run is lost. A red cross marks " +
  "a rate at which at least one run is lost.";

/** A loss that lies outside the paper is drawn at its edge. */
export const clipTo = ({ low, high }) => (v) => (v == null ? null : Math.min(Math.max(v, low), high));

/**
 * What a record says about each of its rates: the loss at the end, the verdict, and that in words.
 * `name` tells this sweep from others in the same figure.
 */
export function read({ best, best_rates: alike = [best], good, seeds, results }, name = "") {
  const rates = results.map((result) => result.learning_rate);
  const values = results.map((result) => finite(result.test_loss.values));
  const ends = values.map((list) => (list.length ? mean(list) : null));
  const lost = (i) => results[i].diverged;
  const isGood = (i) => rates[i] >= good[0] && rates[i] <= good[1];
  const isBest = (i) => alike.includes(rates[i]);
  const outcome = (i) => {
    if (isGood(i)) return GOOD;
    if (rates[i] < good[0]) return LOW;
    return lost(i) === seeds.length ? DIVERGED : UNSTABLE;
  };
  const of = name && ` of ${name}`;
  const bestEnd = formatNumber(ends[rates.indexOf(best)]);
  const explain = (i) => {
    const broken = lost(i) ? `${lost(i)} of ${seeds.length} runs diverged. ` : "";
    if (ends[i] == null) return `${broken}No test loss is left to measure.`;
    const [end, least, most] = [ends[i], Math.min(...values[i]), Math.max(...values[i])]
      .map((loss) => formatNumber(loss));
    const rest = isBest(i) ? `; ${seeds.length} seeds cannot tell the two apart` : "";
    return `${broken}Test loss ${end} (${least} to ${most} over the seeds); ` +
      (rates[i] === best ? `no other rate${of} does better.`
        : `the best rate${of} reaches ${bestEnd}${rest}.`);
  };
  return { name, best, results, rates, values, ends, lost, isGood, isBest, outcome, explain };
}

/** The table of one sweep or of several, as numbers.mjs takes it; `sweeps` are what `read` returns. */
export const sweepNumbers = (sweeps) => ({
  title: (k) => `Test loss at the end (nats)${sweeps[k].name && `, ${sweeps[k].name}`}`,
  head: () => ["learning rate", "mean", "lowest seed", "highest seed", "runs lost", "verdict"],
  row(i, k) {
    const { rates, values, results, lost, outcome } = sweeps[k];
    return [formatRate(rates[i]), ...spreadOf(values[i]),
      `${lost(i)} of ${results[i].test_loss.values.length}`, outcome(i)];
  },
});

/** Training loss against step, a curve for each revealed rate, the chosen one on top with its band. */
export function trainingCurves(sweep, { steps, scale, index, revealed, width, height }) {
  const { name, results, rates, lost, explain } = sweep;
  const known = revealed.has(index);
  const panel = plot({
    width, height,
    x: { log: true, low: steps[0], high: steps.at(-1), title: "step (optimizer updates, log scale)" },
    y: { ...scale, title: `${name && `${name}: `}training loss (nats, log scale)` },
    describe: `Training loss${name && ` of ${name}`} against step for ${revealed.size} revealed ` +
      `learning rates. Chosen rate ${formatRate(rates[index])}: ` +
      (known ? explain(index) : "not revealed yet."),
  });
  const { svg, x, y } = panel;
  const clip = clipTo(scale);
  const pixel = (v) => (v == null ? null : y(clip(v)));
  const trace = (i, strong) => {
    const { mean: middle, low, high } = results[i].train_loss;
    const style = rateStyle(rates[i], rates);
    const points = steps.map((step, k) => [x(step), pixel(middle[k])]);
    const [endX, endY] = points.findLast(([, v]) => v != null) ?? [panel.left, panel.top];
    if (strong) {
      const spread = steps.map((step, k) => [x(step), pixel(low[k]), pixel(high[k])]);
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
  svg.append(guessingLine(panel), label(panel.left + 8, y(guessing) + 18, "guessing, ln 10"));
  for (const i of revealed) if (i !== index) trace(i, false);
  if (known) trace(index, true);
  else svg.append(question((panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2));
  return svg;
}

/** The chosen rate's loss at the end, written beside its dot, on the side where there is room. */
export function endLabel({ x, y, left, right, bottom }, rate, loss, text) {
  const beyond = x(rate) > (left + right) / 2;
  const level = y(loss);
  return label(x(rate) + (beyond ? -11 : 11), level + 20 > bottom - 6 ? level - 14 : level + 20, text,
    { class: "lrlab-label lrlab-strong", "text-anchor": beyond ? "end" : "start" });
}
