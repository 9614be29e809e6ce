// The theme gives a tab stop to code that scrolls, and looks for such code when the window changes.
// What is folded has no width to look at; so let it look again when something opens.

document.addEventListener("toggle", () => dispatchEvent(new Event("resize")), true);
