// The page "Your progress": what is due, how far each chapter is, and what to do with the record.

import { element } from "../figures/dom.mjs";
import { startKeeping } from "./keeping.mjs";
import { count, startRecall } from "./recall.mjs";
import { change, keeps, onChange, read } from "./store.mjs";

/** One chapter: its name, a bar of the sections read, and how its questions were answered. */
function chapterItem(chapter, record) {
  const { name, title, number, sections, questions } = chapter;
  const isRead = ([id]) => `${name}#${id}` in record.sections;
  const rest = sections.filter((section) => !isRead(section));
  const done = sections.length - rest.length;
  const entries = (part) => questions.map((id) => record[part][id]).filter(Boolean);
  const ofChapter = (part) => Object.entries(record[part])
    .filter(([key]) => key.startsWith(`${name} `)).map(([, entry]) => entry);
  const right = (list) => list.filter((entry) => entry.right).length;
  const predictions = ofChapter("predictions");
  const trained = ofChapter("trained").length;

  const facts = [];
  if (entries("first").length) {
    facts.push(`Quiz: ${entries("first").length} of ${questions.length} answered, `
      + `${right(entries("first"))} right at the first try, ${right(entries("last"))} at the last.`);
  } else {
    facts.push(`Quiz: ${count(questions.length, "question")}, none answered yet.`);
  }
  if (predictions.length) facts.push(`Predictions: ${right(predictions)} of ${predictions.length} right.`);
  if (trained) facts.push(`${count(trained, "network")} trained.`);

  const item = element("li", {}, element("a", { class: "practice-title", href: `${name}.html` },
    number ? `${number} ${title}` : title));
  if (sections.length) {
    const words = `${done} of ${sections.length} sections read`;
    item.append(element("div", { class: "practice-bar" },
      element("progress", { max: sections.length, value: done, "aria-label": `${title}: ${words}` }),
      element("span", { "aria-hidden": "true" }, words)));
  }
  const text = element("p", {}, facts.join(" "));
  if (done && rest.length) {
    const links = rest.map(([id, heading]) => element("a", { href: `${name}.html#${id}` }, heading));
    text.append(" Still to read: ", ...links.flatMap((link) => [link, ", "]).slice(0, -1), ".");
  }
  item.append(text);
  return item;
}

const book = document.getElementById("practice-book");
if (book) {
  const host = (part) => document.getElementById(`practice-${part}`);
  const chapters = JSON.parse(book.textContent);

  const lost = element("p", { class: "practice-lost" },
    "This browser keeps nothing for this site: it is in private mode, or its storage is off or full. "
    + "What you do is forgotten when you close the page; export it before.");
  const draw = (record) => {
    host("chapters").replaceChildren(element("ul", { class: "practice-list" },
      ...chapters.map((chapter) => chapterItem(chapter, record))));
    if (keeps()) lost.remove();
    else host("due").before(lost);
  };
  const known = new Set(chapters.flatMap((chapter) => chapter.questions));
  const gone = Object.keys(read().deck).filter((id) => !known.has(id));
  // What the book does not ask any more would be due for ever.
  if (gone.length) change((record) => gone.forEach((id) => { delete record.deck[id]; }));
  const askAgain = startRecall(host("due"), host("questions"), chapters);
  startKeeping(host("keep"));
  draw(read());
  onChange((record) => { draw(record); askAgain(); });
}
