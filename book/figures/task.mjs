// The task that every figure sets: choose a learning rate, predict what happens, reveal it.
// A figure brings the drawing and the words; this file keeps the state, the controls and the width.

import { formatRate } from "./chart.mjs";
import { element, own } from "./dom.mjs";

const PRINT = ["beforeprint", "afterprint"];
const PAPER = 660; // pixels between the margins of a printed page
const ALONE = { title: "", items: [""], start: 0 }; // no menu: one item, which is not shown

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
 * `menu`      optional { title, items, start }: something to choose beside the rate. Its index is
 *             the last argument of question, outcome and explain; draw gets it as `item`, and as
 *             `seen` what is revealed of every item. Where each item has its own rates, as many
 *             as there are in `rates`, they are `rates` of the menu, one list an item.
 *
 * A figure whose slider sets something else than a learning rate says so: `quantity` is its name,
 * `format` writes a value as text, `all` is the text of the button that reveals every value.
 * `controls` makes what belongs below the slider: it gets { figure, refresh }, the node that is
 * drawn in and a function to call when what is to be drawn has changed, and returns nodes.
 */
export function predictAndReveal({
  el, rates, start, shown, question, choices, outcome, explain, draw, caption, menu = ALONE,
  quantity = "Learning rate", format = formatRate, controls = () => [],
  all: showAllText = menu === ALONE ? "Show all rates" : "Show all runs",
}) {
  let index = start;
  let item = menu.start;
  let width = 0;
  let right = 0;
  let asked = 0;
  let printing = false;
  const seen = menu.items.map(() => new Set(shown));
  const everything = menu.items.map(() => new Set(rates.keys()));

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
  const all = element("button", { type: "button" }, showAllText);
  const form = element("form", { class: "lrlab-task" }, fieldset,
    element("div", { class: "lrlab-buttons" }, reveal, all, score), answer);
  const control = element("label", { class: "lrlab-control" },
    element("span", {}, quantity), slider, value);
  const select = element("select", {},
    ...menu.items.map((text, i) => element("option", { value: i, selected: i === item }, text)));
  const menus = menu === ALONE ? [] : [element("label", { class: "lrlab-control" },
    element("span", {}, menu.title), select)];
  const view = element("div", { class: "lrlab-view" }, figure, ...menus, control);

  const redraw = () => {
    if (!width) return;
    const known = printing ? everything : seen;
    const size = printing ? Math.min(width, PAPER) : width;
    figure.replaceChildren(...draw({ index, revealed: known[item], width: size, item, seen: known }));
  };
  // Paper cannot be asked, so it shows everything; what was revealed stays as it was.
  const onPrint = ({ type }) => { printing = type === "beforeprint"; redraw(); };
  const tell = (text, kind) => { answer.textContent = text; answer.dataset.kind = kind; };

  const choose = () => {
    index = Number(slider.value);
    const rate = format((menu.rates?.[item] ?? rates)[index]);
    value.textContent = rate;
    slider.setAttribute("aria-valuetext", `${quantity.toLowerCase()} ${rate}`);
    fieldset.firstChild.textContent = question(rate, item);
    const known = seen[item].has(index);
    fieldset.disabled = reveal.disabled = known;
    for (const radio of radios) radio.checked = known && radio.value === outcome(index, item);
    tell(known ? `${quantity} ${rate}: ${explain(index, item)}` : "", "known");
    redraw();
  };

  const showAll = () => {
    for (const revealed of seen) rates.forEach((_, i) => revealed.add(i));
    all.disabled = true;
    choose();
  };

  const onReveal = (event) => {
    event.preventDefault();
    const guess = radios.find((radio) => radio.checked)?.value;
    if (!guess) return tell("Choose a prediction first, then reveal.", "ask");
    const truth = outcome(index, item);
    asked += 1;
    right += guess === truth;
    seen[item].add(index);
    all.disabled = seen.every((revealed) => revealed.size === rates.length);
    fieldset.disabled = reveal.disabled = true;
    for (const radio of radios) radio.checked = radio.value === truth;
    const hit = guess === truth;
    tell(`${hit ? "Yes" : "No"}, ${truth}. ${explain(index, item)}`, hit ? "right" : "wrong");
    score.textContent = `${right} of ${asked} predicted right`;
    redraw();
    slider.focus(); // the button is spent; the next thing to do is to choose another rate
  };

  view.append(...controls({ figure, refresh: choose }), form,
    element("p", { class: "lrlab-caption" }, caption));
  slider.addEventListener("input", choose);
  select.addEventListener("change", () => { item = Number(select.value); choose(); });
  form.addEventListener("submit", onReveal);
  all.addEventListener("click", showAll);
  for (const moment of PRINT) window.addEventListener(moment, onPrint);
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
    for (const moment of PRINT) window.removeEventListener(moment, onPrint);
    view.remove();
  };
}
