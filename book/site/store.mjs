// Keeps the reader's record in this browser, and nowhere else: one key of localStorage.
//
// Every change reads what is kept, changes it and writes it back, at once, so that two tabs do not
// overwrite each other. Where the browser keeps nothing (private mode, storage off or full) the
// record lives as long as the page, and `keeps()` says so.

import { VERSION, empty, fromText, toText } from "./record.mjs";

const KEY = `lrlab.progress.${VERSION}`;

let here = null; // the record of a page that cannot keep it
const listeners = new Set();

/** The record as it is now, in this tab or another. */
export function read() {
  if (here) return here;
  try {
    return fromText(localStorage.getItem(KEY));
  } catch {
    return empty(); // nothing yet, no access, or not ours
  }
}

/** Change the record: `edit` gets it, and what it has done to it is kept. */
export function change(edit) {
  const record = read();
  edit(record);
  try {
    localStorage.setItem(KEY, toText(record));
    here = null;
  } catch {
    here = record;
  }
  listeners.forEach((call) => call(record));
}

/** Forget everything. */
export function erase() {
  here = null;
  try {
    localStorage.removeItem(KEY);
  } catch { /* there is nothing to forget */ }
  listeners.forEach((call) => call(read()));
}

/** Whether what is done on this page will be there tomorrow. */
export function keeps() {
  try {
    localStorage.setItem(`${KEY}.test`, "");
    localStorage.removeItem(`${KEY}.test`);
    return here === null && localStorage instanceof Storage; // not what stands in for one that is blocked
  } catch {
    return false;
  }
}

/** Call `call` with the record whenever it changes, in this tab or in another one. */
export function onChange(call) {
  listeners.add(call);
}

/**
 * Where the reader was last, { page, section, title, heading }: "01_first_step.html", "idea", "1 The
 * first step", "Idea"; null before the first visit to a chapter.
 */
export const lastPlace = () => read().place.last ?? null;

globalThis.addEventListener?.("storage", (event) => {
  if (event.key === KEY || event.key === null) listeners.forEach((call) => call(read()));
});
