// What a word means, beside its first mention in a chapter: on hover, on focus and on a tap. Without this
// script the word is a link to the glossary, and screen readers have the definition from the page.

const PATIENCE = 150; // ms before a note opens under a pointer that rests, or closes behind one that left

const note = document.createElement("span");
note.className = "term-note";
note.hidden = true;
let shown; // the word whose note is open
let waiting;
let touched = false;

function show(word) {
  clearTimeout(waiting);
  if (shown === word) return;
  shown = word;
  const meaning = document.getElementById(word.getAttribute("aria-describedby"));
  note.replaceChildren(...meaning.firstElementChild.cloneNode(true).childNodes);
  word.after(note); // next in the order of the Tab key
  note.hidden = false;
  place(word);
}

function hide() {
  clearTimeout(waiting);
  shown = undefined;
  note.hidden = true;
}

// Below the line of the word, within the column; above it where the window ends.
function place(word) {
  note.style.translate = "none";
  const line = [...word.getClientRects()].at(-1);
  const box = note.getBoundingClientRect();
  const right = document.documentElement.clientWidth - box.width - 8;
  const x = Math.max(8, Math.min(line.left, right)) - box.left;
  const below = line.bottom + 6;
  const y = below + box.height > innerHeight && line.top > box.height ? line.top - box.height - 6 : below;
  note.style.translate = `${x}px ${y - box.top}px`;
}

const later = (call) => {
  clearTimeout(waiting);
  waiting = setTimeout(call, PATIENCE);
};

for (const word of document.querySelectorAll("a.term")) {
  word.addEventListener("pointerdown", (event) => (touched = event.pointerType !== "mouse"));
  word.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && later(() => show(word)));
  word.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && later(hide));
  word.addEventListener("focus", () => touched || show(word));
  word.addEventListener("blur", (event) => note.contains(event.relatedTarget) || touched || hide());
  word.addEventListener("click", (event) => {
    if (!touched) return; // a mouse and a keyboard follow the link
    touched = false;
    event.preventDefault();
    if (shown === word) hide();
    else show(word);
  });
}
note.addEventListener("pointerenter", () => clearTimeout(waiting));
note.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && later(hide));
note.addEventListener("focusout", (event) => {
  if (!note.contains(event.relatedTarget) && event.relatedTarget !== shown) hide();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("pointerdown", (event) => {
  if (shown && !note.contains(event.target) && event.target !== shown) hide();
});
