// The recall deck: asks the questions that are due, one after the other. A question is the quiz's own,
// and its answer is noted where every answer is, in progress.mjs; what is due is asked of the record.

import { element, own } from "../figures/dom.mjs";
import { enhance } from "../figures/quiz.mjs";
import { dayOf, dueOn, isDue } from "./leitner.mjs";
import { read } from "./store.mjs";

const DAY = 86_400_000;

/** "1 question", "2 questions" */
export const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

const asDate = (at) =>
  new Date(at).toLocaleDateString("en", { weekday: "long", month: "long", day: "numeric" });

/** The ids of the questions that are due now, those longest due first. */
export const dueNow = (deck, ids, now) => ids
  .filter((id) => deck[id] && isDue(deck[id], now))
  .sort((a, b) => dueOn(deck[a]) - dueOn(deck[b]));

/**
 * Ask in `host` what is due. `questions` is the template with every question of the book, `chapters`
 * the list that says where each stands. Returns a function to call when the record has changed.
 */
export function startRecall(host, questions, chapters) {
  const chapterOf = new Map(chapters.flatMap((chapter) =>
    chapter.questions.map((id) => [id, chapter])));
  const ids = [...chapterOf.keys()];
  let asked = 0;
  let right = 0;

  const status = element("p", { role: "status", tabindex: -1 });
  const place = element("div");
  const tell = (text) => { if (status.textContent !== text) status.textContent = text; };
  host.replaceChildren(status, place);

  function nothingDue(deck, now) {
    const days = ids.filter((id) => deck[id]).map((id) => dueOn(deck[id]));
    if (!days.length) {
      return "You have not answered a question yet. Those of a chapter's quiz come back here the day after.";
    }
    const wait = Math.min(...days) - dayOf(now);
    const when = wait === 1 ? "tomorrow" : `in ${wait} days, on ${asDate(now + wait * DAY)}`;
    const done = asked ? `Done for today: ${right} of ${asked} right.` : "Nothing is due today.";
    return `${done} ${count(days.length, "question")} in your deck; the next is due ${when}.`;
  }

  function show() {
    const { deck } = read();
    const due = dueNow(deck, ids, Date.now());
    if (!due.length) {
      tell(nothingDue(deck, Date.now()));
      place.replaceChildren();
      return;
    }
    tell(`${count(due.length, "question")} due.`);
    if (due.includes(place.querySelector("form")?.id)) return; // it stands there, and nothing is lost
    const chapter = chapterOf.get(due[0]);
    const question = questions.content.getElementById(due[0]).cloneNode(true);
    question.querySelector("legend").firstChild.data = `Question ${asked + 1} of ${asked + due.length} due `;
    enhance(question);
    question.addEventListener("lrlab:answered", (event) => {
      if (!event.detail.first) return;
      asked += 1;
      right += event.detail.right;
      const next = element("button", { type: "button" }, due.length > 1 ? "Next question" : "Finish");
      next.addEventListener("click", () => {
        show();
        (place.querySelector("input") ?? status).focus();
      });
      const from = chapter.number ? `chapter ${chapter.number}, ${chapter.title}` : chapter.title;
      const link = element("a", { href: `${chapter.name}.html` }, from);
      question.querySelector("fieldset").append(
        element("p", { class: "practice-next" }, next, element("span", {}, "From ", link)));
      own(place);
    });
    place.replaceChildren(element("div", { class: "quiz" }, question));
    own(place);
  }

  show();
  return () => { if (!place.querySelector(".practice-next")) show(); }; // an answer stays to be read
}
