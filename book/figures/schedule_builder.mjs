// Build a schedule: its shape and its peak rate; see the rate at every step, then the recorded run.
// State, made by lrlab/figures/schedule_builder.py from one recorded run a schedule: { data, seeds,
// learning_rates, total_steps, steps, schedules: [{ name, best, trace, results }] }, constant first.

import {
  band, cross, finite, formatNumber, formatRate, label, line, logScale, mean, plot, question,
  rateStyle,
} from "./chart.mjs";
import { mark } from "./dom.mjs";
import { predictAndReveal } from "./task.mjs";

const LOWER = "lower", ALIKE = "about the same", HIGHER = "higher";
const ROW = 38; // pixels from one schedule to the next
const WIDEST = 4; // the paper of the last panel ends at this many times the lowest loss

/** What the record says about each run, compared with the constant rate at its best. */
function read({ schedules, seeds, learning_rates: rates }) {
  const values = schedules.map(({ results }) => results.map((each) => each.test_loss.values));
  const end = (item, i) => mean(finite(values[item][i]));
  const best = rates.indexOf(schedules[0].best);
  const limit = [Math.min(...values[0][best]), Math.max(...values[0][best])];
  const lost = (item, i) => schedules[item].results[i].diverged;
  const outcome = (i, item) => {
    if (lost(item, i) || Math.min(...values[item][i]) > limit[1]) return HIGHER;
    return Math.max(...values[item][i]) < limit[0] ? LOWER : ALIKE;
  };
  const explain = (i, item) => {
    const seen = finite(values[item][i]);
    const broken = lost(item, i) ? `${lost(item, i)} of ${seeds.length} runs diverged. ` : "";
    const [at, least, most, constant] =
      [mean(seen), Math.min(...seen), Math.max(...seen), end(0, best)].map((v) => formatNumber(v));
    return `${broken}Test loss ${at} (${least} to ${most} over the seeds); the constant rate at ` +
      `its best, ${formatRate(rates[best])}, ends at ${constant} ` +
      `(${formatNumber(limit[0])} to ${formatNumber(limit[1])}).`;
  };
  return { values, end, best, lost, outcome, explain };
}

function render({ model, el }) {
  const run = model.get("state");
  const { data, schedules, seeds, steps, total_steps: total, learning_rates: rates } = run;
  const { values, end, best, lost, outcome, explain } = read(run);
  const reference = schedules[0].results[best].train_loss.mean;
  const lowest = Math.min(...values.flat(2));

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

  /** One row a schedule, one dot a peak rate: the loss at the end. */
  const ends = ({ index, item, revealed, seen, width }) => {
    const area = { left: 8, right: width - 14, top: 30, bottom: 30 + ROW * schedules.length };
    const height = area.bottom + 44;
    const [low, high] = [lowest / 1.08, lowest * WIDEST];
    const x = logScale(low, high, area.left + 10, area.right - 14);
    const clip = (v) => x(Math.min(Math.max(v, low), high));
    const row = (i) => area.top + ROW * (i + 0.7);
    const count = seen.reduce((sum, each) => sum + each.size, 0);
    const svg = mark("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
      "aria-label": "Test loss at the end, one row for each schedule and one dot for each peak rate: " +
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
    for (const v of x.ticks) {
      svg.append(
        mark("line", { class: "lrlab-grid", x1: x(v), x2: x(v), y1: area.top, y2: area.bottom }),
        text(x(v), area.bottom + 18, "middle", formatNumber(v), "lrlab-tick"),
      );
    }
    schedules.forEach(({ name }, i) => {
      for (const k of [...seen[i]].sort((a, b) => a - b)) {
        const style = rateStyle(rates[k], rates);
        const known = finite(values[i][k]);
        const [from, at, to] = [Math.min(...known), mean(known), Math.max(...known)].map(clip);
        svg.append(
          mark("path", { class: "lrlab-rate lrlab-spread", style, d: `M${from} ${row(i)}H${to}` }),
          mark("circle", { class: "lrlab-rate lrlab-dot", style, cx: at, cy: row(i),
            r: i === item && k === index ? 7 : 5 }),
        );
        if (lost(i, k)) svg.append(cross(at, row(i)));
      }
      const chosen = i === item ? "lrlab-label lrlab-strong" : "lrlab-label";
      svg.append(label(area.right - 6, area.top + ROW * i + 14, name,
        { class: chosen, "text-anchor": "end" }));
    });
    if (revealed.has(index) && !lost(item, index)) {
      svg.append(label(clip(end(item, index)) + 11, row(item) - 7, formatNumber(end(item, index)),
        { class: "lrlab-label lrlab-strong" }));
    }
    return svg;
  };

  const draw = (now) => {
    const beside = now.width >= 660;
    const size = { width: beside ? (now.width - 24) / 2 : now.width, height: beside ? 300 : 250 };
    return [trace({ ...now, ...size }), training({ ...now, ...size }), ends(now)];
  };

  return predictAndReveal({
    el, rates, draw, outcome, explain,
    start: rates.indexOf(0.22),
    shown: [],
    menu: {
      title: "Schedule",
      items: schedules.map(({ name }) => name),
      start: schedules.findIndex(({ name }) => name === "cosine"),
    },
    question: (rate, item) => `“${schedules[item].name}” with a peak of ${rate}: compared with the ` +
      `constant rate at its best, ${formatRate(rates[best])}, it will end…`,
    choices: [LOWER, ALIKE, HIGHER],
    caption: `Recorded: ${data.name}, plain SGD, ${total} steps of 64 images, ${schedules.length} ` +
      `schedules × ${rates.length} peak rates × ${seeds.length} seeds. Bands and bars reach from ` +
      "the lowest to the highest seed. “Lower”: every seed ends below every seed of the constant " +
      "rate at its best; “higher”: every seed above, or a run is lost (red cross); else “about " +
      "the same”. A loss beyond the right edge is drawn at the edge.",
  });
}

export default { render };
