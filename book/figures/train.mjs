// Train it here: the reader chooses a learning rate, predicts, and this page trains the course's own
// network on real digits, in a Worker (train_run.mjs). The run becomes a dot on the recorded U.
// State, made by lrlab/figures/train.py: { data, images, tests, steps, batch, rate, schedule,
// schedules: [{ name, factors }], optimizers: [{ name, best, best_rates, good, seeds, results }] }.

import { finite, formatNumber } from "./chart.mjs";
import { codeOf, element, own } from "./dom.mjs";
import { numbersOf } from "./numbers.mjs";
import { arrange } from "./panels.mjs";
import { read, sweepNumbers } from "./sweep.mjs";
import { lossChart, ownU } from "./train_chart.mjs";
import { MEANING, OUTCOMES, compare, outcomeOf, runsTable } from "./train_result.mjs";
import { trainer } from "./train_run.mjs";
import { settingsOf } from "./train_settings.mjs";

const SLOW = 8; // seconds: a run that takes longer is announced as one
const PRINT = ["beforeprint", "afterprint"];

function render({ model, el }) {
  const state = model.get("state");
  const { data, images, tests, steps, batch, optimizers } = state;
  const us = optimizers.map((each) => read(each, each.name));
  const everyRate = us.flatMap(({ rates }) => rates);
  const everyEnd = finite(us.flatMap(({ values }) => values.flat()));
  const scale = { log: true, low: Math.min(...everyEnd) / 1.7, high: 10 };
  const runs = []; // the reader's, those that came to their end
  const shown = new Set(); // the optimizers whose record is revealed: each after one run of its own
  let current = null; // the run that the loss is drawn of, while it goes on and after
  let right = 0;
  let printing = false;

  const radios = OUTCOMES.map((value) =>
    element("input", { type: "radio", name: "prediction", value }));
  const legend = element("legend");
  const fieldset = element("fieldset", {}, legend,
    ...radios.map((radio) => element("label", {}, radio, element("span", {}, radio.value))));
  const train = element("button", { type: "submit", class: "lrlab-primary" }, "Train");
  const stop = element("button", { type: "button", hidden: true }, "Stop");
  const score = element("span", { class: "lrlab-score" });
  const bar = element("progress", { max: steps, value: 0, "aria-label": "Steps done" });
  const pace = element("span", { class: "lrlab-score" });
  const progress = element("div", { class: "lrlab-buttons", hidden: true }, bar, pace);
  const answer = element("p", { class: "lrlab-answer", role: "status" });
  const form = element("form", { class: "lrlab-task" }, fieldset,
    element("div", { class: "lrlab-buttons" }, train, stop, score), progress, answer);
  const table = runsTable();
  const numbers = numbersOf(sweepNumbers(us));

  const tell = (name, detail) =>
    el.dispatchEvent(new CustomEvent(`lrlab:${name}`, { bubbles: true, detail }));
  const say = (text, kind) => { answer.textContent = text; answer.dataset.kind = kind; };

  const figure = arrange([
    { name: "Your run", draw: (now) => lossChart({ ...now, total: steps }) },
    { name: "All rates", draw: ownU },
  ], () => tell("ready", { view: () => settings.view(), show: (view) => settings.show(view) }));

  const redraw = () => {
    const { optimizer: k, rate } = settings.value();
    const rates = [...everyRate, rate, ...runs.map((run) => run.rate)];
    const span = { low: Math.min(...rates), high: Math.max(...rates) };
    const revealed = printing ? new Set(us.keys()) : shown;
    figure.show({ us, k, rate, runs, current, revealed, scale, span }, printing);
    const known = new Set(revealed.has(k) ? us[k].rates.keys() : []);
    numbers.show({ item: k, revealed: known, count: us[k].rates.length, all: "Train" });
  };

  const settings = settingsOf(state, () => {
    legend.textContent = `After ${steps} steps with ${settings.title()}, this network will be…`;
    for (const radio of radios) radio.checked = false;
    redraw();
    tell("view");
  });

  const rest = (yes) => {
    const focused = document.activeElement === stop;
    fieldset.disabled = train.disabled = settings.node.disabled = !yes;
    stop.hidden = progress.hidden = yes;
    if (!yes) {
      stop.focus({ preventScroll: true });
      figure.node.scrollIntoView({ block: "nearest" }); // on a phone it may have left the screen
    } else if (focused) settings.focus(); // the next thing to do is to choose another rate
  };

  const finish = (run, end) => {
    const sweep = us[run.optimizer];
    const truth = outcomeOf(end, sweep.ends[sweep.rates.indexOf(sweep.best)]);
    run.end = end;
    run.hit = run.guess === truth;
    runs.push(run);
    shown.add(run.optimizer);
    right += run.hit;
    rest(true);
    for (const radio of radios) radio.checked = false;
    score.textContent = `${right} of ${runs.length} predicted right`;
    say(`${run.hit ? "Yes" : "No"}, ${truth}${end.diverged ? "" : `: test loss ${formatNumber(end.loss)}`}. ` +
      `Run ${run.number} took ${formatNumber(end.seconds, 2)} s. ${compare(run, sweep, batch)}`,
    run.hit ? "right" : "wrong");
    table.add(run);
    redraw();
    figure.choose(1);
    tell("trained", { ...end, losses: run.losses, rate: run.rate, right: run.hit });
    const name = el.closest("[data-module]")?.dataset.module;
    tell("predicted", { figure: name, value: run.title, right: run.hit });
  };

  const watch = (run) => {
    let [begun, before] = [0, 0]; // the time of the first answer, and how many steps it was of
    let slow = false;
    return (losses) => {
      run.losses.push(...losses);
      const done = bar.value = run.losses.length;
      if (!begun) [begun, before] = [performance.now(), done];
      const left = Math.ceil((performance.now() - begun) / 1000 / (done - before) * (steps - done));
      pace.textContent = `step ${done} of ${steps}${left ? `, about ${left} s left` : ""}`;
      if (!slow && done > before + 3 && left > SLOW) {
        slow = true;
        say(`This device needs about ${left} s more. You can read on meanwhile.`, "known");
      }
      redraw();
    };
  };

  const { start, stop: halt } = trainer(model);

  const onTrain = (event) => {
    event.preventDefault();
    const guess = radios.find((radio) => radio.checked)?.value;
    const missing = settings.wrong() || (guess ? "" : "Choose a prediction first, then train.");
    if (missing) return say(missing, "ask");
    const chosen = settings.value();
    const run = { ...chosen, number: runs.length + 1, title: settings.title(), guess, losses: [] };
    current = run;
    figure.choose(0);
    bar.value = 0;
    pace.textContent = "loading the images";
    rest(false);
    say(`Training: ${steps} steps with ${run.title}.`, "known");
    redraw();
    start({
      seed: run.seed,
      optimizer: optimizers[run.optimizer].name.toLowerCase(),
      batchSize: run.batchSize,
      rates: state.schedules[run.schedule].factors.map((factor) => run.rate * factor),
    }, {
      steps: watch(run),
      end: (end) => finish(run, end),
      fail(sentence) { current = null; rest(true); say(sentence, "wrong"); redraw(); },
    });
  };

  const onStop = () => {
    halt();
    rest(true);
    const { length } = current.losses;
    const level = length ? `, at a training loss of ${formatNumber(current.losses.at(-1))}` : "";
    say(`Stopped after ${length} of ${steps} steps${level}. A run that is cut short leaves no dot.`, "known");
    redraw();
  };

  const onPrint = ({ type }) => { printing = type === "beforeprint"; redraw(); };
  el.append(element("div", { class: "lrlab-view" }, figure.node, settings.node, form, table.node,
    element("p", { class: "lrlab-caption" }, `Your run: the course's SimpleCNN on ` +
      `${images.toLocaleString("en")} images (${data}), ${steps} steps of ${batch} images unless you ` +
      `change that; its test loss is that of ${tests.toLocaleString("en")} other images. Recorded: the ` +
      `same in PyTorch, ${us[0].rates.length} rates × ${optimizers[0].seeds.length} seeds; a dot is a ` +
      "mean, its bar reaches from the lowest to the highest seed, a red cross marks a rate at which a " +
      `run is lost. Diamonds are yours, hollow where you changed more than rate and seed. ${MEANING}`),
    element("div", { class: "lrlab-more" }, numbers.node, ...codeOf(model))));
  form.addEventListener("submit", onTrain);
  stop.addEventListener("click", onStop);
  for (const moment of PRINT) window.addEventListener(moment, onPrint);
  own(el);
  settings.show({ value: state.rate });

  return () => {
    halt();
    figure.stop();
    for (const moment of PRINT) window.removeEventListener(moment, onPrint);
    el.replaceChildren();
  };
}

export default { render };
