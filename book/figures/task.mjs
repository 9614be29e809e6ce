// The task that every figure sets: choose a learning rate, predict what happens, reveal it.
// A figure brings the drawing and the words; this file keeps the state and the controls.

import { formatRate } from "./chart.mjs";
import { codeOf, element, own } from "./dom.mjs";
import { numbersOf } from "./numbers.mjs";
import { arrange } from "./panels.mjs";

const PRINT = ["beforeprint", "afterprint"];
const ALONE = { title: "", items: [""], start: 0 }; // no menu: one item, which is not shown

/**
 * Build the task inside `el` and return a function that takes it away again.
 *
 * `model`     what the figure's `render` got; the code to show comes with its HTML
 * `rates`     the recorded learning rates, rising
 * `start`     the index chosen at first; `shown` the indices that are revealed at first
 * `question`  what to predict; `choices` the possible answers
 * `outcome`   index => the choice that the record shows
 * `explain`   index => one or two sentences with the measured numbers
 * `panels`    what is drawn, as panels.mjs lays it out; `draw` gets { index, revealed, width, height }
 * `numbers`   the same as a table, as numbers.mjs makes it
 * `caption`   one sentence on what is recorded
 * `menu`      optional { title, items, start }: something to choose beside the rate. Its index is
 *             the last argument of question, outcome and explain; draw gets it as `item`, and as
 *             `seen` what is revealed of every item. Where each item has its own rates, as many
 *             as there are in `rates`, they are `rates` of the menu, one list an item.
 *
 * A figure whose slider sets something else than a learning rate says so: `quantity` is its name,
 * `format` writes a value as text, `all` is the text of the button that reveals every value.
 * `controls` makes what belongs below the question: it gets { figure, refresh }, the node that is
 * drawn in and a function to call when what is to be drawn has changed, and returns nodes.
 *
 * The element tells the page, by events that rise from it: `lrlab:ready` once it is drawn, with
 * `view()` and `show(view)` to read and to set what is chosen; `lrlab:view` when that changes;
 * `lrlab:predicted` with { figure, value, item, right } after a prediction.
 */
export function predictAndReveal({
  el, model, rates, start, shown, question, choices, outcome, explain, panels, numbers, caption,
  menu = ALONE, quantity = "Learning rate", format = formatRate, controls = () => [],
  all: showAllText = menu === ALONE ? "Show all rates" : "Show all runs",
}) {
  let index = start;
  let item = menu.start;
  let right = 0;
  let asked = 0;
  let printing = false;
  const seen = menu.items.map(() => new Set(shown));
  const everything = menu.items.map(() => new Set(rates.keys()));

  const tell = (name, detail) =>
    el.dispatchEvent(new CustomEvent(`lrlab:${name}`, { bubbles: true, detail }));
  const ratesNow = () => menu.rates?.[item] ?? rates;
  const figure = arrange(panels, () => tell("ready", { view, show }));
  const table = numbersOf(numbers);
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
    element("span", {}, quantity), value, slider);
  const select = element("select", {},
    ...menu.items.map((text, i) => element("option", { value: i, selected: i === item }, text)));
  const menus = menu === ALONE ? [] : [element("label", { class: "lrlab-control" },
    element("span", {}, menu.title), select)];
  const more = element("div", { class: "lrlab-more" }, table.node, ...codeOf(model));

  const redraw = () => {
    const known = printing ? everything : seen;
    figure.show({ index, revealed: known[item], item, seen: known }, printing);
    table.show({ item, revealed: seen[item], count: rates.length, all: showAllText });
  };
  const say = (text, kind) => { answer.textContent = text; answer.dataset.kind = kind; };

  const refresh = () => {
    const rate = format(ratesNow()[index]);
    value.textContent = rate;
    slider.setAttribute("aria-valuetext", `${quantity.toLowerCase()} ${rate}`);
    fieldset.firstChild.textContent = question(rate, item);
    const known = seen[item].has(index);
    fieldset.disabled = reveal.disabled = known;
    for (const radio of radios) radio.checked = known && radio.value === outcome(index, item);
    say(known ? `${quantity} ${rate}: ${explain(index, item)}` : "", "known");
    redraw();
  };
  const choose = () => {
    [index, item] = [Number(slider.value), Number(select.value)];
    refresh();
    tell("view");
  };

  const showAll = () => {
    for (const revealed of seen) rates.forEach((_, i) => revealed.add(i));
    all.disabled = true;
    refresh();
  };
  // Paper cannot be asked, so it shows everything; what was revealed stays as it was.
  const onPrint = ({ type }) => { printing = type === "beforeprint"; redraw(); };

  const onReveal = (event) => {
    event.preventDefault();
    const guess = radios.find((radio) => radio.checked)?.value;
    if (!guess) return say("Choose a prediction first, then reveal.", "ask");
    const truth = outcome(index, item);
    const hit = guess === truth;
    asked += 1;
    right += hit;
    seen[item].add(index);
    all.disabled = seen.every((revealed) => revealed.size === rates.length);
    fieldset.disabled = reveal.disabled = true;
    for (const radio of radios) radio.checked = radio.value === truth;
    say(`${hit ? "Yes" : "No"}, ${truth}. ${explain(index, item)}`, hit ? "right" : "wrong");
    score.textContent = `${right} of ${asked} predicted right`;
    redraw();
    slider.focus(); // the button is spent; the next thing to do is to choose another rate
    const name = el.closest("[data-module]")?.dataset.module;
    tell("predicted", { figure: name, ...view(), right: hit });
  };

  /** What is chosen, and not what is revealed: who follows a link is to predict, too. */
  function view() {
    return { value: ratesNow()[index], item: menu.items[item] || null };
  }

  /** Choose a value, or the nearest one, and an item of the menu, where there is such a one. */
  function show({ value: wanted, item: named }) {
    const found = menu.items.indexOf(named);
    if (found >= 0) select.value = found;
    item = Number(select.value);
    const away = ratesNow().map((rate) => Math.abs(Math.log((rate + 1e-9) / (wanted + 1e-9))));
    slider.value = away.indexOf(Math.min(...away));
    choose();
  }

  el.append(element("div", { class: "lrlab-view" }, figure.node, ...menus, control,
    form, ...controls({ figure: figure.drawing, refresh }),
    element("p", { class: "lrlab-caption" }, caption), more));
  slider.addEventListener("input", choose);
  select.addEventListener("change", choose);
  form.addEventListener("submit", onReveal);
  all.addEventListener("click", showAll);
  for (const moment of PRINT) window.addEventListener(moment, onPrint);
  own(el);
  refresh();

  return () => {
    figure.stop();
    for (const moment of PRINT) window.removeEventListener(moment, onPrint);
    el.replaceChildren();
  };
}
