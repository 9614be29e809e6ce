// What the figure that trains asks for at the first click: the Worker's text and the images. Each is
// a classic script beside this one, since a page that was opened from a folder can load nothing else.

const { src } = document.currentScript;
const FAILED = "The training program or its images could not be loaded. Check that you are online, or " +
  "that the folder of this page is complete, then try again.";

const loaded = { type: "classic" }; // a module would be refused in a page from a folder
globalThis.lrlabWorker = (source) => { loaded.source = source; }; // train_worker.js calls it
globalThis.lrlabImages = (images) => { loaded.images = images; }; // and this one train_images.js

const load = (name) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = new URL(name, src);
  script.addEventListener("load", resolve);
  script.addEventListener("error", () => { script.remove(); reject(new Error(FAILED)); });
  document.head.append(script);
});

/** Answer `send({ ask: "training" })` of a figure: reply is called once, with what it asks for. */
export async function answer({ ask }, reply) {
  if (ask !== "training") return;
  try {
    if (!loaded.source) await load("train_worker.js");
    if (!loaded.images) await load("train_images.js");
    reply({ training: loaded });
  } catch (error) {
    reply({ training: { failed: error.message } });
  }
}
