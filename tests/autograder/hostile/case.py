"""One hostile submission, and what must hold after it was graded.

In the text of cells and files ``ROOM`` stands for the folder of the room in which it is graded:
``ROOM/course`` is the course, ``ROOM/outside`` is none of its business. And ``EVE-WAS-HERE`` becomes the
case's own mark, which only its own results may hold.
"""

import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from hostile.trial import ANSWERS, FULL, NAME, WRONG, answered

MARK = "EVE-WAS-HERE"  # what hostile code writes wherever it can
NOTEBOOK = f"{NAME}.ipynb"


@dataclass(frozen=True)
class Case:
    """What one student hands in.

    name: also the student's, so it must stand between ``ada`` and ``zoe`` in the alphabet.
    first, last: code in a cell before and after all others; ``answers``: cells written anew, by id.
    The other answers are right, or all wrong when ``wrong``.
    mutate: changes the notebook's JSON document in place.
    files: what lies beside the notebook (or replaces it): bytes, text, or a ``TarInfo``.
    earns: the points of graded cells, exactly, where they differ from what the answers are worth.
    unsure: which cells lose their points is a matter of chance; none may earn more.
    says, never: patterns that what the cells wrote must hold, or must not.
    seconds: how long its grading may take.
    page: patterns that must not be in the page that ``nbgrader generate_feedback`` makes of it.
    """

    name: str
    first: str = ""
    last: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    wrong: bool = False
    mutate: Callable[[dict], None] | None = None
    files: dict[str, bytes | str | tarfile.TarInfo] = field(default_factory=dict)
    earns: dict[str, float] = field(default_factory=dict)
    unsure: bool = False
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    seconds: float = 60
    page: tuple[str, ...] = ()

    @cached_property
    def expected(self) -> dict[str, float]:
        """Return the points of every graded cell."""
        return {**(dict.fromkeys(FULL, 0.0) if self.wrong else FULL), **self.earns}

    def submission(self, course: Path, room: str) -> dict[str, object]:
        """Return what is handed in: the content of files by path."""
        notebook = answered(course, {**(WRONG if self.wrong else ANSWERS), **self.answers})
        if self.first:
            notebook.cells.insert(0, new_code_cell(self.first.strip(), id="first"))
        if self.last:
            notebook.cells.append(new_code_cell(self.last.strip(), id="last"))
        document = json.loads(nbformat.writes(notebook))
        if self.mutate:
            self.mutate(document)
        files = {NOTEBOOK: json.dumps(document), **self.files}
        return {
            path: each.replace("ROOM", room).replace(MARK, mark(self.name)).encode()
            if isinstance(each, str)
            else each
            for path, each in files.items()
        }


def mark(name: str) -> str:
    """Return the mark of one case."""
    return f"{MARK}-{name}"


def cells_of(document: dict) -> dict[str, dict]:
    """Return the cells of a notebook's JSON document by their id."""
    return {cell["id"]: cell for cell in document["cells"]}
