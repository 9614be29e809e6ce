"""Titles of questions: what stands above an item in the notebook that students were given.

An item's own name is for programs (``q4_repair``). People know it by the nearest heading above it,
without the points that stand there; items under one heading are its parts. An answer, on which a
person may comment, is often a cell of its own above the item.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from autograder.course import CourseDirectory, released

MARKDOWN = MarkdownIt("commonmark").disable("reference")  # as on the pages: it can take very long
# "(1 point)", "[2.5 pts.]"
POINTS = re.compile(
    r"\s*[(\[]\s*\d+(?:[.,]\d+)?\s*(?:points?|pts?|marks?)\.?\s*[)\]]\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Questions:
    """What an assignment asks, in its order.

    titles: of each item, by its name; "NOTEBOOK/NAME" where there are several notebooks.
    items: which item each answer belongs to, both named like that.
    """

    titles: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)


def questions(course: CourseDirectory, assignment: str) -> Questions:
    """Return what the release of an assignment asks: nothing where there is no release.

    A student's notebook has other headings, and may have the student's.
    """
    found = {
        path.stem: json.loads(path.read_bytes())["cells"] for path in released(course, assignment)
    }
    if len(found) == 1:
        (cells,) = found.values()
        return Questions(titles(cells), answered(cells))
    return Questions(
        {
            f"{name}/{item}": f"{name}: {title}"
            for name, cells in found.items()
            for item, title in titles(cells).items()
        },
        {
            f"{name}/{answer}": f"{name}/{item}"
            for name, cells in found.items()
            for answer, item in answered(cells).items()
        },
    )


def notebook_title(cells: Iterable[Mapping]) -> str | None:
    """Return the first heading of a notebook, as one line of Markdown; None when it has none."""
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return next((heading for text in texts for heading in _headings(text)), None)


def titles(cells: Iterable[Mapping]) -> dict[str, str]:
    """Return the title of each graded cell and task by its name, as one line of Markdown.

    Its only marks are the backticks around code. An item with no heading above has its own name.
    """
    found = dict(_nearest(cells))
    shared = Counter(found.values())
    parts = defaultdict(lambda: count(1))
    return {
        name: f"{title}, part {next(parts[title])}"
        if title and shared[title] > 1
        else title or name
        for name, title in found.items()
    }


def answered(cells: Iterable[Mapping]) -> dict[str, str]:
    """Return the item that each answer is for, by their names: its own cell, or the next below.

    What stands below the last item is for that one. Without an item nothing is for any.
    """
    found: dict[str, str] = {}
    waiting: list[str] = []
    item = None
    for cell in cells:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("solution") or marks.get("task"):
            waiting.append(marks["grade_id"])
        if marks.get("grade") or marks.get("task"):
            item = marks["grade_id"]
            found |= dict.fromkeys(waiting, item)
            waiting = []
    return found | dict.fromkeys(waiting, item) if item else {}


def _nearest(cells: Iterable[Mapping]) -> Iterator[tuple[str, str | None]]:
    """Yield each item's name with the heading in its own cell, or else the nearest one above."""
    above = None
    for cell in cells:
        is_text = cell["cell_type"] == "markdown"
        headings = [*_headings("".join(cell["source"]))] if is_text else []
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") or marks.get("task"):
            yield marks["grade_id"], headings[0] if headings else above
        above = headings[-1] if headings else above


def _headings(source: str) -> Iterator[str]:
    """Yield the headings of a text, in order."""
    for token, inline in pairwise(MARKDOWN.parse(source)):
        if token.type == "heading_open" and token.level == 0:
            text = " ".join(_text(inline.children).split())
            yield POINTS.sub("", text) or text


def _text(tokens: Iterable[Token]) -> str:
    """Return the words of inline Markdown, code in backticks."""
    return "".join(
        f"`{token.content}`"
        if token.type == "code_inline"
        else " "
        if token.type in ("softbreak", "hardbreak")
        else ""
        if token.type == "html_inline"
        else token.content
        for token in tokens
    )
