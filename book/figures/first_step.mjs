// Loss on one batch before and after a single SGD step, against the learning rate.
// State: the recorded run `mnist_first_step`.

import { cross, finite, formatNumber, formatRate, label, line, mark, mean, plot, rateStyle } from "./chart.mjs";
import { predictAndReveal } from "./task.mjs";

const LOWER = "lower", SAME = "about the same", HIGHER = "higher";

function render({ model, el }) {
  const run = model.get("state");
  const results = run.results;
  const rates = results.map((result) => result.learning_rate);
  const before = (i) => results[i].loss_before.mean;
  const after = (i) => results[i].loss_after;
  const guessing = Math.log(10);
  const levels = finite(results.flatMap((r) => [...r.loss_before.values, ...r.loss_after.values]));
  const low = Math.min(...levels) / 1.15, high = Math.max(...levels, guessing * 1.3) * 1.15;

  const outcome = (i) => {
    const change = after(i).mean / before(i) - 1;
    if (!(change < 0.01)) return HIGHER; // also when the loss is no longer a number
    return change < -0.01 ? LOWER : SAME;
  };

  const explain = (i) => {
    const seen = finite(after(i).values);
    const ratio = results[i].update_ratio.mean;
    const end = seen.length
      ? `The loss goes from ${formatNumber(before(i))} to ${formatNumber(mean(seen))} ` +
        `(${formatNumber(Math.min(...seen))} to ${formatNumber(Math.max(...seen))} over ${run.seeds.length} seeds).`
      : "The loss after the step is not a number in any seed.";
    const size = ratio == null ? "" : ` The step changes the weights by ${formatNumber(100 * ratio)} % of their size.`;
    return end + size;
  };

  const draw = ({ index, revealed, width }) => {
    const known = revealed.has(index);
    const panel = plot({
      width,
      height: Math.min(380, Math.max(290, width * 0.5)),
      x: { log: true, low: rates[0], high: rates.at(-1), title: "learning rate (log scale)" },
      y: { log: true, low, high, title: "loss on the batch (nats, log scale)" },
      describe: `Loss on one batch before and after one SGD step, against the learning rate. ` +
        `Before the step it is ${formatNumber(before(index))} at every rate. ` +
        `Chosen rate ${formatRate(rates[index])}: ${known ? explain(index) : "not revealed yet."}`,
    });
    const { svg, x, y } = panel;
    const at = x(rates[index]);
    svg.append(
      mark("line", { class: "lrlab-chosen", x1: at, x2: at, y1: panel.top, y2: panel.bottom }),
      line([[panel.left, y(guessing)], [panel.right, y(guessing)]], { class: "lrlab-theory" }),
      line(rates.map((rate, i) => [x(rate), y(before(i))]), { class: "lrlab-before" }),
      label(panel.left + 8, y(guessing) - 9, "before the step; dashed: guessing, ln 10 ≈ 2.303"),
    );
    const shown = [...revealed].sort((a, b) => a - b);
    const neighbours = rates.map((rate, i) => [x(rate), revealed.has(i) && after(i).mean != null ? y(after(i).mean) : null]);
    svg.append(line(neighbours, { class: "lrlab-join" }));
    for (const i of shown) {
      const seen = finite(after(i).values);
      if (seen.length < after(i).values.length) svg.append(cross(x(rates[i]), panel.top + 8));
      if (!seen.length) continue;
      svg.append(
        mark("line", { class: "lrlab-rate lrlab-spread", style: rateStyle(i, rates.length), x1: x(rates[i]), x2: x(rates[i]), y1: y(Math.min(...seen)), y2: y(Math.max(...seen)) }),
        mark("circle", { class: "lrlab-rate lrlab-dot", style: rateStyle(i, rates.length), cx: x(rates[i]), cy: y(mean(seen)), r: i === index ? 7 : 5 }),
      );
    }
    const seen = finite(after(index).values);
    const side = at > (panel.left + panel.right) / 2 ? "end" : "start";
    const shift = side === "end" ? -11 : 11;
    if (!known) {
      svg.append(mark("text", { class: "lrlab-question", x: at, y: y(before(index)) + 44, "text-anchor": "middle" }, "?"));
    } else if (seen.length) {
      const height = Math.min(panel.bottom - 8, y(mean(seen)) + (Math.abs(y(mean(seen)) - y(guessing)) < 22 ? 22 : 4));
      svg.append(label(at + shift, height, `after: ${formatNumber(mean(seen))}`, { class: "lrlab-label lrlab-strong", "text-anchor": side }));
    }
    return [svg];
  };

  return predictAndReveal({
    el, rates, draw, outcome, explain,
    start: Math.floor(rates.length / 3),
    shown: [0],
    question: (rate) => `After one step at learning rate ${rate}, will the loss on this batch be…`,
    choices: [LOWER, SAME, HIGHER],
    caption: `Recorded: ${run.data.name}, one batch of 64, one step of plain SGD, ` +
      `${rates.length} learning rates × ${run.seeds.length} seeds. Dots are means, bars reach from the lowest to the highest seed. ` +
      `“About the same” means within 1 %.`,
  });
}

export { render };
export default { render };
