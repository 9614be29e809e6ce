// The site's one script starts here: build.mjs makes a classic script of it and of all it imports.
// It starts every quiz and figure of a page: it plays the part that anywidget plays in JupyterLab.
// A host element names its module; the module takes the place of the fallback. When a module fails,
// the fallback stays, and the console says why.

import "./address.mjs";
import "./contents.mjs";
import "./marks.mjs";
import "./menu.mjs";
import "./print.mjs";
import "./progress.mjs";
import "./progress_page.mjs";
import "./quiz_note.mjs";
import "./search.mjs";
import "./start.mjs";
import "./symptoms.mjs";
import "./terms.mjs";
import "./unfold.mjs";
import { answer } from "./training.mjs";

function model(values) {
  const listeners = new Map();
  const of = (event) => listeners.get(event) ?? listeners.set(event, new Set()).get(event);
  return {
    get: (key) => values[key],
    set(key, value) {
      values[key] = value;
      of(`change:${key}`).forEach((call) => call());
    },
    on: (event, call) => void of(event).add(call),
    off: (event, call) => void of(event).delete(call),
    save_changes() {}, // nobody listens on the other side
    send: (asked) => void answer(asked, (reply) => of("msg:custom").forEach((call) => call(reply))),
  };
}

async function start(host) {
  const fallback = host.querySelector(".lrlab-fallback");
  const state = JSON.parse(host.querySelector("script[type='application/json']").textContent);
  const el = document.createElement("div");
  fallback.before(el); // a figure that stands in the page knows its width, and is drawn at once
  try {
    const { default: widget } = await import(`../figures/${host.dataset.module}.mjs`);
    await widget.render({ model: model({ state, html: fallback.innerHTML }), el });
    fallback.remove();
  } catch (error) {
    el.remove();
    fallback.removeAttribute("style"); // a box in its place, as site.css has it
    console.error(`${host.dataset.module} did not start, its static form stays.`, error);
  }
}

document.querySelectorAll(".lrlab[data-module]").forEach(start);
