// What is chosen in a page's figures stands in its address, so that a link leads back to the view:
// `#see-it?u_curve=0.22`, or with an item of a menu `#see-it?optimizer_us=0.01:Adam`. What was
// revealed is left out: whoever follows a link is to predict, too.

const PAUSE = 300; // milliseconds without a change, before it is written
const figures = new Map(); // name => { el, view, show, begin }

/** The name of a figure in the address: that of its module, numbered where there are several. */
function nameOf(el) {
  const host = el.closest("[data-module]");
  const { module } = host.dataset;
  const alike = [...document.querySelectorAll(`[data-module="${module}"]`)];
  const place = alike.indexOf(host);
  return place ? `${module}-${place + 1}` : module;
}

const asText = ({ value, item }) => (item == null ? `${value}` : `${value}:${item}`);

function asView(text) {
  const [value, item] = text.split(/:(.*)/s);
  return { value: Number(value), item };
}

const chosen = () => new URLSearchParams(location.hash.split("?")[1]);

/** The address of a figure's section, with what `query` says. */
function hashOf(el, query) {
  const anchor = el.closest("section[id]")?.id ?? "";
  const text = query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return `#${anchor}${text && `?${text}`}`;
}

function write(el) {
  const query = chosen();
  const before = `${query}`;
  for (const [name, { view, begin }] of figures) {
    const now = asText(view());
    if (now === begin) query.delete(name);
    else query.set(name, now);
  }
  if (`${query}` === before) return; // a figure that only starts changes no address
  history.replaceState(history.state, "", hashOf(el, query)); // no entry: Back leaves the page
}

/** Show what the address says of a figure; return whether that changed it. */
function follow({ view, show }, name) {
  const text = chosen().get(name);
  if (!text || !Number.isFinite(asView(text).value)) return false;
  const before = asText(view());
  show(asView(text));
  return asText(view()) !== before;
}

async function copy(link, told) {
  try {
    await navigator.clipboard.writeText(link);
    told.textContent = "Copied. It shows what you chose, not what you revealed.";
  } catch { // a browser that lets no page write there: the reader copies it
    const field = document.createElement("input");
    Object.assign(field, { readOnly: true, value: link, ariaLabel: "Link to this view" });
    told.replaceChildren(field);
    field.select();
  }
}

/** The button below a figure. */
function button(el, name) {
  const told = document.createElement("span");
  told.ariaLive = "polite";
  const press = Object.assign(document.createElement("button"),
    { type: "button", textContent: "Copy link to this view" });
  press.addEventListener("click", () => {
    const query = new URLSearchParams({ [name]: asText(figures.get(name).view()) });
    copy(new URL(hashOf(el, query), location.href).href, told);
  });
  el.addEventListener("lrlab:view", () => told.replaceChildren());
  el.querySelector(".lrlab-more")?.append(press, told);
}

let waiting = 0;
document.addEventListener("lrlab:ready", ({ target: el, detail: { view, show } }) => {
  const name = nameOf(el);
  const figure = { el, view, show, begin: asText(view()) };
  figures.set(name, figure);
  button(el, name);
  const type = performance.getEntriesByType("navigation")[0]?.type;
  // After a reload the browser itself goes back to where the reader was.
  if (follow(figure, name) && type !== "reload" && type !== "back_forward") el.scrollIntoView();
});
document.addEventListener("lrlab:view", ({ target: el }) => {
  clearTimeout(waiting);
  waiting = setTimeout(write, PAUSE, el);
});
window.addEventListener("hashchange", () => {
  for (const [name, figure] of figures) {
    if (follow(figure, name)) figure.el.scrollIntoView();
  }
});
