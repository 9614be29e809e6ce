// Marks what the reader has done in the lists of links: a tick at chapters and sections that were read,
// and at "Your progress" how many questions are due.

import { element } from "../figures/dom.mjs";
import { isDue } from "./leitner.mjs";
import { nameOf } from "./record.mjs";
import { onChange, read } from "./store.mjs";

function markLinks(record) {
  const now = Date.now();
  const due = Object.values(record.deck).filter((card) => isDue(card, now)).length;
  for (const link of document.querySelectorAll(".bd-links .toctree-l1 > a")) {
    const name = nameOf(link.pathname);
    link.querySelector(".practice-mark")?.remove();
    let mark = null;
    if (name in record.chapters) mark = element("b", { role: "img", "aria-label": "read" }, "✓");
    if (name === "progress" && due) mark = element("b", { class: "practice-due" }, `${due} due`);
    if (mark) link.append(element("span", { class: "practice-mark" }, " ", mark));
  }
  for (const link of document.querySelectorAll(".contents a, .mode-strip a")) {
    const section = nameOf(location.pathname) + link.hash;
    link.toggleAttribute("data-read", section in record.sections); // the sheet draws the tick
  }
}
markLinks(read());
onChange(markLinks);
