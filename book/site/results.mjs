// The list of results below a search field: links, which the arrow keys walk through.

import { marks, snippet } from "./find.mjs";

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

const marked = (text, words) =>
  marks(text, words).map((piece) => (piece.marked ? element("mark", "", piece.text) : piece.text));

function result({ address, chapter, page, section, title, text, words }) {
  const link = element("a", "search-result");
  link.href = address;
  const above = [chapter ? `Chapter ${chapter} · ${page}` : page, section].filter(
    (part, at) => part && part !== title || at === 0 && chapter,
  );
  if (above.length) link.append(element("span", "search-where", above.join(" › ")));
  link.append(element("span", "search-title", ...marked(title, words)));
  link.append(element("span", "search-text", ...marked(snippet(text, words), words)));
  return element("li", "", link);
}

// Put a line that says how many results there are, and their list, below a form.
export function resultList(form, field) {
  const count = element("span", "");
  count.setAttribute("role", "status");
  const more = element("a", "", "Show all");
  const line = element("p", "search-said", count, " ", more);
  const list = element("ul", "search-results");
  form.after(line, list);
  line.hidden = list.hidden = true;

  const links = () => [...list.querySelectorAll("a")];
  function walk(event) {
    const stops = [field, ...links()];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || at < 0) return;
    event.preventDefault();
    stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
  }
  field.addEventListener("keydown", walk);
  list.addEventListener("keydown", walk);

  return {
    said: {
      show(text, address = "") {
        count.textContent = text;
        more.href = address;
        more.hidden = !address;
        line.hidden = !text;
      },
    },
    list: {
      show(found) {
        list.replaceChildren(...found.map(result));
        list.hidden = !found.length;
      },
      first: () => links()[0],
    },
  };
}
