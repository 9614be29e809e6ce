// Elements, for quiz and figures alike.

const SVG = "http://www.w3.org/2000/svg";

const fill = (node, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
};

/** An HTML element. Attributes that are false or null are left out. */
export const element = (name, attributes = {}, ...children) =>
  fill(document.createElement(name), attributes, children);

/** An SVG element. */
export const mark = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

/**
 * Prepare the element that a module draws in. JupyterLab would take the arrow keys and Enter for
 * itself; it leaves them to a control that says so, so this is called once the controls exist.
 */
export function own(el) {
  el.classList.add("lrlab");
  for (const control of el.querySelectorAll("input, button, select, summary")) {
    control.setAttribute("data-lm-suppress-shortcuts", "true");
  }
}

/** What opens to the code behind a figure: it comes with the HTML that the figure takes the place of. */
export const codeOf = (model) =>
  new DOMParser().parseFromString(model.get("html"), "text/html").querySelectorAll(".lrlab-code");
