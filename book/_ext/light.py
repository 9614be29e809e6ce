"""The last step of a build: pages that ask for one sheet and two scripts.

The theme and the extensions of Sphinx bring ten sheets and twelve scripts, and most of what is in them no
page uses. `site/light.mjs` joins the sheets and leaves out what fits nothing in any page, and joins the
scripts that do something here. Icons are drawn into the pages (`icons`).
"""

import hashlib
import json
import re
import shutil
from pathlib import Path

import icons
from bundle import run
from sphinx.application import Sphinx

THEIR_SHEET = "_static/styles/pydata-sphinx-theme.css"
SHEET = re.compile(r'\s*<link [^>]*?href="([^"?]*_static/[^"?]*\.css)[^>]*>')
SCRIPT = re.compile(r'\s*<script[^>]*? src="([^"?]*)[^>]*></script>')
# Before a script: it is loaded early. In the page: for scripts that are not here.
UNUSED = re.compile(
    r"\s*<link rel=\"preload\"[^>]*>|\s*<script>DOCUMENTATION_OPTIONS\.[^<]*</script>"
)
JOINED = (
    "documentation_options.js",
    "clipboard.min.js",
    "copybutton.js",
    "sphinx-book-theme.js",
    "pydata-sphinx-theme.js",
)
# What draws icons, opens one menu, and searches: the book has its own.
DROPPED = (
    "fontawesome.js",
    "bootstrap.js",
    "doctools.js",
    "sphinx_highlight.js",
    "searchtools.js",
    "language_data.js",
    "searchindex.js",
)
# What the theme copies for these scripts and sheets.
LEFT_OVER = ("locales", "scripts", "styles", "vendor")
# Which colours a page has is decided before it is drawn, so that nothing flashes. Where a browser lets no
# page keep anything, the theme's script would end at its first question, and its buttons do nothing.
THEME = re.compile(r'<script data-cfasync="false">.*?</script>', re.DOTALL)
DECIDE = """<script>{
    for (const name of ["localStorage", "sessionStorage"]) {
      try {
        window[name];
      } catch {
        const kept = new Map();
        const value = {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, text) => kept.set(key, text),
          removeItem: (key) => kept.delete(key),
        };
        Object.defineProperty(window, name, { value });
      }
    }
    const mode = localStorage.getItem("mode") || "auto";
    const dark = mode === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : mode === "dark";
    Object.assign(document.documentElement.dataset, { mode, theme: dark ? "dark" : "light" });
  }</script>"""


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Make the sheet and the script, and let all pages that were written ask for these."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = {path: path.read_text("utf-8") for path in out.glob("*.html")}
    pages = {path: icons.draw(text) for path, text in pages.items() if THEIR_SHEET in text}
    if not pages:
        return
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    sheets, asked = (_asked(found, pages) for found in (SHEET, SCRIPT))
    scripts = [name for name in asked if Path(name).name in JOINED]
    dropped = [name for name in asked if Path(name).name in DROPPED]
    run("light.mjs", json.dumps({"site": str(out), "sheets": sheets, "scripts": scripts}))
    for path, text in pages.items():
        path.write_text(_linked(text, out), encoding="utf-8")
    for name in (*sheets, *scripts, *dropped):
        (out / name).unlink()
    for folder in LEFT_OVER:
        shutil.rmtree(out / "_static" / folder)


def _asked(found: re.Pattern, pages: dict[Path, str]) -> list[str]:
    """Return what pages ask for, as paths in the site, each once and in the order of a page."""
    names = [link[1] for text in pages.values() for link in found.finditer(text)]
    return [*dict.fromkeys(names)]


def _linked(page: str, out: Path) -> str:
    """Return a page that asks for the one sheet and the one script in place of the many."""
    links = [
        f'<link rel="stylesheet" href="_static/page.css?v={_digest(out / "_static/page.css")}">',
        f'<script defer src="_static/theme.js?v={_digest(out / "_static/theme.js")}"></script>',
    ]
    page = SCRIPT.sub(_kept, UNUSED.sub("", page)).replace(" data-bs-title=", " title=")
    first = SHEET.search(page).start()
    page = page[:first] + "\n    " + "\n    ".join(links) + SHEET.sub("", page[first:])
    return THEME.sub(DECIDE, page).replace('data-theme="auto"', 'data-theme="light"', 1)


def _kept(script: re.Match) -> str:
    """Return the tag of a script, or nothing where it is joined with others, or of no use."""
    return "" if Path(script[1]).name in (*JOINED, *DROPPED) else script[0]


def _digest(path: Path) -> str:
    """Return what a browser takes a new version by."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def setup(app: Sphinx) -> None:
    """Make the pages light when they are all there."""
    app.connect("build-finished", lighten, priority=900)
