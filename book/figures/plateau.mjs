// A validation curve that can be dragged, and below it the learning rate that the plateau rule
// gives. State: { data, factor, patiences, curves: [{ name, learning_rate, loss: [an epoch] }] }.

import { chosen, formatNumber, formatRate, label, line, plot, question } from "./chart.mjs";
import { element, mark } from "./dom.mjs";
import { rates, watch } from "./plateau_rule.mjs";
import { predictAndReveal } from "./task.mjs";

const OFTEN = ["never", "once", "twice", "three times or more"];
const REACH = 26; // how near to a point, in pixels, a finger has to come to take hold of it

const epochs = (count) => `${count} epoch${count === 1 ? "" : "s"}`;
const listed = (numbers) =>
  numbers.length < 2 ? String(numbers[0]) : `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;

function render({ model, el }) {
  const { data, factor, patiences, curves } = model.get("state");
  const values = curves.map((curve) => [...curve.loss]);
  const paper = curves.map(({ loss }) =>
    ({ low: 0.9 * Math.min(...loss), high: 1.1 * Math.max(...loss) }));
  const moved = curves.map(() => false);
  let [curve, epoch, panel] = [0, curves[0].loss.length - 1, null];
  let settle = () => {}; // keeps the controls of the moved point at its place

  const rule = (i, item) => watch(values[item], { patience: patiences[i] });
  const falls = (i, item) => rule(i, item).fell.flatMap((fell, k) => (fell ? [k + 1] : []));
  const outcome = (i, item) => OFTEN[Math.min(falls(i, item).length, 3)];
  const explain = (i, item) => {
    const after = falls(i, item);
    if (!after.length) {
      const longest = Math.max(...rule(i, item).waited);
      return `The longest wait for a better loss is ${epochs(longest)}, and it takes more than ` +
        `${patiences[i]}.`;
    }
    const { learning_rate: rate } = curves[item];
    const last = rates([...rule(i, item).fell, false], { rate, factor }).at(-1);
    return `The rate falls after epoch${after.length === 1 ? "" : "s"} ${listed(after)}, from ` +
      `${formatRate(rate)} to ${formatRate(last)}.`;
  };

  const validation = ({ index, item, revealed, width, height }) => {
    const known = revealed.has(index);
    const loss = values[item];
    const { best, waited, fell } = rule(index, item);
    panel = plot({
      width, height,
      x: { low: 1, high: loss.length, title: "epoch" },
      y: { ...paper[item], title: "validation loss (nats); drag a point" },
      describe: `Validation loss in ${loss.length} epochs of ${curves[item].name}: ` +
        `lowest ${formatNumber(Math.min(...loss))} in epoch ` +
        `${loss.indexOf(Math.min(...loss)) + 1}, ${formatNumber(loss.at(-1))} in the last.`,
    });
    const { svg, x, y } = panel;
    if (known) {
      svg.append(line(best.map((value, k) => [x(k + 1), y(value)]), { class: "lrlab-join" }));
      fell.forEach((yes, k) => yes && svg.append(mark("path", {
        class: "lrlab-fell", d: `M${x(k + 1)} ${panel.top}V${panel.bottom}`,
      })));
    }
    svg.append(line(loss.map((value, k) => [x(k + 1), y(value)]), { class: "lrlab-validation" }));
    loss.forEach((value, k) => {
      const [at, level] = [x(k + 1), y(value)];
      svg.append(mark("circle", {
        class: "lrlab-point", cx: at, cy: level, r: k === epoch ? 7 : 5,
      }));
      if (!known || !waited[k]) return;
      const below = level + 22 < panel.bottom ? level + 20 : level - 11;
      svg.append(label(at, below, String(waited[k]), { "text-anchor": "middle" }));
    });
    return svg;
  };

  const rateTrace = ({ index, item, revealed, width, height }) => {
    const known = revealed.has(index);
    const { learning_rate: rate } = curves[item];
    const trace = rates(rule(index, item).fell, { rate, factor });
    const low = Math.min(rate * factor ** 2, trace.at(-1)) / 1.5;
    const { svg, x, y, left, right, top, bottom } = plot({
      width, height,
      x: { low: 1, high: trace.length, title: "epoch" },
      y: { log: true, low: known ? low : rate * factor ** 2 / 1.5, high: rate * 1.5,
        title: "learning rate (log scale)" },
      describe: `Learning rate in each epoch with a patience of ${epochs(patiences[index])}: ` +
        (known ? explain(index, item) : "not revealed yet."),
    });
    if (!known) svg.append(question((left + right) / 2, (top + bottom) / 2));
    else {
      const half = (x(2) - x(1)) / 2;
      const steps = trace.flatMap((value, k) =>
        [[Math.max(x(k + 1) - half, left), y(value)], [Math.min(x(k + 1) + half, right), y(value)]]);
      svg.append(line(steps, { class: "lrlab-before" }));
    }
    return svg;
  };

  const counts = ({ index, item, revealed, width, height }) => {
    const often = patiences.map((_, i) => falls(i, item).length);
    const most = Math.max(5, ...often);
    const drawn = plot({
      width, height,
      x: { low: patiences[0], high: patiences.at(-1), title: "patience (epochs)" },
      y: { low: 0, high: most, title: `falls of the rate in ${epochs(values[item].length)}` },
      describe: `How often the rate falls, against the patience: ${[...revealed].sort((a, b) => a - b)
        .map((i) => `${often[i]} at ${patiences[i]}`).join(", ")}.`,
    });
    const { svg, x, y } = drawn;
    const level = (i) => (revealed.has(i) ? y(often[i]) : null);
    svg.append(...chosen(drawn, patiences[index], revealed.has(index)), line(patiences.map((p, i) => [x(p), level(i)]), { class: "lrlab-join" }));
    svg.append(...[...revealed].map((i) => mark("circle", { class: "lrlab-dot",
      style: "color: var(--lr-accent)", cx: x(patiences[i]), cy: level(i), r: i === index ? 7 : 5 })));
    return svg;
  };

  const at = (draw) => (now) => {
    curve = now.item;
    settle();
    return draw({ ...now, height: 260 });
  };

  const controls = ({ figure, refresh }) => {
    const place = element("input", { type: "range", min: 1, step: 1 });
    const height = element("input", { type: "range", step: "any" });
    const [placeText, heightText] = [element("span"), element("span")];
    const back = element("button", { type: "button" }, "Put the curve back");
    settle = () => {
      const loss = values[curve];
      epoch = Math.min(epoch, loss.length - 1);
      const { low, high } = paper[curve];
      place.max = loss.length;
      place.value = epoch + 1;
      Object.assign(height, { min: low, max: high, step: (high - low) / 50 });
      height.value = loss[epoch];
      placeText.textContent = String(epoch + 1);
      heightText.textContent = formatNumber(loss[epoch]);
      place.setAttribute("aria-valuetext", `epoch ${epoch + 1}`);
      height.setAttribute("aria-valuetext", `loss ${formatNumber(loss[epoch])}`);
      back.disabled = !moved[curve];
    };
    const move = (loss) => {
      const { low, high } = paper[curve];
      values[curve][epoch] = Math.min(Math.max(loss, low), high);
      moved[curve] = true;
      refresh();
    };
    const pointer = (event) => {
      const { svg, x, y } = panel;
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const [px, py] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
      const { low, high } = paper[curve];
      const near = Math.round(1 + (px - x(1)) / (x(2) - x(1))) - 1;
      const hit = svg.isConnected && near in values[curve] &&
        Math.hypot(px - x(near + 1), py - y(values[curve][near])) * (1 / scale) < REACH;
      return { near, hit, loss: low + ((y(low) - py) / (y(low) - y(high))) * (high - low) };
    };
    let held = null;
    figure.addEventListener("pointerdown", (event) => {
      const { near, hit } = pointer(event);
      if (!hit || event.button) return;
      event.preventDefault();
      [held, epoch] = [event.pointerId, near];
      figure.setPointerCapture(held);
      requestAnimationFrame(refresh); // not yet: what is touched has to be there for touchstart
    });
    const hold = (event) => held !== null && event.preventDefault(); // a thumb does not scroll then
    figure.addEventListener("touchstart", hold, { passive: false });
    figure.addEventListener("pointermove", (event) => {
      if (event.pointerId === held) move(pointer(event).loss);
    });
    for (const end of ["pointerup", "pointercancel"]) figure.addEventListener(end, () => { held = null; });
    place.addEventListener("input", () => { epoch = Number(place.value) - 1; refresh(); });
    height.addEventListener("input", () => move(Number(height.value)));
    back.addEventListener("click", () => {
      values[curve] = [...curves[curve].loss];
      moved[curve] = false;
      refresh();
    });
    const details = element("details", { class: "lrlab-edit" },
      element("summary", {}, "Move a point with the keyboard, or put the curve back"),
      element("label", { class: "lrlab-control" }, element("span", {}, "Epoch"), place, placeText),
      element("label", { class: "lrlab-control" }, element("span", {}, "Loss"), height, heightText),
      back);
    return [details];
  };

  return predictAndReveal({
    el, model, outcome, explain, controls,
    panels: [
      { name: "Loss", share: 0.6, draw: at(validation) },
      { name: "Falls", share: 0.4, draw: at(counts) },
      { name: "Rate", share: 0.6, draw: at(rateTrace) },
    ],
    numbers: {
      title: (k) => `When the rate falls: ${curves[k].name}${moved[k] ? ", moved by you" : ""}`,
      head: () => ["patience", "falls", "after epoch", "rate in the last epoch"],
      row(i, k) {
        const after = falls(i, k);
        const trace = rates(rule(i, k).fell, { rate: curves[k].learning_rate, factor });
        return [epochs(patiences[i]), String(after.length), after.length ? listed(after) : "–",
          formatRate(trace.at(-1))];
      },
    },
    rates: patiences,
    start: Math.min(2, patiences.length - 1),
    shown: [0],
    quantity: "Patience",
    format: epochs,
    all: "Show all patiences",
    menu: { title: "Curve", items: curves.map(({ name }) => name), start: 0 },
    question: (patience, item) => `With a patience of ${patience}, the rate falls in these ` +
      `${values[item].length} epochs…`,
    choices: OFTEN,
    caption: `Recorded: ${data}. Each recorded curve is one seed, trained at a constant rate; ` +
      "the rule is replayed on it, so after the first fall a real run would go on differently. " +
      "The number at a point counts the epochs in a row that were not better than the best so " +
      "far (grey line). A red line marks an epoch after which the rate falls to a tenth.",
  });
}

export default { render };
