// The drawing parts that every figure shares: number formats, scales, axes, colours, marks.
// A figure is one SVG in CSS pixels, redrawn whole at each change: there is no state to go stale.

import { mark } from "./dom.mjs";

const raised = (text) => [...text].map((c) => ({ "-": "⁻" })[c] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");

/** A number as a reader would write it, with a power of ten where zeros would pile up. */
export function formatNumber(value, digits = 3) {
  if (value == null || !Number.isFinite(value)) return "not a number";
  if (value === 0) return "0";
  if (value < 0) return `−${formatNumber(-value, digits)}`;
  if (value >= 1e-4 && value < 1e5) return String(Number(value.toPrecision(digits)));
  const [lead, power] = value.toExponential(1).split("e");
  const factor = Number(lead) === 1 ? "" : `${Number(lead)} × `;
  return `${factor}10${raised(String(Number(power)))}`;
}

/** A learning rate: two digits are all that matters. */
export const formatRate = (rate) => formatNumber(Number(rate.toPrecision(2)));

export const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
export const finite = (values) => values.filter((v) => v != null && Number.isFinite(v));

/** Mean, lowest and highest of the seeds that have a number, as text. */
export function spreadOf(values, digits = 3) {
  const known = finite(values);
  if (!known.length) return ["not a number", "–", "–"];
  return [mean(known), Math.min(...known), Math.max(...known)].map((v) => formatNumber(v, digits));
}

/** A scale is a function from a value to a pixel, with its ticks. */
export function linearScale(low, high, from, to, count = 5) {
  const scale = (value) => from + ((value - low) / (high - low)) * (to - from);
  const rough = (high - low) / count;
  const base = 10 ** Math.floor(Math.log10(rough));
  const step = base * ([1, 2, 5].find((m) => m * base >= rough) ?? 10);
  scale.ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high * (1 + 1e-9); v += step) scale.ticks.push(v);
  return scale;
}

export function logScale(low, high, from, to) {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  const scale = (value) => from + ((Math.log10(value) - a) / (b - a)) * (to - from);
  const every = Math.ceil((b - a) / 7); // decades between two ticks
  const within = b - a > 2.2 ? [1] : b - a > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 2.5, 3, 4, 5, 7];
  scale.ticks = [];
  for (let power = Math.floor(a); power <= Math.ceil(b); power++) {
    if (power % every) continue;
    for (const m of within) {
      const v = m * 10 ** power;
      if (v >= low * 0.999 && v <= high * 1.001) scale.ticks.push(v);
    }
  }
  return scale;
}

/** The ticks of a horizontal scale, or every second, third… of them: as many as have room. */
export function spaced(scale) {
  const half = (v) => 3.5 * formatNumber(v).length + 2;
  const apart = (v, i, all) => !i || scale(v) - half(v) > scale(all[i - 1]) + half(all[i - 1]);
  for (let every = 1; ; every++) {
    const kept = scale.ticks.filter((_, i) => i % every === 0);
    if (kept.every(apart)) return kept;
  }
}

const VIRIDIS = "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725".split(" ")
  .map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));

const viridis = (t) => {
  const place = Math.min(t, 0.9999) * (VIRIDIS.length - 1);
  const [i, part] = [Math.floor(place), place % 1];
  return `rgb(${VIRIDIS[i].map((c, k) => Math.round(c + part * (VIRIDIS[i + 1][k] - c)))})`;
};

// The parts of the ramp whose contrast is 3 to 1 or more, on white and on the dark paper.
const ON_LIGHT = [0, 0.58], ON_DARK = [0.36, 1];

/** The colour of a learning rate among all, dark = low, as a style for light and for dark paper. */
export function rateStyle(rate, rates) {
  const t = rates.length > 1 ? Math.log(rate / rates[0]) / Math.log(rates.at(-1) / rates[0]) : 0;
  const [light, dark] = [ON_LIGHT, ON_DARK].map(([from, to]) => viridis(from + t * (to - from)));
  return `--on-light:${light};--on-dark:${dark}`;
}

/** A line through [x, y] pixels; a null y breaks it. */
export function line(points, attributes) {
  let pen = "M";
  const d = points.map(([x, y]) => {
    if (y == null || !Number.isFinite(y)) { pen = "M"; return ""; }
    const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    return part;
  });
  return mark("path", { d: d.join(""), ...attributes });
}

/** The area between two lines; points are [x, low, high] pixels. */
export function band(points, attributes) {
  const known = points.filter(([, low, high]) => Number.isFinite(low) && Number.isFinite(high));
  const up = known.map(([x, low]) => `${x.toFixed(1)} ${low.toFixed(1)}`);
  const down = known.map(([x, , high]) => `${x.toFixed(1)} ${high.toFixed(1)}`).reverse();
  return mark("path", { d: known.length ? `M${[...up, ...down].join("L")}Z` : "", ...attributes });
}

export const guessing = Math.log(10); // the loss of ten equal guesses, in nats

/** The dashed line of that theory across a plot. */
export const guessingLine = (panel) =>
  mark("path", {
    class: "lrlab-theory", d: `M${panel.left} ${panel.y(guessing)}H${panel.right}`,
  });

/** The mark of divergence. */
export const cross = (x, y) =>
  mark("path", { class: "lrlab-cross", d: `M${x - 5} ${y - 5}l10 10M${x + 5} ${y - 5}l-10 10` });

/** A label with a halo of paper, so that it can be read on top of lines. */
export const label = (x, y, text, attributes = {}) =>
  mark("text", { x, y, class: "lrlab-label", ...attributes }, text);

/**
 * An empty plot. `x` and `y` are { log, low, high, title, format }; `describe` is what a screen
 * reader is told. Returns { svg, x, y, left, right, top, bottom }, the scales in pixels.
 */
export function plot({ width, height, x, y, describe }) {
  const area = { left: 54, right: width - 14, top: 34, bottom: height - 44 };
  const make = (axis, from, to) =>
    (axis.log ? logScale : linearScale)(axis.low, axis.high, from, to);
  const sx = make(x, area.left + 6, area.right - 6);
  const sy = make(y, area.bottom, area.top);
  const svg = mark("svg", {
    viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": describe,
  });
  const text = (kind, x, y, anchor, words) =>
    mark("text", { class: kind, x, y, "text-anchor": anchor }, words);
  for (const v of sy.ticks) {
    svg.append(
      mark("line", { class: "lrlab-grid", x1: area.left, x2: area.right, y1: sy(v), y2: sy(v) }),
      text("lrlab-tick", area.left - 7, sy(v) + 4, "end", formatNumber(v)),
    );
  }
  for (const v of spaced(sx)) {
    svg.append(
      mark("line", { class: "lrlab-axis", x1: sx(v), x2: sx(v), y1: area.bottom, y2: area.bottom + 4 }),
      text("lrlab-tick", sx(v), area.bottom + 18, "middle", formatNumber(v)),
    );
  }
  svg.append(
    mark("path", { class: "lrlab-axis", d: `M${area.left} ${area.bottom}H${area.right}` }),
    text("lrlab-title", 2, 14, "start", y.title),
    text("lrlab-title", area.right, height - 6, "end", x.title),
  );
  return { svg, x: sx, y: sy, ...area };
}

/** Learning rates as they are revealed: a dot for the mean, a bar over the seeds, a join between. */
export function dots(panel, { rates, values, revealed, index, clip = (v) => v }) {
  const { x, y } = panel;
  const ends = values.map(finite);
  const level = (i) => (revealed.has(i) && ends[i].length ? y(clip(mean(ends[i]))) : null);
  const nodes = [line(rates.map((rate, i) => [x(rate), level(i)]), { class: "lrlab-join" })];
  for (const i of [...revealed].sort((a, b) => a - b)) {
    if (level(i) == null) continue;
    const [at, style] = [x(rates[i]), rateStyle(rates[i], rates)];
    const low = y(clip(Math.min(...ends[i]))), high = y(clip(Math.max(...ends[i])));
    nodes.push(
      mark("path", { class: "lrlab-rate lrlab-spread", style, d: `M${at} ${low}V${high}` }),
      mark("circle", {
        class: "lrlab-rate lrlab-dot", style, cx: at, cy: level(i), r: i === index ? 7 : 5,
      }),
    );
  }
  return nodes;
}

/** The vertical line at the chosen rate, with a question mark until it is revealed. */
export function chosen(panel, rate, known) {
  const at = panel.x(rate);
  const nodes = [mark("path", { class: "lrlab-chosen", d: `M${at} ${panel.top}V${panel.bottom}` })];
  if (!known) nodes.push(question(at, (panel.top + panel.bottom) / 2));
  return nodes;
}

/** The mark of what is not revealed yet. */
export const question = (x, y) =>
  mark("text", { class: "lrlab-question", x, y, "text-anchor": "middle" }, "?");
