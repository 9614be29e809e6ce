// Makes the quiz answer back. The HTML from lrlab.quiz is complete; this file only adds to it.

import { element, own } from "./dom.mjs";

/** Mark the option of a radio button that was checked: right or wrong, in sight and in words. */
function markOption(radio, right) {
  const label = radio.closest("label");
  label.querySelector(".quiz-mark")?.remove();
  label.append(element("span", {
    class: `quiz-mark quiz-${right ? "right" : "wrong"}`,
    role: "img",
    "aria-label": right ? "right" : "wrong",
  }, right ? "✓" : "✗"));
}

/**
 * Make one question answer back. Each answer is an event `lrlab:answered` that rises through the
 * page: its detail has the question's id, whether it is right, and whether it is the first here.
 */
export function enhance(question) {
  let first = true;
  const radios = [...question.querySelectorAll("input[type=radio]")];
  const solution = question.querySelector(".quiz-solution");
  const later = [...solution.querySelectorAll(".quiz-steps > li, .quiz-final")];

  const check = element("button", { type: "submit", class: "lrlab-primary" }, "Check answer");
  const feedback = element("div", { class: "quiz-feedback", role: "status" });
  question.querySelector("fieldset").append(
    element("div", { class: "lrlab-buttons" }, check, feedback),
  );

  question.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = radios.find((radio) => radio.checked);
    if (!chosen) {
      feedback.className = "quiz-feedback";
      feedback.textContent = "Choose an option first.";
      return;
    }
    const source = solution.querySelector(`[data-option="${chosen.value}"]`);
    feedback.className = `quiz-feedback ${source.className}`;
    feedback.innerHTML = source.innerHTML;
    const right = source.classList.contains("quiz-right");
    markOption(chosen, right);
    const detail = { question: question.id, right, first };
    first = false;
    question.dispatchEvent(new CustomEvent("lrlab:answered", { bubbles: true, detail }));
  });

  question.addEventListener("change", () => {
    feedback.className = "quiz-feedback";
    feedback.textContent = "";
  });

  // The solution comes one step at a time; print shows all of it (see lrlab.css).
  solution.querySelector(".quiz-steps").setAttribute("aria-live", "polite");
  solution.querySelector(".quiz-final").setAttribute("aria-live", "polite");
  const next = element("button", { type: "button" }, "Next step");
  solution.append(next);
  later.slice(1).forEach((part) => part.classList.add("quiz-later"));
  next.addEventListener("click", () => {
    const hidden = later.filter((part) => part.classList.contains("quiz-later"));
    hidden[0].classList.remove("quiz-later");
    if (hidden.length === 2) next.textContent = "Show the answer";
    if (hidden.length === 1) {
      solution.querySelector("summary").focus(); // the focus must not vanish with the button
      next.remove();
    }
  });
  if (later.length === 2) next.textContent = "Show the answer";
}

function render({ model, el }) {
  el.innerHTML = model.get("html");
  const quiz = el.querySelector(".quiz");
  const questions = [...quiz.querySelectorAll(".quiz-question")];
  const answers = []; // whether each first answer was right
  const score = element("p", { class: "quiz-score" });
  quiz.prepend(score);

  const showScore = () => {
    score.textContent = `${answers.length} of ${questions.length} answered, `
      + `${answers.filter(Boolean).length} right at the first try`;
  };
  questions.forEach(enhance);
  quiz.addEventListener("lrlab:answered", ({ detail: { right, first } }) => {
    if (first) answers.push(right);
    showScore();
  });
  showScore();
  own(el);
  return () => { el.replaceChildren(); };
}

export default { render };
