"""``nbgrader validate``, on the notebook that would be graded: what is said there comes true here.

Grading rebuilds a notebook from the release, so a cell that is there twice, a mark that an editor
lost or a file that is no notebook stops nothing. Where no release is at hand, as on a student's own
machine, and for a master, the notebook's own cells are taken for it, each once.
"""

import tempfile
from pathlib import Path
from textwrap import fill

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput
from nbgrader.validator import Validator as StockValidator
from traitlets import List

from autograder.course import masters, released
from autograder.grading.execution import SandboxedExecute
from autograder.sandbox.lease import SandboxError
from autograder.submission.document import Unreadable, cells_in
from autograder.submission.rebuilt import TYPES, named, rebuild

DAMAGED = "nbgrader's marks are damaged: copy your answers into a freshly fetched notebook."
UNMARKED = (
    "No cell of this notebook is graded. If it is an assignment, an editor has lost nbgrader's marks: "
    "copy your answers into a freshly fetched notebook."
)


class Validator(StockValidator):
    """nbgrader's ``Validator`` of the rebuilt notebook, with the cells in a sandbox."""

    preprocessors = List([CheckCellMetadata, ClearOutput, SandboxedExecute])

    def validate(self, filename: str) -> dict[str, list[dict[str, str]]]:
        """Return what nbgrader says of the cells that failed; of a file that cannot be used, why."""
        path, self._notes = Path(filename).resolve(), []
        try:
            notebook, self._notes = as_graded(path, self._release(path))
            MetadataValidator().validate_nb(notebook)
        except (Unreadable, ValidationError) as error:
            why = str(error) if isinstance(error, Unreadable) else f"{DAMAGED} ({error.message})"
            return {"failed": [{"source": path.name, "error": why, "raw_error": why}]}
        self._folder = path.parent
        with tempfile.TemporaryDirectory() as place:
            rebuilt = Path(place, path.name)
            nbformat.write(notebook, rebuilt)
            return super().validate(str(rebuilt))

    def validate_and_print(self, filename: str) -> None:
        """Print nbgrader's verdict, and what is odd about the whole notebook.

        Ends the command with a sentence where no sandbox can be had.
        """
        try:
            super().validate_and_print(filename)
        except SandboxError as error:
            raise SystemExit(str(error)) from None
        for note in self._notes:
            self.stream.write(f"\n{fill(note, self.width)}\n")

    def _preprocess(self, nb: NotebookNode) -> NotebookNode:
        resources = {"metadata": {"path": str(self._folder)}}  # where the student's files lie
        with utils.setenv(NBGRADER_VALIDATING="1", NBGRADER_EXECUTION="validate"):
            for step in self.preprocessors:
                nb, resources = step(parent=self).preprocess(nb, resources)
        return nb

    def _release(self, path: Path) -> Path | None:
        """Return the release that a notebook belongs to, if it is here; a master has none."""
        course, assignment = CourseDirectory(config=self.config), path.parent.name
        if path in (master.resolve() for master in masters(course, assignment)):
            return None
        found = released(course, assignment)
        same = [each for each in found if each.name == path.name]
        return next(iter(same or found[:1] * (len(found) == 1)), None)


def as_graded(path: Path, release: Path | None) -> tuple[NotebookNode, list[str]]:
    """Return the notebook that grading would run for the file ``path``, and what is odd about it.

    Raises Unreadable.
    """
    cells = cells_in(path)
    given = named(nbformat.read(release, as_version=4) if release else itself(cells))
    notebook, notes = rebuild(given, cells)
    names = [cell["name"] for cell in cells]
    marked = [cell.id for cell in given.cells if cell.metadata.get("nbgrader")]
    if twice := [name for name in marked if names.count(name) > 1]:
        notes.append(
            f"These cells are there twice: {', '.join(twice)}. Of an answer both run, one after the "
            "other; of any other cell the first counts. Delete the one that you do not want."
        )
    if not any(utils.is_grade(cell) for cell in notebook.cells):
        notes.append(UNMARKED)
    return notebook, notes


def itself(cells: list[dict]) -> NotebookNode:
    """Return a notebook of the cells that have a name, each the first of its name."""
    first = {cell["name"]: cell for cell in reversed(cells) if cell["name"]}
    return nbformat.v4.new_notebook(
        cells=[
            TYPES[cell["cell_type"]](
                cell["source"],
                id=cell["name"],
                metadata={"nbgrader": cell["marks"]} if cell["marks"] else {},
            )
            for cell in cells
            if first.get(cell["name"]) is cell
        ]
    )
