// The panels of a figure: side by side where there is room; on a phone one at a time under tabs, so
// that a panel, the slider and the question below it are on the screen together.

import { element } from "./dom.mjs";
import { separate } from "./labels.mjs";

const GAP = 24; // pixels between two panels, as in lrlab.css
const ROOM = 660; // from this width on they stand side by side; a printed page is as wide

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Lay out `panels`, a list of { name, share, draw }. `share` is the part of the width that a panel
 * takes where it stands beside others, a half if it is left out. `draw` gets what `show` got, with
 * the panel's own `width` and `height` in pixels, and returns a node.
 *
 * Returns { node, drawing, show, choose, stop }: the node to place, the part of it that is drawn in,
 * `show(now, printing)` to draw, on paper every panel, `choose(index)` to turn to a panel on a phone,
 * and what ends it all.
 */
export function arrange(panels, ready = () => {}) {
  let chosen = 0;
  let width = 0;
  let printing = false;
  let now = null;

  const drawing = element("div", { class: "lrlab-drawing" });
  const tabs = panels.map(({ name }) => element("button", { type: "button", role: "tab" }, name));
  const list = element("div", { class: "lrlab-tabs", role: "tablist", "aria-label": "Panels" }, ...tabs);
  const node = element("div", {}, list, drawing);

  const redraw = () => {
    if (!width || !now) return;
    const whole = printing ? ROOM : width;
    const single = panels.length === 1;
    const beside = whole >= ROOM && !single;
    const tabbed = !beside && !single;
    list.hidden = !tabbed;
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", i === chosen);
      tab.tabIndex = i === chosen ? 0 : -1;
    });
    const shown = tabbed ? [panels[chosen]] : panels;
    drawing.replaceChildren(...shown.map(({ name, share = 1 / 2, draw }) => {
      const wide = beside && share < 1 ? Math.floor((whole - GAP) * share) : whole;
      const height = Math.round(clamp(0.78 * wide, 250, 350));
      const role = tabbed ? { role: "tabpanel", "aria-label": name } : {};
      return element("div", { style: `width: ${wide}px`, ...role },
        draw({ ...now, width: wide, height }));
    }));
    drawing.querySelectorAll("svg[role=img]").forEach(separate);
  };

  const choose = (index) => { chosen = index; redraw(); };
  tabs.forEach((tab, index) => tab.addEventListener("click", () => choose(index)));
  list.addEventListener("keydown", ({ key }) => {
    const count = panels.length;
    const next = { ArrowRight: chosen + 1, ArrowLeft: chosen - 1 + count, Home: 0, End: count - 1 }[key];
    if (next === undefined) return;
    choose(next % count);
    tabs[chosen].focus();
  });

  const measure = () => {
    const found = Math.floor(drawing.clientWidth);
    if (!found || found === width) return;
    const first = !width;
    width = found;
    redraw();
    if (first) queueMicrotask(ready); // once the figure is whole
  };
  const observer = new ResizeObserver(measure);
  observer.observe(drawing);
  return {
    node, drawing, choose,
    show(next, onPaper) {
      [now, printing] = [next, onPaper];
      if (width) redraw();
      else measure();
    },
    stop: () => observer.disconnect(),
  };
}
