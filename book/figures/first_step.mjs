// Loss on one batch before and after a single SGD step, against the learning rate.
// State: the recorded run `mnist_first_step`.

import {
  chosen, cross, dots, finite, formatNumber, formatRate, guessing, guessingLine, label, line, mean,
  plot, spreadOf,
} from "./chart.mjs";
import { predictAndReveal } from "./task.mjs";

const LOWER = "lower", SAME = "about the same", HIGHER = "higher";
const SMALL = 0.005; // a change of the loss below half a percent counts as none

/** What the record says about each rate: the loss before and after the step, and that in words. */
export function read({ results, seeds }) {
  const rates = results.map((result) => result.learning_rate);
  const before = (i) => results[i].loss_before.mean;
  const values = results.map((result) => result.loss_after.values);
  const after = (i) => (finite(values[i]).length ? mean(finite(values[i])) : Infinity);
  const lost = (i) => finite(values[i]).length < values[i].length;

  const outcome = (i) => {
    const change = after(i) / before(i) - 1;
    if (change < -SMALL) return LOWER;
    return change > SMALL ? HIGHER : SAME;
  };

  const explain = (i) => {
    const seen = finite(values[i]);
    if (!seen.length) return "After the step the loss is not a number, in any seed.";
    const [from, to, least, most] = [before(i), after(i), Math.min(...seen), Math.max(...seen)]
      .map((loss) => formatNumber(loss, 4));
    const size = formatNumber(100 * results[i].update_ratio.mean);
    return `The loss goes from ${from} to ${to} (${least} to ${most} over ${seeds.length} seeds). ` +
      `The step changes the weights by ${size} % of their size.`;
  };
  return { rates, before, values, after, lost, outcome, explain };
}

function render({ model, el }) {
  const run = model.get("state");
  const { data, results, seeds } = run;
  const { rates, before, values, after, lost, outcome, explain } = read(run);
  const levels = finite([...results.flatMap((r) => r.loss_before.values), ...values.flat()]);
  // The paper ends above the highest mean; a longer bar runs off it.
  const low = Math.min(...levels) / 1.05;
  const high = Math.max(...rates.map((_, i) => after(i)).filter(Number.isFinite), guessing) * 1.1;
  const clip = (v) => Math.min(Math.max(v, low), high);

  const draw = ({ index, revealed, width, height }) => {
    const known = revealed.has(index);
    const panel = plot({
      width, height,
      x: { log: true, low: rates[0], high: rates.at(-1), title: "learning rate (log scale)" },
      y: { log: true, low, high, title: "loss on the batch (nats, log scale)" },
      describe: "Loss on one batch before and after one SGD step, against the learning rate. " +
        `Before the step it is ${formatNumber(before(index), 4)} at every rate. ` +
        `Chosen rate ${formatRate(rates[index])}: ${known ? explain(index) : "not revealed yet."}`,
    });
    const { svg, x, y } = panel;
    svg.append(
      guessingLine(panel),
      line(rates.map((rate, i) => [x(rate), y(before(i))]), { class: "lrlab-before" }),
      label(panel.left + 8, y(guessing) - 10, "before (dashed: guessing, ln 10)"),
      ...chosen(panel, rates[index], known),
      ...dots(panel, { rates, values, revealed, index, clip }),
    );
    for (const i of revealed) if (lost(i)) svg.append(cross(x(rates[i]), panel.top + 8));
    if (known && Number.isFinite(after(index))) {
      const side = index > rates.length / 2 ? "end" : "start";
      const level = y(after(index));
      const clear = level > y(guessing) - 30 ? Math.max(level, y(guessing)) + 22 : level + 4;
      svg.append(label(
        x(rates[index]) + (side === "end" ? -11 : 11), clear,
        `after: ${formatNumber(after(index), 4)}`,
        { class: "lrlab-label lrlab-strong", "text-anchor": side },
      ));
    }
    return svg;
  };

  return predictAndReveal({
    el, model, rates, outcome, explain,
    panels: [{ name: "Loss", draw }],
    numbers: {
      title: () => "Loss on the batch (nats) before and after one step",
      head: () => ["learning rate", "before, mean", "after, mean", "after, lowest seed",
        "after, highest seed", "change of the weights"],
      row: (i) => [formatRate(rates[i]), formatNumber(before(i), 4), ...spreadOf(values[i], 4),
        `${formatNumber(100 * results[i].update_ratio.mean)} %`],
    },
    start: rates.findIndex((rate) => rate >= 0.01),
    shown: [0],
    question: (rate) =>
      `After one step at learning rate ${rate}, will the loss on this batch be…`,
    choices: [LOWER, SAME, HIGHER],
    caption: `Recorded: ${data.name}, one batch of 64, one step of plain SGD, ` +
      `${rates.length} learning rates × ${seeds.length} seeds. Dots are means; bars reach from ` +
      "the lowest to the highest seed. “About the same” means within half a percent.",
  });
}

export default { render };
