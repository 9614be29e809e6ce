/* SimpleCNN (lrlab/models.py) in plain typed arrays: a convolution of 5 x 5 to 10 channels, ReLU, max
   pooling by 2, 50 hidden units, ReLU, 10 logits, cross entropy; 72,820 weights.

   Weights and gradients are one Float32Array in the order of PyTorch's `model.parameters()`. Sums are
   made in double precision, as JavaScript does all its arithmetic, and stored in single. The loops are
   laid out so that the innermost runs over neighbours in memory. */

import { convolve, convolutionGradient, FEATURES, CHANNELS, TAPS, PIXELS } from "./convolution.mjs";
import { linear, linearGradients } from "./linear.mjs";

const UNITS = 50;
export const CLASSES = 10;

/* The layers' parts of the weights: how many numbers, and how many inputs each unit sums over. */
const PARTS = [
  { name: "kernel", size: CHANNELS * TAPS, inputs: TAPS },
  { name: "kernelBias", size: CHANNELS, inputs: TAPS },
  { name: "hiddenWeight", size: UNITS * FEATURES, inputs: FEATURES },
  { name: "hiddenBias", size: UNITS, inputs: FEATURES },
  { name: "outputWeight", size: CLASSES * UNITS, inputs: UNITS },
  { name: "outputBias", size: CLASSES, inputs: UNITS },
];
export const SIZE = PARTS.reduce((sum, part) => sum + part.size, 0);

/* PyTorch's default: every number uniform within 1 / sqrt(inputs) of zero. `random` gives [0, 1). */
export function initialWeights(random) {
  const weights = new Float32Array(SIZE);
  let at = 0;
  for (const { size, inputs } of PARTS) {
    const bound = 1 / Math.sqrt(inputs);
    for (const end = at + size; at < end; at++) weights[at] = bound * (2 * random() - 1);
  }
  return weights;
}

/* A network on these weights, which an optimizer then changes in place. Images are [n x 784] in [0, 1],
   labels [n] from 0 to 9; n may differ from call to call. */
export function createNetwork(weights) {
  if (weights.length !== SIZE) throw new RangeError(`${weights.length} weights instead of ${SIZE}`);
  const gradients = new Float32Array(SIZE);
  const own = views(weights);
  const slope = views(gradients);
  let room = workspace(0);

  function forward(images, n) {
    if (images.length !== n * PIXELS) {
      throw new RangeError(`${images.length} pixels for ${n} labels: an image has ${PIXELS}`);
    }
    if (room.n !== n) room = workspace(n);
    convolve(images, own.kernel, own.kernelBias, room.features, room.places);
    linear(room.features, own.hiddenWeight, own.hiddenBias, room.hidden);
    for (let i = 0; i < room.hidden.length; i++) if (room.hidden[i] <= 0) room.hidden[i] = 0; // NaN stays
    linear(room.hidden, own.outputWeight, own.outputBias, room.logits);
  }

  /* The mean loss of a batch and its gradients, in an array that the next call overwrites. */
  function lossAndGradients(images, labels) {
    const n = labels.length;
    forward(images, n);
    const { features, places, hidden, logits, onLogits, onHidden, onFeatures } = room;
    const { loss } = crossEntropy(logits, labels, onLogits);
    linearGradients(hidden, own.outputWeight, onLogits, slope.outputWeight, slope.outputBias, onHidden);
    for (let i = 0; i < hidden.length; i++) if (hidden[i] <= 0) onHidden[i] = 0;
    linearGradients(features, own.hiddenWeight, onHidden, slope.hiddenWeight, slope.hiddenBias, onFeatures);
    convolutionGradient(images, features, places, onFeatures, slope.kernel, slope.kernelBias);
    return { loss, gradients };
  }

  /* The mean loss and the accuracy (fraction right) on any number of images, part by part. */
  function evaluate(images, labels, part = 100) {
    let loss = 0;
    let right = 0;
    for (let start = 0; start < labels.length; start += part) {
      const some = labels.subarray(start, start + part);
      forward(images.subarray(start * PIXELS, (start + some.length) * PIXELS), some.length);
      const result = crossEntropy(room.logits, some);
      loss += result.loss * some.length;
      right += result.right;
    }
    return { loss: loss / labels.length, accuracy: right / labels.length };
  }

  return { weights, lossAndGradients, evaluate };
}

function views(numbers) {
  let at = 0;
  return Object.fromEntries(
    PARTS.map(({ name, size }) => [name, numbers.subarray(at, (at += size))]),
  );
}

function workspace(n) {
  const [features, onFeatures] = [0, 0].map(() => new Float32Array(n * FEATURES));
  const [hidden, onHidden] = [0, 0].map(() => new Float32Array(n * UNITS));
  const [logits, onLogits] = [0, 0].map(() => new Float32Array(n * CLASSES));
  const places = new Uint16Array(n * FEATURES);
  return { n, features, places, hidden, logits, onFeatures, onHidden, onLogits };
}

/* The mean cross entropy, how many are right, and, if asked for, the gradient on the logits. */
function crossEntropy(logits, labels, onLogits) {
  const n = labels.length;
  let loss = 0;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const own = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    const highest = Math.max(...own);
    let sum = 0;
    for (const logit of own) sum += Math.exp(logit - highest);
    loss += Math.log(sum) + highest - own[labels[i]];
    if (own.indexOf(highest) === labels[i]) right += 1;
    if (!onLogits) continue;
    for (let c = 0; c < CLASSES; c++) {
      onLogits[i * CLASSES + c] = (Math.exp(own[c] - highest) / sum - (c === labels[i])) / n;
    }
  }
  return { loss: loss / n, right };
}
