// Makes the site's script and sheet: `node book/site/build.mjs FOLDER`. Pages that are opened from a
// folder cannot load ES modules, so that all of them become one classic script. Such a page cannot load
// a Worker either: the text of the one that trains comes in a script of its own, when it is asked for.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const folder = process.argv[2];
const shared = {
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: [{ in: here("host.mjs"), out: "lrlab" }, { in: here("site.css"), out: "lrlab" }],
  outdir: folder,
});
const worker = await build({ ...shared, entryPoints: [here("../training/worker.mjs")], write: false });
const text = JSON.stringify(worker.outputFiles[0].text);
await writeFile(join(folder, "train_worker.js"), `globalThis.lrlabWorker(${text});\n`);
