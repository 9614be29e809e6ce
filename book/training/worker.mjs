/* What trains in a Worker, beside the page: takes `{ images }` once, then `{ settings }` of a run, and
   answers with `{ losses }`, those of the steps since the last answer, `{ end }`, or `{ failed }`. */

import { decodeImages } from "./images.mjs";
import { train } from "./run.mjs";

const PAUSE = 50; // milliseconds between two answers: enough for the eye, and the page has time
const RISE = 1.1; // these two as in lrlab/runs/summary.py: the loss rose clearly above its start
const SILENT = 0.98 * Math.log(10); // and came back no lower than guessing

let images; // a promise of them

/* One whole run: its losses on the way, and what the network is worth on images it did not learn from. */
function run({ rates, ...settings }, { train: learned, test }) {
  const begun = performance.now();
  const learningRate = (step) => rates[step];
  const steps = train({ ...settings, ...learned, learningRate, steps: rates.length });
  const losses = [];
  let lost = false;
  let said = 0;
  let answered = begun;
  let next;
  while (!(next = steps.next()).done) {
    losses.push(next.value.loss);
    lost = next.value.diverged;
    if (performance.now() - answered < PAUSE) continue;
    postMessage({ losses: losses.slice(said) });
    said = losses.length;
    answered = performance.now();
  }
  if (said < losses.length) postMessage({ losses: losses.slice(said) });
  const { loss, accuracy } = next.value.evaluate(test.images, test.labels);
  const silent = Math.max(...losses) > RISE * losses[0] && loss > SILENT;
  const diverged = lost || !Number.isFinite(loss) || silent;
  return { loss, accuracy, diverged, seconds: (performance.now() - begun) / 1000 };
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.images) images = decodeImages(data.images);
    else postMessage({ end: run(data.settings, await images) });
  } catch (error) {
    postMessage({ failed: `The training stopped: ${error.message}.` });
  }
});
