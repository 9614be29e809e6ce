// The curves of the CIFAR-10 case: loss and accuracy after every epoch, on the training images and
// on held-out ones. The reader chooses where to stop and says whether that is too early or too late.
// State: { data, seeds, target: { loss, accuracy }, runs: [{ name, learning_rate, epochs,
// train_loss, validation_loss, train_accuracy, validation_accuracy: { mean, low, high } }] }, one
// number an epoch in each list; `learning_rate` gives a run its colour.

import { band, formatNumber, label, line, plot, question, rateStyle } from "./chart.mjs";
import { mark } from "./dom.mjs";
import { predictAndReveal } from "./task.mjs";

const EARLY = "too early", RIGHT = "about right", LATE = "too late";
const NEAR = 1.03; // about right: at most 3 % above the lowest validation loss

const lowest = (values) => values.indexOf(Math.min(...values));
const percent = (value) => `${(100 * value).toFixed(1)} %`;

/** Where each run's validation loss is lowest, and what the record says about each other epoch. */
export function read(runs) {
  const best = runs.map((run) => lowest(run.validation_loss.mean));
  const outcome = (i, item) => {
    const loss = runs[item].validation_loss.mean;
    if (loss[i] <= NEAR * loss[best[item]]) return RIGHT;
    return i < best[item] ? EARLY : LATE;
  };
  const explain = (i, item) => {
    const run = runs[item];
    const loss = run.validation_loss.mean;
    const here = `Validation loss ${formatNumber(loss[i])}, validation accuracy ` +
      `${percent(run.validation_accuracy.mean[i])}, training accuracy ` +
      `${percent(run.train_accuracy.mean[i])}. `;
    return here + (i === best[item] ? "No other epoch has a lower validation loss."
      : `The lowest validation loss, ${formatNumber(loss[best[item]])}, comes after epoch ` +
        `${run.epochs[best[item]]}.`);
  };
  return { best, outcome, explain };
}

function render({ model, el }) {
  const { data, seeds, target, runs } = model.get("state");
  const colours = runs.map((run) => run.learning_rate).sort((a, b) => a - b);
  const { best, outcome, explain } = read(runs);

  const panel = ({ quantity, title, goal, format, index, item, revealed, width, height }) => {
    const run = runs[item];
    const { epochs } = run;
    const [train, validation] = [run[`train_${quantity}`], run[`validation_${quantity}`]];
    const every = runs.flatMap((each) =>
      [...each[`train_${quantity}`].mean, ...each[`validation_${quantity}`].mean]);
    const low = quantity === "loss" ? 0 : Math.floor(Math.min(...every) * 10) / 10;
    const high = quantity === "loss" ? Math.min(2.5, Math.max(...every) * 1.05) : 1;
    const all = revealed.size === epochs.length;
    const known = [...revealed].sort((a, b) => a - b);
    const drawn = plot({
      width, height,
      x: { low: Math.min(1, epochs[0]), high: epochs.at(-1), title: "epoch" },
      y: { low, high, title },
      describe: `${title} of ${run.name}, ${known.length} of ${epochs.length} epochs revealed. ` +
        (revealed.has(index)
          ? `After epoch ${epochs[index]}: training ${format(train.mean[index])}, validation ` +
            `${format(validation.mean[index])}.`
          : `Epoch ${epochs[index]} is not revealed yet.`),
    });
    const { svg, x, y, left, right, top, bottom } = drawn;
    const clip = (v) => Math.min(Math.max(v, low), high);
    const style = rateStyle(run.learning_rate, colours);
    svg.append(
      mark("path", { class: "lrlab-theory", d: `M${left} ${y(goal)}H${right}` }),
      label(left + 8, y(goal) + (quantity === "loss" ? 16 : -7), `asked for: ${format(goal)}`),
      mark("path", { class: "lrlab-chosen", d: `M${x(epochs[index])} ${top}V${bottom}` }),
    );
    if (all) {
      svg.append(
        band(epochs.map((epoch, k) =>
          [x(epoch), y(clip(validation.low[k])), y(clip(validation.high[k]))]),
        { class: "lrlab-rate lrlab-band", style }),
        mark("path", {
          class: "lrlab-before", "stroke-dasharray": "2 4",
          d: `M${x(epochs[best[item]])} ${top}V${bottom}`,
        }),
        label(x(epochs[best[item]]), top - 4, `lowest loss: epoch ${epochs[best[item]]}`,
          { "text-anchor": best[item] > epochs.length / 2 ? "end" : "start" }),
      );
    }
    const path = (series) => known.map((k) => [x(epochs[k]), y(clip(series.mean[k]))]);
    svg.append(
      line(path(train), { class: "lrlab-rate lrlab-faint", "stroke-dasharray": "6 4", style }),
      line(path(validation), { class: "lrlab-rate lrlab-curve", style }),
    );
    // The measure that the question is about has the large dots; the others are small.
    for (const [series, large] of [[train, false], [validation, quantity === "loss"]]) {
      for (const k of known) {
        const kind = large ? "lrlab-rate lrlab-dot" : "lrlab-rate";
        svg.append(mark("circle", {
          class: kind, style, fill: "currentColor", cx: x(epochs[k]), cy: y(clip(series.mean[k])),
          r: (large ? 5 : 2.5) + (k === index ? 2 : 0),
        }));
      }
    }
    if (!revealed.has(index)) svg.append(question(x(epochs[index]), (top + bottom) / 2));
    if (known.length > 1) {
      const last = known.at(-1);
      for (const [series, name] of [[train, "training"], [validation, "validation"]]) {
        const above = (series === train) === (train.mean[last] > validation.mean[last]);
        svg.append(label(x(epochs[last]) - 8, y(clip(series.mean[last])) + (above ? -10 : 20), name,
          { "text-anchor": "end", class: "lrlab-label lrlab-strong" }));
      }
    }
    return svg;
  };

  const loss = {
    quantity: "loss", title: "loss (nats)", goal: target.loss, format: formatNumber,
  };
  const accuracy = {
    quantity: "accuracy", title: "accuracy (part that is right)", goal: target.accuracy,
    format: percent,
  };
  const spread = ({ mean, low, high }, i, format) =>
    `${format(mean[i])} (${format(low[i])} to ${format(high[i])})`;

  return predictAndReveal({
    el, model, outcome, explain,
    panels: [
      { name: "Loss", draw: (now) => panel({ ...loss, ...now }) },
      { name: "Accuracy", draw: (now) => panel({ ...accuracy, ...now }) },
    ],
    numbers: {
      title: (k) => `${runs[k].name}, mean of the seeds (lowest to highest)`,
      head: () => ["epoch", "validation loss (nats)", "training loss (nats)", "validation accuracy",
        "training accuracy"],
      row: (i, k) => [String(runs[k].epochs[i]),
        spread(runs[k].validation_loss, i, formatNumber), spread(runs[k].train_loss, i, formatNumber),
        spread(runs[k].validation_accuracy, i, percent), spread(runs[k].train_accuracy, i, percent)],
    },
    rates: runs[0].epochs,
    start: 4,
    shown: [0],
    quantity: "Stop after epoch",
    format: String,
    menu: {
      title: "Run", items: runs.map((run) => run.name), start: 0,
      rates: runs.map((run) => run.epochs),
    },
    question: (epoch) => `For the lowest validation loss, to stop after epoch ${epoch} is…`,
    choices: [EARLY, RIGHT, LATE],
    all: "Show all epochs",
    caption: `Recorded: ${data}, mean of ${seeds} seeds; the band reaches from the lowest to the ` +
      "highest seed. Solid lines: 10,000 held-out images. Broken lines: the training images, while " +
      "the network trains on them, and mirrored and shifted where it is. “About right”: at most 3 % above the lowest validation loss. " +
      "Horizontal lines: what the task asks for.",
  });
}

export default { render };
