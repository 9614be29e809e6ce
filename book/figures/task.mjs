// The task that every figure sets: choose a learning rate, predict what happens, reveal it.
// A figure brings the drawing and the words; this file keeps the state, the controls and the width.

import { formatRate } from "./chart.mjs";
import { element, own } from "./dom.mjs";

/**
 * Build the task inside `el` and return a function that takes it away again.
 *
 * `rates`     the recorded learning rates, rising
 * `start`     the index chosen at first; `shown` the indices that are revealed at first
 * `question`  what to predict; `choices` the possible answers
 * `outcome`   index => the choice that the record shows
 * `explain`   index => one or two sentences with the measured numbers
 * `draw`      ({ index, revealed, width }) => the nodes of the figure
 * `caption`   one sentence on what is recorded
 */
export function predictAndReveal({
  el, rates, start, shown, question, choices, outcome, explain, draw, caption,
}) {
  let index = start;
  let width = 0;
  let right = 0;
  let asked = 0;
  const revealed = new Set(shown);

  const figure = element("div", { class: "lrlab-drawing" });
  const value = element("span", { class: "lrlab-value", "aria-hidden": "true" });
  const slider = element("input", {
    type: "range", min: 0, max: rates.length - 1, step: 1, value: index,
  });
  const radios = choices.map((value) =>
    element("input", { type: "radio", name: "prediction", value }));
  const fieldset = element("fieldset", {}, element("legend"),
    ...choices.map((choice, i) => element("label", {}, radios[i], element("span", {}, choice))));
  const answer = element("p", { class: "lrlab-answer", role: "status" });
  const score = element("span", { class: "lrlab-score" });
  const reveal = element("button", { type: "submit", class: "lrlab-primary" }, "Reveal");
  const all = element("button", { type: "button" }, "Show all rates");
  const form = element("form", { class: "lrlab-task" }, fieldset,
    element("div", { class: "lrlab-buttons" }, reveal, all, score), answer);
  const control = element("label", { class: "lrlab-control" },
    element("span", {}, "Learning rate"), slider, value);
  const view = element("div", { class: "lrlab-view" }, figure, control, form,
    element("p", { class: "lrlab-caption" }, caption));

  const redraw = () => { if (width) figure.replaceChildren(...draw({ index, revealed, width })); };
  const tell = (text, kind) => { answer.textContent = text; answer.dataset.kind = kind; };

  const choose = () => {
    index = Number(slider.value);
    const rate = formatRate(rates[index]);
    value.textContent = rate;
    slider.setAttribute("aria-valuetext", `learning rate ${rate}`);
    fieldset.firstChild.textContent = question(rate);
    const known = revealed.has(index);
    fieldset.disabled = reveal.disabled = known;
    for (const radio of radios) radio.checked = known && radio.value === outcome(index);
    tell(known ? `Learning rate ${rate}: ${explain(index)}` : "", "known");
    redraw();
  };

  const showAll = () => {
    rates.forEach((_, i) => revealed.add(i));
    all.disabled = true;
    choose();
  };

  const onReveal = (event) => {
    event.preventDefault();
    const guess = radios.find((radio) => radio.checked)?.value;
    if (!guess) return tell("Choose a prediction first, then reveal.", "ask");
    const truth = outcome(index);
    asked += 1;
    right += guess === truth;
    revealed.add(index);
    all.disabled = revealed.size === rates.length;
    fieldset.disabled = reveal.disabled = true;
    for (const radio of radios) radio.checked = radio.value === truth;
    const hit = guess === truth;
    tell(`${hit ? "Yes" : "No"}, ${truth}. ${explain(index)}`, hit ? "right" : "wrong");
    score.textContent = `${right} of ${asked} predicted right`;
    redraw();
    slider.focus(); // the button is spent; the next thing to do is to choose another rate
  };

  slider.addEventListener("input", choose);
  form.addEventListener("submit", onReveal);
  all.addEventListener("click", showAll);
  window.addEventListener("beforeprint", showAll);
  el.append(view);
  own(el);
  choose();

  const observer = new ResizeObserver(() => {
    const now = Math.floor(figure.clientWidth);
    if (now && now !== width) { width = now; redraw(); }
  });
  observer.observe(figure);
  return () => {
    observer.disconnect();
    window.removeEventListener("beforeprint", showAll);
    view.remove();
  };
}
