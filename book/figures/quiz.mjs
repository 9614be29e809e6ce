// Makes the quiz answer back. The HTML from lrlab.quiz is complete; this file only adds to it.

import { element, own } from "./dom.mjs";

function enhance(question, onAnswer) {
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
    onAnswer(source.classList.contains("quiz-right"));
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
  const answers = new Map(); // question => was the first answer right
  const score = element("p", { class: "quiz-score" });
  quiz.prepend(score);

  const showScore = () => {
    const right = [...answers.values()].filter(Boolean).length;
    score.textContent =
      `${answers.size} of ${questions.length} answered, ${right} right at the first try`;
  };
  for (const question of questions) {
    enhance(question, (correct) => {
      if (!answers.has(question)) answers.set(question, correct);
      showScore();
    });
  }
  showScore();
  own(el);
  return () => { el.replaceChildren(); };
}

export default { render };
