"""Sentences of the judge as HTML, on a page of ours: code set as code, and chapters as links."""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from autograder.chapters import Chapters

CODE = re.compile(r"`([^`]+)`")


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
