"""Text cells as HTML in which nothing runs, and which cannot look like the page's own words."""

import functools
import re

import bleach

from autograder.submission.pages import ATTRIBUTES, TAGS, clean_html

# The classes that pygments gives to coloured code; the page's own words have other marks.
COLOURED = re.compile(r"highlight|[a-z]{1,2}\d?")
ANCHOR = re.compile('<a class="anchor-link" href="[^"<>]*">[^<]*</a>')  # nbconvert's, in headings
HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")
BELOW = 2  # headings of the page stand above those of the notebook


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
