"""nbgrader's ``Autograde``, made to go on: no submission stops the class, and nothing is lost.

It differs from nbgrader's in what it reads and in where it writes. Each submitted folder counts,
whatever is in it; ``autograder.submission`` reads it. The result is built in ``.grading/`` and
takes the place of ``autograded/STUDENT/ASSIGNMENT`` when it is complete (``staged_result``), so an
interrupted run leaves the older one and is simply run again.
"""

import glob
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import Autograde as StockAutograde
from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import OperationalError

from autograder.course import given, handed_in, released
from autograder.fork_server import JUDGE, running
from autograder.grading.copy_files import CopyFiles
from autograder.grading.execution import why_no_sandbox
from autograder.grading.hidden_parts import whole_tests
from autograder.grading.judge_cells import JudgeCells
from autograder.grading.staged_result import StagedResult
from autograder.sandbox.limits import Limits
from autograder.submission.files import MAX_BYTES, MAX_FILES, archive, student_files
from autograder.submission.notebook import MARK, submitted_notebook

STAGE = ".grading"


class Autograde(StockAutograde, CopyFiles):
    """Stands where nbgrader's ``Autograde`` stood; ``nbgrader_config.py`` puts it there."""

    @property
    def _output_directory(self) -> str:
        return STAGE  # what fails is removed from here, and an older result stays

    @property
    def _input_directory(self) -> str:
        return self.coursedir.submitted_directory if self._sanitizing else self._output_directory

    def init_notebooks(self) -> None:
        """Take every submitted folder, whether or not its notebook is there or can be read."""
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {}
        for folder in sorted({pattern, *glob.glob(pattern)}):  # "[ann]" is a name, and a pattern
            if not os.path.lexists(folder):
                continue
            if reason := _not_gradable(folder):
                self.log.error("%r is not graded: %s", folder, reason)
            else:
                self.assignments[folder] = []
        if not self.assignments:
            super().init_notebooks()  # says what is wrong

    def convert_notebooks(self) -> None:
        """Grade every submission that is not graded yet."""
        names = [self._names(folder) for folder in self.assignments]
        for assignment in {assignment for assignment, _ in names}:
            self.ensure_released(assignment)
        self.assignments = {
            folder: [os.path.join(folder, path.name) for path in released(self.coursedir, name)]
            for folder, (name, _) in zip(self.assignments, names, strict=True)
        }
        due = {assignment for assignment, student in names if self.is_due(assignment, student)}
        self.start_servers(*due)
        super().convert_notebooks()

    def ensure_released(self, assignment: str) -> None:
        """Release an assignment that the gradebook does not know, as in a fresh clone."""
        with self._gradebook() as gradebook:
            try:
                gradebook.find_assignment(assignment)
            except MissingEntry:
                self.log.info("%s is not in the gradebook yet: it is released first", assignment)
                command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
                subprocess.run(command, cwd=self.coursedir.root, check=True)

    def start_servers(self, *assignments: str) -> None:
        """Have judges and sandboxes import side by side, for assignments that are to be run.

        Raises NbGraderException when students' code cannot be isolated here.
        """
        cells = JudgeCells(parent=self)
        if cells.recorded or not assignments:
            return
        for assignment in assignments:
            running(JUDGE, assignment)
        if not cells.unsafe and (reason := why_no_sandbox()):
            self.log.error(reason)
            raise NbGraderException(reason)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Return whether to grade this submission; make an empty place for the result if so."""
        result = self._result(assignment_id, student_id)
        result.recover()
        if student_id in (self.coursedir.student_id_exclude or "").split(","):
            return False
        if not self.is_due(assignment_id, student_id):
            self.log.info("%s is graded already (--force grades again)", student_id)
            return False
        result.begin()
        return True

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the files, and make sure that the gradebook knows student and submission."""
        self._sanitizing = False  # nbgrader then reads the time from our copy
        try:
            with self._needing_gradebook():
                super().init_assignment(assignment_id, student_id)
        finally:
            self._sanitizing = True

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Read the submission, rebuild it, run it, and write what came of it."""
        resources = self.init_single_notebook_resources(notebook_filename)
        names = resources["nbgrader"]
        notebook, more = self.rebuilt(names["assignment"], names["student"], names["notebook"])
        resources |= {**more, "nbgrader": names}
        self._sanitizing = False
        self._init_preprocessors()
        self._sanitizing = True
        with self._needing_gradebook():
            tests = whole_tests(self.coursedir, names["assignment"])
            resources["tests"] = tests.get(names["notebook"], {})
            output, resources = self.exporter.from_notebook_node(notebook, resources)
        self.write_single_notebook(output, resources)

    def rebuilt(self, assignment: str, student: str, name: str) -> tuple[NotebookNode, dict]:
        """Return one notebook of a submission as it is run, and what to know to run it."""
        releases = {path.stem: path for path in released(self.coursedir, assignment)}
        folder = handed_in(self.coursedir, assignment, student)
        notebook = submitted_notebook(folder, releases[name])
        mark, limits = notebook.metadata[MARK], Limits(**JudgeCells(parent=self).limits)
        bounds = min(MAX_FILES, limits.files // 2), min(MAX_BYTES, limits.disk // 2)
        ours = dict(given(self.coursedir, assignment, self.exclude_overwriting.get(assignment, [])))
        files = student_files(folder, mark.get("notebook", ""), ours, *bounds)
        if mark["readable"]:
            mark["problems"] += files.problems
            mark["not_taken"] = sorted(files.left)
        resources = {
            "nbgrader": {"assignment": assignment, "student": student, "notebook": name},
            "root": self.coursedir.root,
            "files": archive((files.taken | ours).items()),
        }
        return notebook, resources

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Finish a submission: what was built takes the place of an older result."""
        super().set_permissions(assignment_id, student_id)
        self._result(assignment_id, student_id).finish()

    def _names(self, folder: str) -> tuple[str, str]:
        """Return the assignment and the student of a submitted folder."""
        pattern = self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        return re.match(pattern, folder).group("assignment", "student")

    def students(self) -> list[str]:
        """Return everyone who handed something in, in order."""
        self.init_notebooks()
        return sorted(self._names(folder)[1] for folder in self.assignments)

    def _result(self, assignment_id: str, student_id: str) -> StagedResult:
        directory = self.coursedir.autograded_directory
        place = self.coursedir.format_path(directory, student_id, assignment_id)
        return StagedResult(Path(place), Path(self._format_dest(assignment_id, student_id)))

    @contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        place = (self.coursedir.db_url, self.coursedir.course_id)
        with self._needing_gradebook(), Gradebook(*place) as gradebook:
            yield gradebook

    @contextmanager
    def _needing_gradebook(self) -> Iterator[None]:
        """Raise NbGraderException, in words, when the gradebook is locked or its disk is full."""
        try:
            yield
        except (OperationalError, InvalidEntry) as error:  # nbgrader makes one of the other
            reason = f"The gradebook cannot be used now: {error.args[0]}. Run the command again."
            self.log.error(reason)
            raise NbGraderException(reason) from None

    def is_due(self, assignment_id: str, student_id: str) -> bool:
        """Return whether a submission has no complete result, or only one of an older submission."""
        result = self._result(assignment_id, student_id)
        if self.force or not result.is_complete:
            return True
        submitted = self._timestamp(handed_in(self.coursedir, assignment_id, student_id))
        graded = self._timestamp(result.place)
        if submitted and graded and submitted > graded:
            return True
        with self._gradebook() as gradebook:
            try:
                found = gradebook.find_submission(assignment_id, student_id)
            except MissingEntry:  # the gradebook is newer than the result
                return True
            return any(
                grade.auto_score is None
                for notebook in found.notebooks
                for grade in notebook.grades
                if grade.cell.cell_type == "code"
            )


def _not_gradable(folder: str) -> str | None:
    """Return why nbgrader cannot deal with what stands where a submission should, or None."""
    if os.path.islink(folder) or not os.path.isdir(folder):
        return "it is no folder"
    if "\n" in folder or folder.encode(errors="ignore").decode() != folder:
        return "the gradebook cannot hold its name, so rename it"
    return None
