// Makes of *Start*, on the start page, *Continue* where the reader was, as this browser remembers it.

import { lastPlace } from "./store.mjs";

const start = document.querySelector(".start a");
const place = start && lastPlace();
if (place) {
  const go = document.createElement("a");
  go.href = `${place.page}#${place.section}`;
  go.textContent = `Continue: ${place.title}, ${place.heading}`;
  start.before(go); // the other one stays, for whoever begins anew
}
