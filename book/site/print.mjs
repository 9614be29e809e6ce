// Paper is white and cannot be clicked: while a page is printed its theme is light and its answers are
// open. Afterwards it is as it was. Figures see to themselves, in task.mjs.

const page = document.documentElement;
const CLOSED = ".bd-article details:not([open], .fold, .lrlab-view details)";
let undo = null;

window.addEventListener("beforeprint", () => {
  undo?.();
  const { theme } = page.dataset;
  const answers = [...document.querySelectorAll(CLOSED)];
  const open = (value) => answers.forEach((details) => { details.open = value; });
  page.dataset.theme = "light";
  open(true);
  undo = () => { page.dataset.theme = theme; open(false); undo = null; };
});
window.addEventListener("afterprint", () => undo?.());
