// Export, import and erase: the reader's record as a file of his own, and the end of it.

import { element, own } from "../figures/dom.mjs";
import { fromText, merge, toText } from "./record.mjs";
import { change, erase, read } from "./store.mjs";

const LARGEST = 2_000_000; // bytes; a reader of the whole book has some hundredth of that

const total = (record) =>
  Object.values(record).reduce((sum, part) => sum + Object.keys(part).length, 0);

function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The dialog that asks before everything is erased; `onErase` is called when the answer is yes. */
function eraseDialog(onErase) {
  const dialog = element("dialog", { class: "practice-dialog", "aria-labelledby": "practice-ask" },
    element("form", { method: "dialog" },
      element("p", { id: "practice-ask" }, element("b", {}, "Erase your progress?")),
      element("p", {}, "Sections read, answers, predictions and the deck of questions are deleted in "
        + "this browser. There is no way back but a file that you have exported."),
      element("div", { class: "lrlab-buttons" },
        element("button", { value: "keep", class: "lrlab-primary" }, "Keep it"),
        element("button", { value: "erase" }, "Erase everything"))));
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "erase") onErase();
    dialog.returnValue = "";
  });
  return dialog;
}

/** Put the three buttons into `host`. */
export function startKeeping(host) {
  const status = element("p", { role: "status" });
  const button = (text, call) => {
    const node = element("button", { type: "button" }, text);
    node.addEventListener("click", call);
    return node;
  };

  const input = element("input", { type: "file", accept: ".json,application/json", hidden: true });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = ""; // the same file can be chosen again
    if (!file) return;
    try {
      if (file.size > LARGEST) throw new Error("it is too large to come from this course");
      const other = fromText(await file.text());
      const before = total(read());
      change((record) => merge(record, other));
      const added = total(read()) - before;
      status.textContent = `“${file.name}” was put together with what is here: ${added} new.`;
    } catch (error) {
      status.textContent = `“${file.name}” was not imported: ${error.message}. Nothing was changed.`;
    }
  });

  const dialog = eraseDialog(() => {
    erase();
    status.textContent = "Everything was erased.";
  });
  const name = () => `learning-rates-${new Date().toISOString().slice(0, 10)}.json`;
  host.replaceChildren(
    element("div", { class: "lrlab-buttons" },
      button("Export to a file", () => {
        download(toText(read()), name());
        status.textContent = `Exported as ${name()}.`;
      }),
      button("Import a file …", () => input.click()),
      button("Erase …", () => dialog.showModal())),
    input, status, dialog);
  own(host);
}
