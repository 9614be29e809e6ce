// What is kept of a reader's work, as plain data: its form, and how two records become one.
//
// A record is a few parts, each a map from what was done to an entry that says when (`at`, in
// milliseconds). Of two entries of one thing a part keeps the earlier one, as of a first try, or the
// later one, as of a last try; that is all it takes to merge two browsers, in any order.

export const VERSION = 1;

const isRight = ({ right }) => typeof right === "boolean";
const isShort = (text) => typeof text === "string" && text.length <= 200;

// `keeps`: which of two entries; `holds`: what an entry has beside its time.
const PARTS = {
  sections: { keeps: "earlier", holds: () => true }, //    "01_first_step#idea": read to its end
  chapters: { keeps: "earlier", holds: () => true }, //    "01_first_step": every section read
  first: { keeps: "earlier", holds: isRight }, //          a question's id: its first answer
  last: { keeps: "later", holds: isRight }, //             a question's id: its last answer
  predictions: { keeps: "earlier", holds: isRight }, //    "01_first_step first_step 0.1"
  trained: { keeps: "earlier", holds: () => true }, //     "01_first_step 2026-11-27T06:05:55.000Z"
  deck: { keeps: "later", holds: ({ box }) => [1, 2, 3, 4, 5].includes(box) }, // a question's id
  place: { //                                              "last": where the reader was
    keeps: "later",
    holds: (entry) => [entry.page, entry.section, entry.title, entry.heading].every(isShort)
      && /^\w+\.html$/.test(entry.page) && /^[\w-]*$/.test(entry.section),
  },
};

/** The record of a reader who has done nothing yet. */
export const empty = () => Object.fromEntries(Object.keys(PARTS).map((part) => [part, {}]));

/**
 * Put an entry into a part, unless the one that is there is to be kept. Throws an Error, and changes
 * nothing, when it is not of the form above: no text of a record would be read with it.
 */
export function note(record, part, key, entry) {
  const { keeps, holds } = PARTS[part];
  const sound = /^[A-Za-z0-9][\w#:. -]{0,150}$/.test(key)
    && Number.isSafeInteger(entry?.at) && entry.at > 0 && holds(entry);
  if (!sound) throw new Error(`what it says of “${part}” was not written by this course`);
  const there = record[part][key];
  if (!there || (keeps === "later" ? entry.at > there.at : entry.at < there.at)) record[part][key] = entry;
}

/** Put all of one record into another. */
export function merge(record, other) {
  for (const part of Object.keys(PARTS)) {
    for (const [key, entry] of Object.entries(other[part])) note(record, part, key, entry);
  }
}

export const toText = (record) => JSON.stringify({ course: "lrlab", version: VERSION, ...record });

/** A record from the text that toText made; else an Error that says what the text is not. */
export function fromText(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("it is not a file of data (JSON)");
  }
  if (content?.course !== "lrlab") throw new Error("it does not come from this course");
  if (content.version !== VERSION) throw new Error("it comes from another version of this course");
  const record = empty();
  for (const part of Object.keys(PARTS)) {
    for (const [key, entry] of Object.entries(content[part] ?? {})) note(record, part, key, entry);
  }
  return record;
}

/** The name by which a record knows the page at a path: "01_first_step", with or without `.html`. */
export const nameOf = (path) => path.split("/").at(-1).replace(/\.html$/, "") || "intro";
