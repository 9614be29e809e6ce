"""Sentences and text cells as HTML in which nothing runs, and which cannot look like the page's own.

``Sentences`` writes what the judge says: code in backticks, and chapters as links. ``cell_text``
takes what nbconvert made of a Markdown cell.
"""

import functools
import re
from collections.abc import Callable

import bleach
from markupsafe import Markup, escape

from autograder.chapters import Chapters
from autograder.submission.pages import ATTRIBUTES, TAGS, clean_html

CODE = re.compile(r"`([^`]+)`")
# The classes that pygments gives to coloured code; the page's own words have other marks.
COLOURED = re.compile(r"highlight|[a-z]{1,2}\d?")
ANCHOR = re.compile('<a class="anchor-link" href="[^"<>]*">[^<]*</a>')  # nbconvert's, in headings
HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")
BELOW = 2  # headings of the page stand above those of the notebook


class Sentences:
    """Writes sentences as HTML. ``chapters``: the book's, to which they link."""

    def __init__(self, chapters: Chapters) -> None:
        self._chapters = chapters

    def html(self, text: str) -> Markup:
        """Return ``text`` escaped, with code set as code and chapters as links."""
        return _with_code(text, lambda piece: Markup(self._chapters.html(piece)))


def title(text: str) -> Markup:
    """Return ``text`` escaped, with code set as code."""
    return _with_code(text, escape)


def _with_code(text: str, prose: Callable[[str], Markup]) -> Markup:
    code = Markup("<code>{}</code>").format
    pieces = enumerate(CODE.split(text))
    return Markup("").join(code(piece) if odd % 2 else prose(piece) for odd, piece in pieces)


@functools.lru_cache(maxsize=500)  # all students have the same questions
def cell_text(html: str) -> str:
    """Return the HTML of a text cell, cleaned, with its headings below those of the page.

    It has no id to which a link of the page could lead, and no class but those of coloured code.
    """
    html = bleach.clean(
        clean_html(ANCHOR.sub("", html)), tags=TAGS, attributes=_harmless, protocols=PROTOCOLS
    )
    return HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + BELOW, 6)}", html)


PROTOCOLS = {"http", "https", "data"}


def _harmless(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute, which was let through once, also cannot imitate the page."""
    if name == "class":
        return all(map(COLOURED.fullmatch, value.split()))
    if tag in ("a", "img") and name != "title":
        return ATTRIBUTES[tag](tag, name, value)
    return name == "title"
