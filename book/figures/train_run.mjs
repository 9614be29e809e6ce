// Trains in a Worker, so that the page stays free for the reader. What the Worker runs, and the images,
// come when they are first asked for, from whoever shows the figure: on the site two scripts beside
// the page (book/site/training.mjs), in JupyterLab the kernel (lrlab/interactive.py).

const NO_WORKER = "This browser does not let a page train: it has no Web Workers, or forbids them here.";
const NO_MEMORY = "There is not enough memory left to train. Close other tabs, then try again.";

/** Ask whoever shows the figure; resolves to { address, type, images }: the Worker's and its images. */
const askFor = (model) => new Promise((resolve, reject) => {
  const onAnswer = ({ training }) => {
    if (!training) return;
    model.off("msg:custom", onAnswer);
    const { failed, source, type, images } = training;
    if (failed) return reject(new Error(failed));
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    resolve({ address, type, images });
  };
  model.on("msg:custom", onAnswer);
  model.send({ ask: "training" });
});

/**
 * Return { start, stop } for one run at a time. `start(settings, { steps, end, fail })` calls `steps`
 * with the losses that are new, at most twenty times a second, then `end` with what came of the run,
 * or `fail` with a sentence for the reader. After `stop` nothing is called any more.
 */
export function trainer(model) {
  let parts = null; // what was asked for; it stays, also where a run is stopped
  let worker = null;
  let run = 0; // a start or a stop ends what was started before it

  const open = ({ address, type, images }) => {
    try {
      worker = new Worker(address, { type });
    } catch {
      throw new Error(NO_WORKER);
    }
    worker.postMessage({ images });
  };

  const stop = () => {
    run += 1;
    worker?.terminate(); // in the middle of a step; the next run opens another
    worker = null;
  };

  const start = async (settings, { steps, end, fail }) => {
    const mine = (run += 1);
    const lose = (message) => {
      if (mine !== run) return;
      stop();
      fail(/memory|allocation/i.test(message) ? NO_MEMORY : message);
    };
    try {
      parts ??= await askFor(model);
      if (mine !== run) return;
      if (!worker) open(parts);
    } catch (error) {
      return lose(error.message);
    }
    worker.onmessage = ({ data }) => {
      if (mine !== run) return;
      if (data.failed) lose(data.failed);
      else if (data.end) end(data.end);
      else steps(data.losses);
    };
    worker.onerror = (event) => { event.preventDefault(); lose(event.message || NO_WORKER); };
    worker.postMessage({ settings });
  };

  return { start, stop };
}
