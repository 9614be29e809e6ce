"""A page of the site on paper: Chromium prints it, numbered on from the page before.

The page's own print sheet says how it looks. What only a whole book has is added here: its name at the
head of each sheet, and a number at the foot that counts through all pages.
"""

import io
import json
from dataclasses import dataclass
from functools import cached_property

from playwright.sync_api import Page
from pypdf import PdfReader

RUNNING = """
html {{ counter-reset: page {before}; }}
@page {{
  @top-left {{ content: {book}; font: 8pt system-ui, sans-serif; color: #55626f; }}
  @top-right {{ content: {title}; font: 8pt system-ui, sans-serif; color: #55626f; }}
}}
"""
STARTED = "() => !document.querySelector('.lrlab[data-module] .lrlab-fallback')"
# Pictures wait until a reader comes near; paper does not.
PICTURES = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode();
}))"""
HEADINGS = """() => [...document.querySelectorAll("article section[id] > :is(h1, h2, h3)")]
  .map((heading) => {
    const words = heading.cloneNode(true);
    words.querySelectorAll(".headerlink").forEach((link) => link.remove());
    return [Number(heading.tagName[1]), words.textContent.trim(), heading.parentElement.id];
  })"""
# Chromium notes the place of what the page itself links to; so it links to all that has a name.
NAME_ALL = """() => {
  const links = document.createElement("div");
  links.hidden = true;
  for (const { id } of document.querySelectorAll("article [id]"))
    links.append(Object.assign(document.createElement("a"), { href: `#${id}` }));
  document.body.append(links);
}"""


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its level from 1, its words, and the anchor of its section."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True)
class Sheets:
    """A printed page of the site: its address, the sheets before it, its headings, and its PDF."""

    address: str
    before: int
    headings: tuple[Heading, ...]
    pdf: PdfReader

    @property
    def title(self) -> str:
        """What the page calls itself."""
        return self.headings[0].words

    @property
    def count(self) -> int:
        """How many sheets it takes."""
        return len(self.pdf.pages)

    @cached_property
    def places(self) -> dict[str, tuple[int, float]]:
        """Where each anchor is: the number of its sheet in the book, from 1, and its height there."""
        found = self.pdf.named_destinations.items()
        number = self.pdf.get_destination_page_number
        return {
            name.removeprefix("/"): (self.before + number(each) + 1, float(each.top))
            for name, each in found
        }


def sheets(page: Page, address: str, *, book: str, before: int) -> Sheets:
    """Print what stands at ``address``; ``before`` sheets of the ``book`` come before it."""
    page.goto(address)
    page.wait_for_function(STARTED)
    headings = tuple(Heading(*each) for each in page.evaluate(HEADINGS))
    title = headings[0].words
    words = {"book": quoted(book), "title": quoted("" if title == book else title)}
    page.add_style_tag(content=RUNNING.format(before=before, **words))
    page.evaluate(NAME_ALL)
    page.evaluate(PICTURES)
    return Sheets(address, before, headings, on_paper(page))


def on_paper(page: Page) -> PdfReader:
    """Print the page that is open."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    return PdfReader(io.BytesIO(pdf))


def quoted(text: str) -> str:
    """Return a text as CSS writes it."""
    return json.dumps(text, ensure_ascii=False)
