// Build a schedule: its shape and its peak rate; see the rate at every step, then the recorded run.
// State, made by lrlab/figures/schedule_builder.py from one recorded run a schedule: { data, seeds,
// learning_rates, total_steps, steps, range, schedules: [{ name, best, trace, results }] }, constant
// first. A result says how it compares with the constant rate at its best: outcome, difference.

import {
  band, cross, finite, formatNumber, formatRate, label, line, logScale, mean, plot, question,
  rateStyle, spaced, spreadOf,
} from "./chart.mjs";
import { mark } from "./dom.mjs";
import { predictAndReveal } from "./task.mjs";

const CHOICES = ["lower", "about the same", "higher"];
const ROW = 38; // pixels from one schedule to the next
const MARGIN = 1.06; // between the outermost dot and the end of the axis, as a factor

const intervalOf = (difference) => {
  const [by, least, most] = (difference ?? []).map((v) => formatNumber(v, 2));
  return by ? `${by} (${least} to ${most})` : "–";
};

/** What the record says about each run, compared with the constant rate at its best. */
export function read({ schedules, seeds, learning_rates: rates }) {
  const results = schedules.map((each) => each.results);
  const best = rates.indexOf(schedules[0].best);
  const end = (item, i) => mean(finite(results[item][i].test_loss.values));
  const lost = (item, i) => results[item][i].diverged;
  const outcome = (i, item) => results[item][i].outcome;
  const explain = (i, item) => {
    if (lost(item, i)) {
      return `${lost(item, i)} of ${seeds.length} runs diverged; the mean of all ends at a test loss of ` +
        `${formatNumber(end(item, i))}.`;
    }
    const [by, least, most] = results[item][i].difference;
    const [size, a, b] = (by < 0 ? [-by, -most, -least] : [by, least, most])
      .map((v) => formatNumber(v, 2));
    const compared = item === 0 && i === best
      ? "This is what the others are compared with."
      : `That is ${size} ${by < 0 ? "above" : "below"} the constant rate at its best, ` +
        `${formatRate(rates[best])}, which ends at ${formatNumber(end(0, best))} ` +
        `(95 % interval of the difference: ${a} to ${b}).`;
    return `Test loss ${formatNumber(end(item, i))} in the mean of ${seeds.length} seeds. ${compared}`;
  };
  return { results, end, best, lost, outcome, explain };
}

function render({ model, el }) {
  const run = model.get("state");
  const { data, schedules, seeds, steps, total_steps: total, learning_rates: rates } = run;
  const { results, end, best, lost, outcome, explain } = read(run);
  const reference = schedules[0].results[best].train_loss.mean;
  const [least, most] = run.range;

  const trace = ({ index, item, width, height }) => {
    const peak = rates[index], { name, trace: corners } = schedules[item];
    const panel = plot({
      width, height,
      x: { low: 0, high: total, title: "step (optimizer updates)" },
      y: { low: 0, high: 1.12 * peak, title: "learning rate" },
      describe: `The learning rate at every step: ${name}, peak ${formatRate(peak)}. ` +
        `It starts at ${formatNumber(peak * corners[0][1])} and ends at ` +
        `${formatNumber(peak * corners.at(-1)[1])}.`,
    });
    const { svg, x, y } = panel;
    const points = corners.map(([step, fraction]) => [x(step), y(peak * fraction)]);
    const [topX, topY] = points.reduce((top, each) => (each[1] < top[1] ? each : top));
    svg.append(
      line(points, { class: "lrlab-casing" }),
      line(points, { class: "lrlab-rate lrlab-curve", style: rateStyle(peak, rates) }),
      label(Math.min(topX + 6, panel.right - 70), topY - 7, `peak ${formatRate(peak)}`,
        { class: "lrlab-label lrlab-strong" }),
    );
    return svg;
  };

  const training = ({ index, item, revealed, width, height }) => {
    const known = revealed.has(index);
    const { mean: middle, low, high } = schedules[item].results[index].train_loss;
    const all = finite([...reference, ...middle, ...low, ...high]);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const scale = { log: true, low: least / 1.15, high: Math.min(10, most * 1.1) };
    const panel = plot({
      width, height,
      x: { low: 0, high: total, title: "step (optimizer updates)" },
      y: { ...scale, title: "training loss (nats, log scale)" },
      describe: "Training loss against step, beside the constant rate at its best. " +
        `${schedules[item].name}, peak ${formatRate(rates[index])}: ` +
        (known ? explain(index, item) : "not revealed yet."),
    });
    const { svg, x, y } = panel;
    const pixel = (v) => (v == null ? null : y(Math.min(Math.max(v, scale.low), scale.high)));
    svg.append(line(steps.map((step, k) => [x(step), pixel(reference[k])]),
      { class: "lrlab-before", style: "stroke-width:1.2" }));
    if (known) {
      const style = rateStyle(rates[index], rates);
      const points = steps.map((step, k) => [x(step), pixel(middle[k])]);
      svg.append(
        band(steps.map((step, k) => [x(step), pixel(low[k]), pixel(high[k])]),
          { class: "lrlab-rate lrlab-band", style }),
        line(points, { class: "lrlab-casing" }),
        line(points, { class: "lrlab-rate lrlab-curve", style }),
      );
      if (lost(item, index)) svg.append(cross(...points.findLast(([, v]) => v != null)));
    } else {
      svg.append(question((panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2));
    }
    svg.append(label(panel.right - 6, panel.top + 12, `thin line: constant ${formatRate(rates[best])}`,
      { "text-anchor": "end" }));
    return svg;
  };

  /** One row a schedule; at each peak rate every seed is a dot: the loss at the end. */
  const ends = ({ index, item, revealed, seen, width }) => {
    const area = { left: 8, right: width - 14, top: 30, bottom: 30 + ROW * schedules.length };
    const height = area.bottom + 44;
    const [low, edge] = [least / MARGIN, most * MARGIN ** 2];
    const x = logScale(low, edge, area.left + 10, area.right - 14);
    const row = (i, k) => area.top + ROW * (i + 0.53 + 0.28 * (k / (rates.length - 1)));
    const count = seen.reduce((sum, each) => sum + each.size, 0);
    const svg = mark("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
      "aria-label": "Test loss at the end, one row for each schedule and one dot for each seed: " +
        `${count} of ${schedules.length * rates.length} runs revealed. The constant rate at its ` +
        `best ends at ${formatNumber(end(0, best))}.`,
    });
    const text = (x, y, anchor, words, kind = "lrlab-title") =>
      mark("text", { class: kind, x, y, "text-anchor": anchor }, words);
    svg.append(
      mark("rect", { class: "lrlab-good", x: area.left, width: area.right - area.left,
        y: area.top + ROW * item, height: ROW }),
      mark("path", { class: "lrlab-axis", d: `M${area.left} ${area.bottom}H${area.right}` }),
      mark("path", { class: "lrlab-before", d: `M${x(end(0, best))} ${area.top}V${area.bottom}` }),
      text(x(end(0, best)), area.top - 8, "start", `constant ${formatRate(rates[best])}`),
      text(area.right, height - 6, "end", "test loss at the end (nats, log scale)"),
    );
    for (const v of spaced(x)) {
      svg.append(
        mark("line", { class: "lrlab-grid", x1: x(v), x2: x(v), y1: area.top, y2: area.bottom }),
        text(x(v), area.bottom + 18, "middle", formatNumber(v), "lrlab-tick"),
      );
    }
    schedules.forEach(({ name }, i) => {
      for (const k of [...seen[i]].sort((a, b) => a - b)) {
        const seeds = results[i][k].test_loss.values.map((v) =>
          mark("circle", { class: "lrlab-seed", cx: x(v), cy: row(i, k),
            r: i === item && k === index ? 4.5 : 3 }));
        const marks = lost(i, k) ? [cross(x(edge), row(i, k))] : seeds;
        const style = rateStyle(rates[k], rates);
        svg.append(mark("g", { class: "lrlab-rate lrlab-dot", style }, ...marks));
      }
      const chosen = i === item ? "lrlab-label lrlab-strong" : "lrlab-label";
      svg.append(label(area.right - 6, area.top + ROW * i + 14, name,
        { class: chosen, "text-anchor": "end" }));
    });
    if (revealed.has(index) && !lost(item, index)) {
      svg.append(label(x(end(item, index)), row(item, 0) - 6, formatNumber(end(item, index)),
        { class: "lrlab-label lrlab-strong" }));
    }
    return svg;
  };

  return predictAndReveal({
    el, model, rates, outcome, explain,
    panels: [
      { name: "Rate", draw: trace },
      { name: "Training", draw: training },
      { name: "Ends", share: 1, draw: ends },
    ],
    numbers: {
      title: (k) => `Test loss at the end (nats), ${schedules[k].name}`,
      head: () => ["peak rate", "mean", "lowest seed", "highest seed", "runs lost",
        "below the constant rate at its best (95 % interval)"],
      row: (i, k) => [formatRate(rates[i]), ...spreadOf(results[k][i].test_loss.values),
        `${lost(k, i)} of ${seeds.length}`, intervalOf(results[k][i].difference)],
    },
    start: rates.indexOf(0.22),
    shown: [],
    menu: {
      title: "Schedule",
      items: schedules.map(({ name }) => name),
      start: schedules.findIndex(({ name }) => name === "cosine"),
    },
    question: (rate, item) => `“${schedules[item].name}” with a peak of ${rate}: compared with the ` +
      `constant rate at its best, ${formatRate(rates[best])}, it will end…`,
    choices: CHOICES,
    caption: `Recorded: ${data.name}, plain SGD, ${total} steps of 64 images, ${schedules.length} ` +
      `schedules × ${rates.length} peak rates × ${seeds.length} seeds. A band reaches from the ` +
      "lowest to the highest seed. “Lower” and “higher”: the 95 % interval of the differences from " +
      "the constant rate at its best, seed by seed, leaves 0 out; “higher” also where runs are lost " +
      "(a red cross at the edge).",
  });
}

export default { render };
