// The table of mistakes: a reader types what is seen, and the rows that have it stay, the best first.

import { finder } from "./find.mjs";

const table = document.querySelector("table.mistakes.all");
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  // A symptom counts most: as the title of a passage.
  const find = finder(rows.map((row) => (
    { row, title: row.cells[0].textContent, section: "", page: "", text: row.textContent }
  )));

  const form = document.createElement("p");
  form.className = "symptom-search";
  form.innerHTML = `<label for="symptom">What do you see?</label>
    <input id="symptom" type="search" autocomplete="off" placeholder="loss is nan">
    <span role="status"></span>`;
  const [field, said] = [form.querySelector("input"), form.querySelector("[role=status]")];
  field.addEventListener("input", () => {
    const found = field.value.trim() ? find(field.value).map(({ row }) => row) : rows;
    body.replaceChildren(...found);
    said.textContent = found.length
      ? `${found.length} of ${rows.length} mistakes`
      : "No mistake has these words: try others.";
  });
  said.textContent = `${rows.length} mistakes`;
  (table.closest(".pst-scrollable-table-container") ?? table).before(form);
}
