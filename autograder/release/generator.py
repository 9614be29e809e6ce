"""nbgrader's ``GenerateAssignment``, made to lose nothing: no release, and no grade given by hand.

A release is built in ``.releasing/`` and takes the place of the older one when it is complete. So
one that fails, or that nbgrader refuses, leaves the older one, and grading goes on with that.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.converters import GenerateAssignment as StockGenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.preprocessors import SaveCells as StockSaveCells
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets import default

from autograder.grading.staged_result import StagedResult
from autograder.release.link_chapters import LinkChapters
from autograder.release.save_cells import SaveCells

STAGE = ".releasing"


class GenerateAssignment(StockGenerateAssignment):
    """Stands where nbgrader's ``GenerateAssignment`` stood; ``nbgrader_config.py`` puts it there."""

    @default("preprocessors")
    def _preprocessors_default(self) -> list[type]:
        stock = StockGenerateAssignment.class_traits()["preprocessors"].default()
        return [LinkChapters, *(SaveCells if each is StockSaveCells else each for each in stock)]

    @property
    def _output_directory(self) -> str:
        return STAGE

    def convert_notebooks(self) -> None:
        """Release every assignment that nothing stands in the way of.

        Raises NbGraderException when one is not released; the log says why.
        """
        self._refused = False
        try:
            super().convert_notebooks()
        except NbGraderException:
            self.log.error("What is not released stays as it was before.")
            raise
        if self._refused:
            raise NbGraderException("The reason stands above.")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Return whether to release this assignment; make an empty place for it if so."""
        result = self._result(assignment_id)
        result.recover()
        if reason := self._in_the_way(assignment_id):
            self.log.error("%s is not released, and stays as it was: %s", assignment_id, reason)
            self._refused = True
            return False
        result.begin()
        is_anew = self.force and self.coursedir.notebook_id == "*"
        if result.place.exists() and not is_anew:  # nbgrader finds it there, and keeps or replaces
            shutil.copytree(result.place, result.stage)
        if super().init_destination(assignment_id, student_id):
            return True
        result.abandon()
        return False

    def init_single_notebook_resources(self, notebook_filename: str) -> dict:
        """Tell each step also where the course is."""
        resources = super().init_single_notebook_resources(notebook_filename)
        return {**resources, "root": self.coursedir.root}

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Finish a release: what was built takes the place of the older one."""
        super().set_permissions(assignment_id, student_id)
        self._result(assignment_id).finish()

    def _result(self, assignment_id: str) -> StagedResult:
        place = self.coursedir.format_path(self.coursedir.release_directory, ".", assignment_id)
        return StagedResult(Path(place), Path(self._format_dest(assignment_id, ".")))

    def _in_the_way(self, assignment_id: str) -> str | None:
        """Return what is damaged, what the gradebook cannot follow, or what was given by hand."""
        masters = {path.stem: path for path in map(Path, self.notebooks)}
        for path in masters.values():
            if damage := _damaged(path):
                return damage
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                assignment = gradebook.find_assignment(assignment_id)
            except MissingEntry:
                return None
            known = {notebook.name: notebook for notebook in assignment.notebooks}
            other = known.keys() ^ masters.keys()
            if other and assignment.submissions and self.coursedir.notebook_id == "*":
                return (
                    f"some have handed it in, and {', '.join(sorted(other))} was added or taken "
                    "out. The gradebook cannot follow that: keep its notebooks, and ask what is new "
                    "in another assignment."
                )
            for name in known.keys() & masters.keys():
                if lost := _given_by_hand(known[name], masters[name]):
                    return (
                        f"{', '.join(sorted(lost))} would go, and the grades or comments that were "
                        "given there by hand with it. Keep it in the master, or clear these grades "
                        "and comments in formgrader; then release again."
                    )
        return None


def _damaged(master: Path) -> str | None:
    """Return which cell has marks that nbgrader would stumble over, such as no points, and why."""
    for cell in nbformat.read(master, as_version=4).cells:
        try:
            MetadataValidator().validate_cell(cell)
        except ValidationError as error:
            return (
                f"in cell {cell.get('id', '')} of {master.name} nbgrader's marks are not sound: "
                f"{error.message}. Set its points and its kind in Create Assignment, then release again."
            )
    return None


def _given_by_hand(notebook: Notebook, master: Path) -> set[str]:
    """Return the cells of the gradebook that ``master`` has no more and somebody graded by hand."""
    cells = nbformat.read(master, as_version=4).cells

    def names(kind: Callable[[NotebookNode], bool]) -> set[str]:
        return {cell.metadata.nbgrader["grade_id"] for cell in cells if kind(cell)}

    pairs = (
        (notebook.grade_cells, names(is_grade)),
        (notebook.solution_cells, names(is_solution)),
        (notebook.task_cells, names(is_task)),
    )
    return {
        cell.name
        for stored, kept in pairs
        for cell in stored
        if cell.name not in kept
        if any(each.manual_score is not None or each.extra_credit for each in cell.grades)
        or any(each.manual_comment for each in cell.comments)
    }
