// What came of a run that the page made: the outcome that was to be predicted, what the record says of
// the same settings, and the table of all of the reader's runs.

import { formatNumber, formatRate, guessing } from "./chart.mjs";
import { element } from "./dom.mjs";

const GUESSING = "still guessing", BETTER = "clearly better", BEST = "near the best";
const DIVERGED = "diverged";

export const OUTCOMES = [GUESSING, BETTER, BEST, DIVERGED];

/** What the outcomes mean, for a caption. */
export const MEANING = "“Near the best”: at least 80 % of the way down from guessing to the best " +
  "recorded rate, as the log axis measures it. “Still guessing”: less than 20 % of it.";

/** Where a run ended between guessing and the best recorded loss; record.py calls this its gain. */
export function outcomeOf({ loss, diverged }, best) {
  if (diverged) return DIVERGED;
  const gain = Math.log(guessing / loss) / Math.log(guessing / best);
  return gain < 0.2 ? GUESSING : gain < 0.8 ? BETTER : BEST;
}

const distance = (a, b) => Math.abs(Math.log(a / b));

/** What the record says of the recorded rate that is nearest to that of a run. */
export function compare({ rate, asRecorded }, { rates, explain }, batch) {
  const i = rates.reduce((near, each, j) =>
    (distance(each, rate) < distance(rates[near], rate) ? j : near), 0);
  const where = rates[i] === rate ? "" : ", the nearest rate";
  const how = asRecorded ? "" : `, kept constant, with batches of ${batch}`;
  return `Recorded at ${formatRate(rates[i])}${where}${how}: ${explain(i)}`;
}

/** The table of the reader's runs: { node, add }; `add(run)` puts the newest on top. */
export function runsTable() {
  const body = element("tbody");
  const titles = ["Run", "Settings", "Test loss", "You predicted"];
  const node = element("table", { class: "lrlab-runs", hidden: true },
    element("caption", {}, "Your runs"),
    element("thead", {}, element("tr", {}, ...titles.map((t) => element("th", { scope: "col" }, t)))),
    body);
  const add = ({ number, title, end, guess, hit }) => {
    const cells = [title, end.diverged ? "diverged" : formatNumber(end.loss), `${hit ? "✓" : "✗"} ${guess}`];
    body.prepend(element("tr", {}, element("th", { scope: "row" }, String(number)),
      ...cells.map((text) => element("td", {}, text))));
    node.hidden = false;
  };
  return { node, add };
}
