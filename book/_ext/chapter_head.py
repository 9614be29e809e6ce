"""The head of a chapter: its number before its title, and what it takes beside its question.

Texts and assignments say "chapter 6". That is the number of the file, ``NN_slug``: Sphinx would count
the chapters that there are, and the third of them need not be chapter 3. It is put in when a page has
been read and before anything has taken its title; so the heading, the list of chapters, the links to
the neighbours and the search have it alike.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

BEFORE_TITLES_ARE_TAKEN = 400  # Sphinx's own collectors have a priority of 500


def number_of(docname: str) -> int | None:
    """Return the number of the chapter in the file ``docname``, None for any other page."""
    numbered = re.match(r"(\d\d)_", docname)
    return int(numbered[1]) if numbered else None


def number_title(title: nodes.title, number: int) -> None:
    """Put the ``number`` of a chapter before its title."""
    title.insert(0, nodes.Text(" "))
    title.insert(0, nodes.inline("", f"{number}", classes=["chapter-number"]))


def move_needs(title: nodes.title) -> None:
    """Move the minutes of a chapter and what it needs to its ``title``: the sheet has them beside it."""
    for paragraph in title.parent.findall(nodes.paragraph):
        if re.match(r"About \d+ minutes\b", paragraph.astext()):
            paragraph.parent.remove(paragraph)
            paragraph["classes"].append("needs")
            title.parent.insert(1, paragraph)
            return


def make_head(app: Sphinx, doctree: nodes.document) -> None:
    """Change the head of a page, when it is a chapter."""
    number, title = number_of(app.env.docname), next(doctree.findall(nodes.title), None)
    if number is not None and title is not None:
        number_title(title, number)
        move_needs(title)


def setup(app: Sphinx) -> None:
    """Register what makes the heads."""
    app.connect("doctree-read", make_head, priority=BEFORE_TITLES_ARE_TAKEN)
