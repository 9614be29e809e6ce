// Trains in a Worker, so that the page stays free for the reader. What the Worker runs, and the images,
// come when they are first asked for, from whoever shows the figure: on the site two scripts beside
// the page (book/site/training.mjs), in JupyterLab the kernel (lrlab/interactive.py).

const NO_WORKER = "This browser does not let a page train: it has no Web Workers, or forbids them here.";
const NO_MEMORY = "There is not enough memory left to train. Close other tabs, then try again.";

/** Ask whoever shows the figure for { source, type, images }: the Worker's text and kind, the images. */
const askFor = (model) => new Promise((resolve, reject) => {
  const onAnswer = ({ training }) => {
    if (!training) return;
    model.off("msg:custom", onAnswer);
    if (training.failed) reject(new Error(training.failed));
    else resolve(training);
  };
  model.on("msg:custom", onAnswer);
  model.send({ ask: "training" });
});

const explain = (message) => (/memory|allocation/i.test(message) ? NO_MEMORY : message);

/**
 * Return { start, stop } for one run at a time. `start(settings, { steps, end, fail })` calls `steps`
 * with the losses that are new, at most twenty times a second, then `end` with what came of the run,
 * or `fail` with a sentence for the reader. After `stop` nothing is called any more.
 */
export function trainer(model) {
  let worker = null;
  let run = 0; // who is started while another is still being loaded replaces it

  const open = async () => {
    const { source, type, images } = await askFor(model);
    if (typeof Worker === "undefined") throw new Error(NO_WORKER);
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      worker = new Worker(address, { type });
    } catch {
      throw new Error(NO_WORKER);
    }
    worker.postMessage({ images });
  };

  const stop = () => {
    run += 1;
    worker?.terminate(); // a step in its middle is lost with it, and the next run opens another
    worker = null;
  };

  const start = async (settings, { steps, end, fail }) => {
    const mine = (run += 1);
    const lose = (message) => {
      if (mine !== run) return;
      stop();
      fail(explain(message));
    };
    try {
      if (!worker) await open();
    } catch (error) {
      return lose(error.message);
    }
    if (mine !== run) return;
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
