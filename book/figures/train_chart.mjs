// What the figure that trains draws: the loss of the reader's run, step by step, and all of the
// reader's runs as dots on the recorded U.

import {
  chosen, cross, dots, formatNumber, guessing, guessingLine, label, line, plot, question,
  rateStyle,
} from "./chart.mjs";
import { mark } from "./dom.mjs";
import { clipTo } from "./sweep.mjs";

const EARLIER = 3; // runs whose loss stays beside that of the newest

/** The colour of a run among its optimizer's recorded rates; one beyond them has that of the outermost. */
const colour = ({ rate }, { rates }) =>
  rateStyle(Math.min(Math.max(rate, rates[0]), rates.at(-1)), rates);

/** The loss of each batch against the step: the run in progress on top, earlier ones faint. */
export function lossChart({ us, runs, current, total, scale, width, height }) {
  const panel = plot({
    width, height,
    x: { low: 0, high: total * 1.06, title: "step (optimizer updates)" }, // room for the run's number
    y: { ...scale, title: "training loss of each batch (nats, log scale)" },
    describe: current
      ? `Training loss against step for run ${current.number}, ${current.title}: ` +
        `${current.losses.length} of ${total} steps, the last loss ${formatNumber(current.losses.at(-1))}.`
      : "Training loss against step: nothing is trained yet.",
  });
  const { svg, x, y } = panel;
  const clip = clipTo(scale);
  svg.append(guessingLine(panel),
    label(panel.right, y(guessing) - 7, "guessing, ln 10", { "text-anchor": "end" }));
  if (!current) svg.append(question((panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2));
  const earlier = runs.filter((run) => run !== current).slice(-EARLIER);
  for (const run of [...earlier, current]) {
    if (!run?.losses.length) continue;
    const strong = run === current;
    const style = colour(run, us[run.optimizer]);
    const points = run.losses.map((loss, i) =>
      [x(i + 1), y(clip(Number.isFinite(loss) ? loss : scale.high))]);
    if (strong) svg.append(line(points, { class: "lrlab-casing" }));
    svg.append(line(points, { class: `lrlab-rate lrlab-${strong ? "curve" : "faint"}`, style }));
    const [endX, endY] = points.at(-1);
    if (run.end?.diverged) svg.append(cross(endX, endY));
    svg.append(label(endX + 8, endY + 4, String(run.number),
      { class: `lrlab-label${strong ? " lrlab-strong" : ""}` }));
  }
  return svg;
}

/** The reader's run: a diamond with its number, hollow where its settings are not the record's. */
function ownDot({ x, y }, run, { us, k, clip }) {
  const at = x(run.rate), level = y(clip(run.end.loss ?? Infinity));
  return [
    mark("path", {
      class: `lrlab-rate lrlab-own${run.asRecorded ? "" : " lrlab-hollow"}`,
      style: colour(run, us[run.optimizer]), d: `M${at} ${level - 9}l9 9l-9 9l-9 -9Z`,
      opacity: run.optimizer === k ? 1 : 0.5,
    }),
    ...(run.end.diverged ? [cross(at, level)] : []),
    label(at + 12, level - 7, String(run.number), { class: "lrlab-label lrlab-strong" }),
  ];
}

/**
 * The U of the chosen optimizer, once it is revealed, with the reader's runs on it; what is known of
 * the other optimizers is faint.
 */
export function ownU({ us, k, revealed, rate, runs, scale, span, width, height }) {
  const { name, rates, values, ends, lost } = us[k];
  const clip = clipTo(scale);
  const mine = runs.filter((run) => run.end);
  const panel = plot({
    width, height,
    x: { log: true, ...span, title: "learning rate (log scale)" },
    y: { ...scale, title: "test loss at the end (nats, log scale)" },
    describe: `Test loss at the end against the learning rate. ${revealed.has(k)
      ? `The recorded runs of ${name} are shown. ` : `The recorded runs of ${name} are hidden. `}` +
      mine.map((run) => `Run ${run.number}, ${run.title}: ${formatNumber(run.end.loss)}.`).join(" "),
  });
  const { svg, x, y } = panel;
  svg.append(guessingLine(panel));
  for (const j of revealed) {
    const { name: other, best, rates: places, ends: levels } = us[j];
    const at = (i) => [x(places[i]), levels[i] == null ? null : y(clip(levels[i]))];
    if (j !== k) svg.append(line(places.map((_, i) => at(i)), { class: "lrlab-join" }));
    const [low, lowest] = at(places.indexOf(best));
    if (us.length > 1) svg.append(label(low, lowest + 22, other, { "text-anchor": "middle" }));
  }
  const known = mine.some((run) => run.optimizer === k && run.rate === rate);
  svg.append(...chosen(panel, rate, known || revealed.has(k)));
  if (revealed.has(k)) {
    svg.append(...dots(panel, { rates, values, revealed: new Set(rates.keys()), index: -1, clip }));
    rates.forEach((r, i) => {
      if (lost(i)) svg.append(cross(x(r), y(clip(ends[i] ?? scale.high)) - 18));
    });
  }
  for (const run of mine) svg.append(...ownDot(panel, run, { us, k, clip }));
  return svg;
}
