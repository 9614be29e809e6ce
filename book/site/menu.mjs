// The menus in the bar of a page, as that of the download button: a press opens one; a choice, a press or
// a focus elsewhere and Escape close it; arrow keys go through it.

const OPENS = "[data-bs-toggle='dropdown']";
const opened = () => document.querySelector(`${OPENS}[aria-expanded='true']`);
const menu = (button) => button.parentElement.querySelector(".dropdown-menu");

function open(button, yes) {
  button.setAttribute("aria-expanded", yes);
  menu(button).classList.toggle("show", yes);
}

function close() {
  const button = opened();
  if (button) open(button, false);
  return button;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(OPENS);
  if (close() !== button && button) open(button, true);
});

document.addEventListener("focusin", ({ target }) => {
  if (!opened()?.parentElement.contains(target)) close();
});

document.addEventListener("keydown", (event) => {
  const button = opened() ?? event.target.closest(OPENS);
  if (!button) return;
  if (event.key === "Escape") {
    close()?.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault(); // the page stays where it is
    open(button, true);
    const items = [...menu(button).querySelectorAll("a, button")];
    const at = items.indexOf(document.activeElement);
    items.at(event.key === "ArrowDown" ? (at + 1) % items.length : Math.max(at, 0) - 1).focus();
  }
});
