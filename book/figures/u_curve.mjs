// Training curves beside the U: test loss after training, against the learning rate.
// State: the recorded run `mnist_sgd_u`.

import { band, cross, finite, formatNumber, formatRate, label, line, mark, mean, plot, rateStyle } from "./chart.mjs";
import { predictAndReveal } from "./task.mjs";

const LOW = "too low", GOOD = "good", UNSTABLE = "unstable", DIVERGED = "diverged";
const MARGIN = 1.25; // a rate is good when its mean test loss is within 25 % of the lowest

function render({ model, el }) {
  const run = model.get("state");
  const { results, steps, seeds } = run;
  const rates = results.map((result) => result.learning_rate);
  const ends = results.map((result) => finite(result.test_loss.values));
  const end = (i) => (ends[i].length ? mean(ends[i]) : null);
  const whole = rates.map((_, i) => (results[i].diverged ? Infinity : end(i) ?? Infinity));
  const best = whole.indexOf(Math.min(...whole));
  const isGood = (i) => whole[i] <= whole[best] * MARGIN;

  const outcome = (i) => {
    if (isGood(i)) return GOOD;
    if (i < best) return LOW;
    return 2 * results[i].diverged > seeds.length ? DIVERGED : UNSTABLE;
  };

  const explain = (i) => {
    const lost = results[i].diverged ? `${results[i].diverged} of ${seeds.length} runs diverged. ` : "";
    if (!ends[i].length) return `${lost}No test loss is left to measure.`;
    return `${lost}Test loss ${formatNumber(end(i))} ` +
      `(${formatNumber(Math.min(...ends[i]))} to ${formatNumber(Math.max(...ends[i]))}); ` +
      `the lowest of all rates is ${formatNumber(end(best))}.`;
  };

  const curves = results.flatMap((r) => finite([...r.train_loss.low, ...r.train_loss.high]));
  const ceiling = 12; // a diverging loss leaves the paper here
  const loss = {
    log: true,
    low: Math.min(...curves, ...ends.flat()) / 1.2,
    high: Math.min(ceiling, Math.max(...curves, ...ends.flat())) * 1.2,
  };
  const clip = (v) => (v == null ? null : Math.min(Math.max(v, loss.low), loss.high));

  const training = ({ index, revealed, width, height }) => {
    const panel = plot({
      width, height,
      x: { log: true, low: steps[0], high: steps.at(-1), title: "step (optimizer updates, log scale)" },
      y: { ...loss, title: "training loss (nats, log scale)" },
      describe: `Training loss against step for ${revealed.size} revealed learning rates. ` +
        `Chosen rate ${formatRate(rates[index])}: ${revealed.has(index) ? explain(index) : "not revealed yet."}`,
    });
    const { svg, x, y } = panel;
    const trace = (i, strong) => {
      const { mean: middle, low, high } = results[i].train_loss;
      const points = steps.map((step, k) => [x(step), middle[k] == null ? null : y(clip(middle[k]))]);
      const style = rateStyle(i, rates.length);
      if (strong) {
        svg.append(
          band(steps.map((step, k) => [x(step), low[k] == null ? NaN : y(clip(low[k])), high[k] == null ? NaN : y(clip(high[k]))]), { class: "lrlab-rate lrlab-band", style }),
          line(points, { class: "lrlab-casing" }),
        );
      }
      svg.append(line(points, { class: `lrlab-rate ${strong ? "lrlab-curve" : "lrlab-faint"}`, style }));
      const last = points.findLast(([, v]) => v != null) ?? [panel.left + 6, panel.top];
      if (results[i].diverged) svg.append(cross(last[0], Math.max(last[1], panel.top)));
      if (strong) svg.append(label(Math.min(last[0], panel.right - 2), Math.max(last[1] - 10, panel.top + 12), formatRate(rates[i]), { class: "lrlab-label lrlab-strong", "text-anchor": last[0] > width / 2 ? "end" : "start" }));
    };
    for (const i of revealed) if (i !== index) trace(i, false);
    if (revealed.has(index)) trace(index, true);
    else svg.append(mark("text", { class: "lrlab-question", x: (panel.left + panel.right) / 2, y: (panel.top + panel.bottom) / 2, "text-anchor": "middle" }, "?"));
    return svg;
  };

  const valley = ({ index, revealed, width, height }) => {
    const full = revealed.size === rates.length;
    const panel = plot({
      width, height,
      x: { log: true, low: rates[0], high: rates.at(-1), title: "learning rate (log scale)" },
      y: { ...loss, title: "test loss (nats, log scale)" },
      describe: `Test loss after training against learning rate, ${revealed.size} of ${rates.length} rates revealed.` +
        (full ? ` The lowest is ${formatNumber(end(best))} at learning rate ${formatRate(rates[best])}.` : ""),
    });
    const { svg, x, y } = panel;
    const at = x(rates[index]);
    if (full) {
      const good = rates.map((_, i) => i).filter(isGood);
      const between = (a, b) => (x(rates[Math.max(a, 0)]) + x(rates[Math.min(b, rates.length - 1)])) / 2;
      const [from, to] = [between(good[0] - 1, good[0]), between(good.at(-1), good.at(-1) + 1)];
      svg.append(
        mark("rect", { class: "lrlab-good", x: from, width: to - from, y: panel.top, height: panel.bottom - panel.top }),
        label((from + to) / 2, panel.top + 14, "good", { "text-anchor": "middle" }),
      );
    }
    svg.append(mark("line", { class: "lrlab-chosen", x1: at, x2: at, y1: panel.top, y2: panel.bottom }));
    svg.append(line(rates.map((rate, i) => [x(rate), revealed.has(i) && end(i) != null ? y(clip(end(i))) : null]), { class: "lrlab-join" }));
    for (const i of [...revealed].sort((a, b) => a - b)) {
      const style = rateStyle(i, rates.length);
      if (results[i].diverged) svg.append(cross(x(rates[i]), ends[i].length ? y(clip(Math.max(...ends[i]))) - 12 : panel.top + 12));
      if (!ends[i].length) continue;
      svg.append(
        mark("line", { class: "lrlab-rate lrlab-spread", style, x1: x(rates[i]), x2: x(rates[i]), y1: y(clip(Math.min(...ends[i]))), y2: y(clip(Math.max(...ends[i]))) }),
        mark("circle", { class: "lrlab-rate lrlab-dot", style, cx: x(rates[i]), cy: y(clip(end(i))), r: i === index ? 7 : 5 }),
      );
    }
    const side = at > width / 2 ? "end" : "start";
    if (!revealed.has(index)) {
      svg.append(mark("text", { class: "lrlab-question", x: at, y: (panel.top + panel.bottom) / 2, "text-anchor": "middle" }, "?"));
    } else if (ends[index].length) {
      svg.append(label(at + (side === "end" ? -11 : 11), Math.max(y(clip(end(index))) - 9, panel.top + 30), formatNumber(end(index)), { class: "lrlab-label lrlab-strong", "text-anchor": side }));
    }
    return svg;
  };

  const draw = ({ index, revealed, width }) => {
    const beside = width >= 660;
    const size = { width: beside ? (width - 24) / 2 : width, height: beside ? 340 : 290 };
    return [training({ index, revealed, ...size }), valley({ index, revealed, ...size })];
  };

  return predictAndReveal({
    el, rates, draw, outcome, explain,
    start: Math.floor(rates.length / 3),
    shown: [0],
    question: (rate) => `Trained with learning rate ${rate}, this network will turn out…`,
    choices: [LOW, GOOD, UNSTABLE, DIVERGED],
    caption: `Recorded: ${run.data.name}, plain SGD, ${steps.at(-1)} steps, ${rates.length} learning rates × ${seeds.length} seeds. ` +
      `Band and bars reach from the lowest to the highest seed; a red cross marks divergence. ` +
      `“Good” means a test loss within 25 % of the lowest; “unstable” is a higher rate that does worse; ` +
      `“diverged” means that most runs were lost.`,
  });
}

export { render };
export default { render };
