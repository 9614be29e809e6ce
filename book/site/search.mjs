// The search: a dialog on every page, and search.html. The index is a script that is asked for when a
// search begins, because a page that was opened from a folder can fetch nothing.

import { finder } from "./find.mjs";
import { resultList } from "./results.mjs";

const index = new URL("search_index.js", document.currentScript.src);
const dialog = document.getElementById("pst-search-dialog");
let search; // a promise of the function that finds

function loadSearch() {
  search ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = index;
    script.onload = () => {
      const { passages, terms } = globalThis.lrlabIndex;
      resolve(finder(passages, terms, (passage) => (passage.chapter ? 1 : 0.5)));
    };
    script.onerror = () => {
      search = undefined; // perhaps the network comes back
      reject(new Error(`${index} did not load`));
    };
    document.head.append(script);
  });
  return search;
}

function counted(results) {
  if (!results) return "Nothing found. Try fewer or other words.";
  return results === 1 ? "1 result" : `${results} results`;
}

// Make a form with a search field show results below it while one types; most: how many of them.
function serve(form, most) {
  const field = form.querySelector("input");
  const { said, list } = resultList(form, field);
  const all = (text) => `${form.getAttribute("action")}?q=${encodeURIComponent(text)}`;
  async function show() {
    const text = field.value.trim();
    if (!text) return said.show(""), list.show([]);
    let find;
    try {
      find = await loadSearch();
    } catch {
      return said.show("The search could not be loaded. Reload the page to try again.");
    }
    if (text !== field.value.trim()) return; // one has typed on
    const found = find(text);
    said.show(counted(found.length), found.length > most ? all(text) : "");
    list.show(found.slice(0, most));
  }
  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.first()?.click();
  });
  return { field, show };
}

if (dialog) {
  const { field, show } = serve(dialog.querySelector("form"), 8);
  const open = () => {
    if (!dialog.open) dialog.showModal();
    field.focus();
    field.select();
    loadSearch().then(show, () => {});
  };
  const typing = (event) => event.target.closest?.("input, textarea, select, [contenteditable]");
  const calls = (event) => {
    if (event.altKey) return false;
    if (event.key === "/") return !event.ctrlKey && !event.metaKey && !typing(event);
    return event.key.toLowerCase() === "k" && event.ctrlKey !== event.metaKey && !event.shiftKey;
  };
  // In front of the theme's own listeners, which would close what is opened here.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && dialog.open) {
      stop(event);
      dialog.close();
    } else if (calls(event) && !document.querySelector("dialog[open]:not(#pst-search-dialog)")) {
      stop(event);
      open();
    }
  }, true);
  addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside what is in it
    if (!event.target.closest?.(".search-button, .search-button__button")) return;
    stop(event);
    open();
  }, true);
  // A result on this page: the dialog is in the way.
  dialog.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

const page = document.querySelector(".search-page form");
if (page) {
  const { field, show } = serve(page, Infinity);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => {
    history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`);
  });
  field.focus();
  show();
}
