// Sorts a table of the report: by the column whose header is pressed, and the other way when pressed
// again. Whoever has nothing in that column stays at the end.
const words = new Intl.Collator(undefined, { numeric: true });

function compare(isNumber, first, second) {
  if (first === "" || second === "") return (first === "") - (second === "");
  return isNumber ? first - second : words.compare(first, second);
}

function sort(header) {
  const up = header.getAttribute("aria-sort") !== "ascending";
  for (const each of header.parentNode.cells) each.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", up ? "ascending" : "descending");
  const body = header.closest("table").tBodies[0];
  const value = ({ cells }) => cells[header.cellIndex].dataset.value ?? cells[header.cellIndex].textContent.trim();
  const isNumber = header.classList.contains("number");
  const full = [], empty = [];
  for (const row of body.rows) (value(row) === "" ? empty : full).push(row);
  full.sort((first, second) => compare(isNumber, value(first), value(second)) * (up ? 1 : -1));
  body.append(...full, ...empty);
}

for (const header of document.querySelectorAll("table.sortable thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  button.addEventListener("click", () => sort(header));
  header.append(button);
}
