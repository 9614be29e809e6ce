// The numbers behind a chart as a table, for whoever cannot see it or wants them exactly. It holds
// what is revealed and no more: a table must not give away what is still to be predicted.

import { element } from "./dom.mjs";

/**
 * Make the table of a figure. `title(item)` is its caption, `head(item)` the names of its columns,
 * `row(index, item)` the cells, the first of which names the row. Returns { node, show }; `show`
 * takes { item, revealed, count, all }, where `all` is the text of the button that reveals the rest.
 */
export function numbersOf({ title, head, row }) {
  const box = element("div", { class: "lrlab-scroll", tabindex: 0, role: "group" });
  const node = element("details", {}, element("summary", {}, "The numbers"), box);
  let now = null;

  const draw = () => {
    if (!node.open || !now) return;
    const { item, revealed, count, all } = now;
    const shown = [...revealed].sort((a, b) => a - b);
    const rest = shown.length < count ? `; “${all}” adds the others` : "";
    const line = (name, scope, [first, ...others], cell) => element("tr", {},
      element("th", { scope }, first), ...others.map((text) => element(cell, name, text)));
    box.setAttribute("aria-label", title(item));
    box.replaceChildren(element("table", {},
      element("caption", {}, element("span", {},
        `${title(item)}: ${shown.length} of ${count} revealed${rest}.`)),
      element("thead", {}, line({ scope: "col" }, "col", head(item), "th")),
      element("tbody", {}, ...shown.map((i) => line({}, "row", row(i, item), "td")))));
  };
  node.addEventListener("toggle", draw);
  return { node, show(next) { now = next; draw(); } };
}
