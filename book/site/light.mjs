// Joins the sheets of a built site to one, and the theme's scripts to one: `node light.mjs JSON`, with
// the folder of the `site`, and its `sheets` and `scripts` in their order. A rule of the theme is left
// out when its classes, elements or attributes stand in no page and in no script; ours all stay.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const OURS = "_static/lrlab";
const { site, sheets, scripts } = JSON.parse(process.argv[2]);
const read = (name) => readFileSync(join(site, name), "utf8");

// The theme tells the console what it does; nobody who reads a page asked.
const options = { minify: true, drop: ["console"] };
const script = (await transform(scripts.map(read).join("\n;"), options)).code;
const theirs = await build({
  stdin: {
    contents: sheets.filter((name) => !name.startsWith(OURS)).map((name) => `@import "./${name}";`).join("\n"),
    loader: "css",
    resolveDir: site,
  },
  bundle: true,
  write: false,
  loader: { ".svg": "dataurl", ".png": "dataurl", ".woff2": "empty", ".ttf": "empty" },
});

// What stands in the tags of the pages, where a text that says "card" is no card, and in all scripts.
const tags = (page) => page.match(/<[a-z][^>]*>/g)?.join(" ").match(/[\w-]+/g) ?? [];
const pages = readdirSync(site).filter((name) => name.endsWith(".html"));
const ours = read(`${OURS}.css`);
const [{ css }] = await new PurgeCSS().purge({
  css: [{ raw: theirs.outputFiles[0].text }],
  content: [
    ...pages.map((name) => ({ raw: read(name), extension: "html" })),
    { raw: script + read(`${OURS}.js`), extension: "js" },
  ],
  extractors: [{ extensions: ["html"], extractor: tags }],
  blocklist: [/^fa([bsr]|-solid|-regular|-brands)?$/], // icons are drawings, not letters of a font
  safelist: { variables: ours.match(/--[\w-]+/g) },
  variables: true,
  keyframes: true,
  fontFace: true,
});
const sheet = (await transform(css + ours, { loader: "css", minify: true })).code;

writeFileSync(join(site, "_static", "page.css"), sheet);
writeFileSync(join(site, "_static", "theme.js"), script);
