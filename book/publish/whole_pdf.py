"""The whole book as one PDF, printed of the site as it was last built: `make pdf`.

Each page becomes sheets of its own (`sheets`). When all are printed their numbers are known, and the
contents can be; then all is put together (`binding`) and offered on the site (`downloads`).
"""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml
from binding import bind
from downloads import PDF, SITE, offer
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfWriter
from sheets import Sheets, on_paper, sheets

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


ON_SCREEN = {"progress"}  # a page that shows what a browser remembers


def names() -> list[str]:
    """Return the names of the pages that paper can show, in the order of the book's contents."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    pages = [toc["root"], *(each["file"] for each in toc["chapters"])]
    return [page for page in pages if page not in ON_SCREEN]


def whole(browser: Browser, site: str, names: Iterable[str]) -> PdfWriter:
    """Return the pages of the site at the address ``site``, by their ``names``, as one PDF."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    page = browser.new_page()
    parts: list[Sheets] = []
    for name in names:
        before = sum(part.count for part in parts)
        parts.append(sheets(page, f"{site}/{name}.html", book=config["title"], before=before))
    page.set_content(front(config, parts))
    book = bind(on_paper(page), parts, site=site)
    book.add_metadata({"/Title": config["title"], "/Author": config["author"]})
    book.page_mode = "/UseOutlines"  # a viewer shows the bookmarks
    return book


def front(config: dict, parts: Sequence[Sheets]) -> str:
    """Return the title page and the contents: each page and each section of a chapter with its number."""
    contents = [
        {
            "title": part.title,
            "address": part.address,
            "number": part.before + 1,
            "sections": [
                {
                    "title": heading.words,
                    "address": f"{part.address}#{heading.anchor}",
                    "number": part.places[heading.anchor][0],
                }
                for heading in part.headings
                if heading.level == 2 and part.title[0].isdigit()
            ],
        }
        for part in parts
    ]
    return TEMPLATES.get_template("front.html.jinja").render(config, contents=contents)


def main() -> None:
    """Write the PDF where the site offers it."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("Chromium prints the book: run sudo apt-get install chromium first.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        book = whole(browser, SITE.as_uri(), names())
    PDF.parent.mkdir(exist_ok=True)
    book.write(PDF)
    offer()
    print(f"{PDF.relative_to(ROOT)}: {len(book.pages)} pages")


if __name__ == "__main__":
    main()
