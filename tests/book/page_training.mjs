// Does what a Worker in the page does, for tests/book/test_page_training.py: takes one job as JSON from standard
// input and answers with JSON. Arrays of float32 go both ways as base64.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const folder = new URL("../../book/training/", import.meta.url);
const load = (name) => import(new URL(name, folder));
const { decodeImages } = await load("images.mjs");
const { createNetwork, initialWeights } = await load("network.mjs");
const { random, shuffle } = await load("random.mjs");
const { train } = await load("run.mjs");

const bytes = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const toBase64 = (array) => bytes(array).toString("base64");
const toFloats = (text) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);

/* What the script of the page hands over. */
function digits(script) {
  return new Promise((resolve) => {
    globalThis.lrlabImages = (pack) => resolve(decodeImages(pack));
    runInThisContext(readFileSync(script, "utf8"));
  });
}

const JOBS = {
  async unpack({ script }) {
    const sum = ({ images, labels }) =>
      createHash("sha256").update(bytes(images)).update(labels).digest("hex");
    const { train, test } = await digits(script);
    return { train: sum(train), test: sum(test) };
  },

  draw: ({ seed, count }) => ({
    weights: toBase64(initialWeights(random(seed))),
    order: [...shuffle(count, seed)],
  }),

  batch({ weights, images, labels }) {
    const network = createNetwork(toFloats(weights));
    const batch = [toFloats(images), Uint8Array.from(labels)];
    const evaluation = network.evaluate(...batch);
    const { loss, gradients } = network.lossAndGradients(...batch);
    return { loss, gradients: toBase64(gradients), evaluation };
  },

  async runs({ script, runs }) {
    const { train: learned, test } = await digits(script);
    return runs.map(({ rates, ...settings }) => {
      const learningRate = (step) => rates[step];
      const steps = train({ ...learned, ...settings, batchSize: 64, learningRate, steps: rates.length });
      const losses = [];
      for (;;) {
        const { value, done } = steps.next();
        if (done) return { losses: losses.map(String), test: value.evaluate(test.images, test.labels) };
        losses.push(value.loss);
      }
    });
  },
};

const job = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await JOBS[job.kind](job)));
