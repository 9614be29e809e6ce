// Says below a chapter's quiz how it went over all visits, and where its questions come back; or that
// this browser keeps no answers.

import { element } from "../figures/dom.mjs";
import { keeps, onChange, read } from "./store.mjs";

function write(note, ids, record) {
  if (!keeps()) {
    note.textContent = "Your answers are not kept: this browser is in private mode, or its storage is off or full.";
    return;
  }
  const tries = ids.map((id) => record.first[id]).filter(Boolean);
  const right = tries.filter((entry) => entry.right).length;
  note.replaceChildren(
    tries.length ? `Of all your visits: ${tries.length} of ${ids.length} answered, ${right} right at the first try. ` : "",
    "What you answer comes back on ", element("a", { href: "progress.html" }, "your progress"),
    ", from tomorrow on. It is kept in this browser only.");
}

for (const quiz of document.querySelectorAll('.lrlab[data-module="quiz"]')) {
  const ids = [...quiz.querySelectorAll(".quiz-question")].map(({ id }) => id);
  const note = element("p", { class: "practice-note" });
  quiz.after(note);
  write(note, ids, read());
  onChange((record) => write(note, ids, record));
}
