/* A training run, step by step: what `lrlab.training.fit` does, as a generator. */

import { createNetwork, initialWeights } from "./network.mjs";
import { makeOptimizer } from "./optimizers.mjs";
import { random, shuffle } from "./random.mjs";

const DIVERGED_FACTOR = 1000; // lrlab.history: a loss this many times the first never comes back

/* Trains and yields `{ step, learningRate, loss, diverged }` after each step, counted from 0; the loss is
   that of the step's batch before its update. A run that diverged, its loss not finite or 1,000 times the
   first, ends there. Whoever no longer asks for the next step has stopped the run. Returns the network.

   images [n x pixels] in [0, 1] and labels [n]: what it learns from. learningRate: a number, or a function
   of the step. The seed decides the starting weights and the order of the images, as in PyTorch. */
export function* train({ seed, images, labels, optimizer, learningRate, batchSize, steps }) {
  const network = createNetwork(initialWeights(random(seed)));
  const update = makeOptimizer(optimizer, network.weights.length);
  const rate = typeof learningRate === "function" ? learningRate : () => learningRate;
  const batches = shuffledBatches(images, labels, batchSize, seed);
  let first;
  for (let step = 0; step < steps; step++) {
    const batch = batches.next().value;
    const { loss, gradients } = network.lossAndGradients(batch.images, batch.labels);
    update(network.weights, gradients, rate(step));
    first ??= loss;
    const diverged = !Number.isFinite(loss) || loss > DIVERGED_FACTOR * first;
    yield { step, learningRate: rate(step), loss, diverged };
    if (diverged) break;
  }
  return network;
}

/* Yields batches for ever, each epoch in a new order; an incomplete last one is left out. The arrays of a
   batch are those of the next one. */
export function* shuffledBatches(images, labels, batchSize, seed) {
  const epochSteps = Math.floor(labels.length / batchSize);
  if (!(epochSteps >= 1)) throw new RangeError(`batchSize ${batchSize} of ${labels.length} images`);
  const pixels = images.length / labels.length;
  const batch = { images: new Float32Array(batchSize * pixels), labels: new Uint8Array(batchSize) };
  for (let epoch = 0; ; epoch++) {
    const order = shuffle(labels.length, seed * 1_000_003 + epoch);
    for (let start = 0; start < epochSteps * batchSize; start += batchSize) {
      for (let i = 0; i < batchSize; i++) {
        const chosen = order[start + i];
        batch.images.set(images.subarray(chosen * pixels, (chosen + 1) * pixels), i * pixels);
        batch.labels[i] = labels[chosen];
      }
      yield batch;
    }
  }
}
