"""What a change of points leaves behind: the places where a notebook's text still says others.

The cells decide; what a heading, a table or a sentence says of points is for readers, and nobody
reads it all again after a change. A heading's "(3 points)" is held against the items below it, a
table whose last column is called points against all items. Of an item that has other points than
before, whatever the text above it says of points is named.
"""

import math
import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_task

HEADING = re.compile(r"^(#+) ", re.MULTILINE)
SAID = re.compile(r"^(#+) .*\((\d+(?:\.\d+)?) points?\)", re.MULTILINE)
TABLE = re.compile(r"^(\|.*\| *points *\|) *\n\|[-:| ]+\n((?:\|.*(?:\n|$))*)", re.MULTILINE)
LAST = re.compile(r"\| *(\d+(?:\.\d+)?) *\| *$", re.MULTILINE)
POINTS = re.compile(r"^(?!#).*?\b(.{0,50}\bpoints?\b(?! of a hundred).{0,20})", re.MULTILINE)


def items_of(cells: Sequence[NotebookNode]) -> dict[str, float]:
    """Return the points of each item of a notebook, by name."""
    marks = (cell.metadata.nbgrader for cell in cells if is_grade(cell) or is_task(cell))
    return {each["grade_id"]: float(each.get("points", 0)) for each in marks}


def still_said(cells: Sequence[NotebookNode], changed: dict[str, float]) -> Iterator[str]:
    """Yield a sentence for each place in the text of ``cells`` that says other points than they have.

    changed: what items that have other points now had before.
    """
    whole = math.fsum(items_of(cells).values())
    for index, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            for said in SAID.finditer(cell.source):
                rest = cell.source[said.end() :]
                below = math.fsum(_below(len(said[1]), rest, cells[index + 1 :]))
                if not math.isclose(float(said[2]), below):
                    yield _sentence(cell, said[0], f"the items below it have {below:g}")
            for table in TABLE.finditer(cell.source):
                column = math.fsum(map(float, LAST.findall(table[2])))
                if not math.isclose(column, whole):
                    why = f"its rows add up to {column:g}, and all items to {whole:g}"
                    yield _sentence(cell, table[1], why)
        for name, points in items_of([cell]).items():
            if name in changed:
                why = f"{name} has {points:g} points now, and had {changed[name]:g}"
                for above in _above(cells[:index]):
                    for said in POINTS.findall(above.source):
                        yield _sentence(above, said, why)


def _below(level: int, rest: str, cells: Sequence[NotebookNode]) -> Iterator[float]:
    """Yield the points of each item below a heading, after which ``rest`` and ``cells`` come."""
    for cell in (NotebookNode(cell_type="markdown", source=rest, metadata={}), *cells):
        headings = HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
        if any(len(marks) <= level for marks in headings):
            return
        yield from items_of([cell]).values()


def _above(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the text that ends ``cells`` and is about what comes next, up to its heading."""
    found = []
    for cell in reversed(cells):
        if items_of([cell]):
            break
        if cell.cell_type == "markdown":
            found.insert(0, cell)
            if HEADING.search(cell.source):
                break
    return found


def _sentence(cell: NotebookNode, said: str, why: str) -> str:
    return f'cell {cell.get("id", "")} says "{said.strip()}", but {why}'
