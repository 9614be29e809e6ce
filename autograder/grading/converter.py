"""nbgrader's ``Autograde``, made to go on: no submission stops the class, and nothing is lost.

It differs from nbgrader's in what it reads and in where it writes. Each submitted folder counts,
whatever is in it; ``autograder.submission`` reads it. The result is built in ``.grading/`` and
takes the place of ``autograded/STUDENT/ASSIGNMENT`` when it is complete (``staged_result``), so an
interrupted run leaves the older one and is simply run again.
"""

import glob
import os
import re

from nbformat import NotebookNode
from nbgrader.converters import Autograde as StockAutograde

from autograder.course import given, handed_in, released
from autograder.fork_server import JUDGE, running
from autograder.grading.by_hand import settle
from autograder.grading.class_problems import class_problems
from autograder.grading.execution import ensure_sandbox
from autograder.grading.graded_anew import GradedAnew
from autograder.grading.judge_cells import JudgeCells
from autograder.sandbox.lease import SandboxError
from autograder.sandbox.limits import Limits
from autograder.submission.files import MAX_BYTES, MAX_FILES, archive, student_files
from autograder.submission.notebook import MARK, submitted_notebook
from autograder.submission.passed_over import passed_over, why_not_gradable

STAGE = ".grading"


class Autograde(StockAutograde, GradedAnew):
    """Stands where nbgrader's ``Autograde`` stood; ``nbgrader_config.py`` puts it there."""

    @property
    def _output_directory(self) -> str:
        return STAGE  # what fails is removed from here, and an older result stays

    @property
    def _input_directory(self) -> str:
        return self.coursedir.submitted_directory if self._sanitizing else self._output_directory

    def init_notebooks(self) -> None:
        """Take every submitted folder, whether or not its notebook is there or can be read."""
        course = self.coursedir
        pattern = self._format_source(course.assignment_id, course.student_id)
        found = sorted({pattern, *glob.glob(pattern)})  # "[ann]" is a name, and a pattern
        self.assignments = {
            folder: []
            for folder in found
            if os.path.lexists(folder) and not why_not_gradable(folder)
        }
        if not self.assignments:
            for sentence in passed_over(course, course.assignment_id):
                self.log.error(sentence)
            super().init_notebooks()  # says what is wrong

    def convert_notebooks(self) -> None:
        """Grade every submission that is not graded yet; tell who has a problem."""
        names = [self._names(folder) for folder in self.assignments]
        recorded = JudgeCells(parent=self).recorded  # then whoever ran it looks, and tells
        if not recorded:
            for assignment in {assignment for assignment, _ in names}:
                self.ensure_released(assignment)
        self.assignments = {
            folder: [os.path.join(folder, path.name) for path in released(self.coursedir, name)]
            for folder, (name, _) in zip(self.assignments, names, strict=True)
        }
        due = [each for each in names if self.why_due(*each)]
        self.start_servers(*{assignment for assignment, _ in due})
        try:
            super().convert_notebooks()
        finally:
            self._turn = None
        for assignment in {assignment for assignment, _ in names}:
            done = [student for each, student in names if (each, student) not in due]
            everyone = sorted(student for each, student in names if each == assignment)
            for sentence in self.outdated(assignment, done):
                self.log.warning(sentence)
            if recorded:
                continue
            self.count_lateness(assignment)
            if said := self.problems(assignment, everyone):
                self.log.warning(said)
            for line in self.said_of_changes(assignment):
                self.log.warning(line)

    def problems(self, assignment: str, students: list[str]) -> str:
        """Return lines on who of ``students`` has a problem, and on what was passed over."""
        course = self.coursedir
        astray = passed_over(course, assignment) if course.student_id == "*" else []
        return class_problems(course, assignment, students, astray, self.unknown(students))

    def start_servers(self, *assignments: str) -> None:
        """Have judges and sandboxes import side by side, for assignments that are to be run.

        Raises NbGraderException when students' code cannot be isolated here.
        """
        cells = JudgeCells(parent=self)
        if cells.recorded or not assignments:
            return
        for assignment in assignments:
            running(JUDGE, assignment)
        if not cells.unsafe:
            try:
                ensure_sandbox()
            except SandboxError as error:
                self._refuse(str(error))

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Return whether to grade this submission; make an empty place for the result if so."""
        self._turn = None  # whoever waits for the submission before can go on
        result = self._result(assignment_id, student_id)
        self._turn = result.turn(self.log)
        result.recover()
        if student_id in (self.coursedir.student_id_exclude or "").split(","):
            return False
        reason = self.why_due(assignment_id, student_id)
        if reason is None:
            self.log.info("%s is graded already (--force grades again)", student_id)
            return False
        self.log.info("%s is graded: %s", student_id, reason)
        self._note_basis(assignment_id, student_id)
        self._note_before(assignment_id, student_id, reason)
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
        assignment, name = names["assignment"], names["notebook"]
        notebook, more = self.rebuilt(assignment, names["student"], name)
        resources |= {**more, "nbgrader": names}
        self._sanitizing = False
        self._init_preprocessors()
        self._sanitizing = True
        with self._needing_gradebook():
            resources["whole"] = self.whole.get(name, {})
            output, resources = self.exporter.from_notebook_node(notebook, resources)
            older = self._result(assignment, names["student"]).place / f"{name}.ipynb"
            settle(self.coursedir, notebook, resources, older)
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
        return notebook, {
            "nbgrader": {"assignment": assignment, "student": student, "notebook": name},
            "root": self.coursedir.root,
            "files": archive((files.taken | ours).items()),
        }

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Finish a submission: what was built takes the place of an older result."""
        super().set_permissions(assignment_id, student_id)
        result = self._result(assignment_id, student_id)
        self._write_basis(result)
        self._record_change(assignment_id, student_id)
        result.finish()

    def _names(self, folder: str) -> tuple[str, str]:
        """Return the assignment and the student of a submitted folder."""
        pattern = self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        return re.match(pattern, folder).group("assignment", "student")

    def students(self) -> list[str]:
        """Return everyone who handed something in, in order."""
        self.init_notebooks()
        return sorted(self._names(folder)[1] for folder in self.assignments)
