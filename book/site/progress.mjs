// Notes what the reader does on a page: sections read to their end, answers, predictions, networks
// trained, and the place to go on from. `record.mjs` says in which form, `store.mjs` keeps it.

import { element } from "../figures/dom.mjs";
import { answered } from "./leitner.mjs";
import { nameOf, note } from "./record.mjs";
import { change } from "./store.mjs";

const A_WHILE = 1500; // milliseconds that the end of a section is in sight before it counts as read

const chapter = nameOf(location.pathname);
const sections = /^\d\d_/.test(chapter) ? [...document.querySelectorAll("h1 ~ section[id]")] : [];

const textOf = (heading) => [...heading.childNodes]
  .filter((node) => !node.matches?.(".headerlink"))
  .map((node) => node.textContent).join("").trim();

// A section is read once its end was on the screen, below what stays at the top, for a while.
const waiting = new Map(); // the end of a section => the timer that runs while it is in sight
const ends = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(waiting.get(target));
    if (isIntersecting) waiting.set(target, setTimeout(() => isRead(target), A_WHILE));
  }
}, { rootMargin: "-20% 0px 0px 0px" });

function isRead(end) {
  if (document.hidden) return;
  ends.unobserve(end);
  const at = Date.now();
  change((record) => {
    note(record, "sections", `${chapter}#${end.parentElement.id}`, { at });
    const rest = sections.filter(({ id }) => !record.sections[`${chapter}#${id}`]);
    if (!rest.length) note(record, "chapters", chapter, { at });
  });
}

// The reader is in the section that crosses a line in the upper third of the screen.
const places = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    const place = {
      page: `${chapter}.html`,
      section: target.id,
      title: textOf(target.parentElement.querySelector("h1")),
      heading: textOf(target.querySelector("h2")),
      at: Date.now(),
    };
    change((record) => note(record, "place", "last", place));
  }
}, { rootMargin: "-30% 0px -69% 0px" });

for (const section of sections) {
  const end = element("div");
  section.append(end);
  ends.observe(end);
  places.observe(section);
}

document.addEventListener("lrlab:answered", ({ detail: { question, right, first } }) => {
  const at = Date.now();
  change((record) => {
    note(record, "first", question, { right, at });
    note(record, "last", question, { right, at });
    if (first) note(record, "deck", question, answered(record.deck[question], right, at));
  });
});

document.addEventListener("lrlab:predicted", ({ detail: { figure, value, item, right } }) => {
  const key = `${chapter} ${figure} ${value} ${item ?? ""}`.trim().replace(/[^\w. -]/g, "-").slice(0, 150);
  change((record) => note(record, "predictions", key, { right, at: Date.now() }));
});

document.addEventListener("lrlab:trained", () => {
  const now = new Date();
  change((record) => note(record, "trained", `${chapter} ${now.toISOString()}`, { at: +now }));
});
