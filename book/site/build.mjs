// Makes the site's script and sheet: `node book/site/build.mjs FOLDER`. Pages that are opened from a
// folder cannot load ES modules, so that all of them become one classic script.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

await build({
  entryPoints: [{ in: here("host.mjs"), out: "lrlab" }, { in: here("site.css"), out: "lrlab" }],
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  logLevel: "warning",
});
