// Labels of a chart that would lie on each other, on a mark, or reach beyond its edge, move to the
// nearest free place. Figures write a label where it belongs; only a browser knows how wide it is.

const NEAR = 3; // pixels of air around a label
const steps = (step, count) => Array.from({ length: 2 * count + 1 }, (_, k) => (k - count) * step);
const PLACES = steps(7, 9).flatMap((down) => steps(12, 16).map((across) => ({ across, down })))
  .sort((a, b) => far(a) - far(b));

/** How far a label moved; it stays on its line sooner than it goes up or down. */
function far({ across, down }) { return Math.abs(across) + 1.2 * Math.abs(down); }

const overlap = (a, b, air = NEAR) =>
  a.x < b.x + b.width + air && b.x < a.x + a.width + air &&
  a.y < b.y + b.height && b.y < a.y + a.height;

/** The place of a mark in the chart's own pixels, whatever it was moved by. */
function boxOf(mark) {
  const { x, y, width, height } = mark.getBBox();
  const { e, f } = mark.transform?.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
  return { x: x + e, y: y + f, width, height };
}

/** Move the labels (`.lrlab-label`) of one chart apart; the strong ones are placed first. */
export function separate(svg) {
  const all = (selector) => [...svg.querySelectorAll(selector)];
  const { width, height } = svg.viewBox.baseVal;
  const words = all(".lrlab-tick, .lrlab-title, .lrlab-question").map(boxOf);
  // A line down through a label makes it hard to read; a label on a dot hides the dot.
  const lines = all(".lrlab-chosen").map(boxOf);
  const dots = all(".lrlab-dot:not(g), .lrlab-cross, .lrlab-point").map(boxOf);
  const cost = (place, box) => {
    const at = { ...box, x: box.x + place.across, y: box.y + place.down };
    const out = at.x < 0 || at.x + at.width > width || at.y < 0 || at.y + at.height > height;
    const hits = (boxes, air) => boxes.filter((other) => overlap(at, other, air)).length;
    return 1e6 * out + 1e4 * hits(words) + 150 * hits(lines) + 30 * hits(dots, 0) + far(place);
  };
  const strong = (label) => label.classList.contains("lrlab-strong");
  for (const label of all(".lrlab-label").sort((a, b) => strong(b) - strong(a))) {
    const box = boxOf(label);
    let [best, least] = [PLACES[0], Infinity];
    for (const place of PLACES) {
      if (far(place) >= least) break; // every later one is farther
      const found = cost(place, box);
      if (found < least) [best, least] = [place, found];
    }
    label.setAttribute("x", Number(label.getAttribute("x")) + best.across);
    label.setAttribute("y", Number(label.getAttribute("y")) + best.down);
    words.push({ ...box, x: box.x + best.across, y: box.y + best.down });
  }
}
