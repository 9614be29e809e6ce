// Finds passages by words. The order is that of MiniSearch (BM25, with prefixes and small slips of the
// typing finger). What is known here besides: which words say nothing, and from the glossary which mean
// the same, and which passage teaches them.

import MiniSearch from "minisearch";

const COMMON = new Set(
  `a about after all an and any are as at be been before but by can could did do does for from get had has
  have how i if in into is it its me my no not of on or our should so some than that the their them then there
  these they this to up use was we were what when where which who why will with would you your`.split(/\s+/),
);
const FEWEST = 0.12; // of the best one's score: what has less only shares a word with the question

const plain = (text) => text.toLowerCase().replace(/[‘’]/g, "'");
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// What a name of the glossary stands for, as one more word of a text: "lr" and "learning rate" both give
// the word "=learning rate", which nobody types.
function sameThings(terms) {
  const first = new Map();
  for (const { names } of terms) names.forEach((name) => first.set(plain(name), `=${plain(names[0])}`));
  if (!first.size) return () => [];
  const longestFirst = [...first.keys()].sort((a, b) => b.length - a.length).map(literal);
  const any = new RegExp(`(?<![\\w-])(${longestFirst.join("|")})(?:e?s)?(?![\\w-])`, "g");
  return (text) => [...plain(text).matchAll(any)].map((match) => first.get(match[1]));
}

const words = (text) => text.split(/[^\p{L}\p{N}]+/u);
// ReduceLROnPlateau is found by "reduce lr on plateau", too.
const CAPITALS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
const parts = (word) => (word.startsWith("=") ? [] : word.match(CAPITALS) ?? []);
const known = (word) => (COMMON.has(word) ? "" : word);

// Return a function that gives the passages that a text asks for, the best first, each with the words
// of it that matched. passages: {address, title, section, page, text}; terms: {names, taught}, an entry
// of the glossary and the address of the passage that teaches it.
export function finder(passages, terms = [], weight = () => 1) {
  const things = sameThings(terms);
  const taught = ({ address }) =>
    terms.filter((term) => term.taught === address).flatMap((term) => term.names).join(", ");
  const index = new MiniSearch({
    fields: ["title", "teaches", "section", "page", "text"],
    tokenize: (text) => [...words(text), ...things(text)],
    processTerm: (word) => [...new Set([word, ...parts(word)].map(plain))].filter(known),
  });
  index.addAll(passages.map((passage, id) => ({ id, ...passage, teaches: taught(passage) })));
  const options = {
    processTerm: (word) => known(plain(word)),
    boost: { title: 4, teaches: 3, section: 1.5, page: 1.5 },
    boostTerm: (word) => (word.startsWith("=") ? 0.5 : 1),
    boostDocument: (id) => weight(passages[id]),
    prefix: (word) => word.length > 1 && !word.startsWith("="),
    fuzzy: (word) => (word.length > 4 && !word.startsWith("=") ? 0.2 : false),
  };
  return (text) => {
    const found = index.search(text, options);
    return found
      .filter(({ score }) => score > FEWEST * found[0].score)
      .map(({ id, terms }) => ({ ...passages[id], words: terms.filter((word) => !word.startsWith("=")) }));
  };
}

// Return a text in pieces, {text, marked}, those marked that begin a word that matched.
export function marks(text, matched) {
  if (!matched.length) return [{ text, marked: false }];
  const any = new RegExp(`(?<![\\p{L}\\d])(${matched.map(literal).join("|")})`, "giu");
  const pieces = text.split(any).map((piece, at) => ({ text: piece, marked: at % 2 === 1 }));
  return pieces.filter((piece) => piece.text);
}

// Return about so many characters of a text, from where most of the words stand.
export function snippet(text, matched, length = 170) {
  const places = [];
  let at = 0;
  for (const piece of marks(text, matched)) {
    if (piece.marked) places.push({ at, word: plain(piece.text) });
    at += piece.text.length;
  }
  let start = 0;
  let most = 0;
  for (const place of places) {
    const near = places.filter((other) => other.at >= place.at && other.at < place.at + length - 30);
    const different = new Set(near.map((other) => other.word)).size;
    if (different > most) [most, start] = [different, place.at];
  }
  start = start < 60 ? 0 : text.indexOf(" ", start - 40) + 1;
  const whole = start + length >= text.length;
  const end = whole ? text.length : text.lastIndexOf(" ", start + length);
  return `${start ? "… " : ""}${text.slice(start, end)}${whole ? "" : " …"}`;
}
