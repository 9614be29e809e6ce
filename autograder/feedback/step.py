"""The step of nbgrader's ``GenerateFeedback`` that gathers what a page says."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool

from autograder import outcomes
from autograder.changes import changes_of
from autograder.chapters import Chapters
from autograder.course import released
from autograder.feedback.page import page_of
from autograder.feedback.verdicts import verdicts
from autograder.grading.items import name_of
from autograder.grading.verdict_cells import NOTE, is_test
from autograder.late.clock import zone_of
from autograder.late.penalties import count_lateness
from autograder.late.words import moment, told
from autograder.report.sentences import Sentences
from autograder.submission.rebuilt import named


class FeedbackPage(Preprocessor):
    """Puts the page into ``resources["page"]``; ``plug_in`` has nbgrader take this step alone.

    The notebook that it returns holds what a student wrote and what came of it; what the page says
    itself is taken out. ``cell.metadata.given`` says whether a cell is as it was handed out.
    """

    enabled = Bool(True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook to show, and the resources with the page."""
        names = resources["nbgrader"]
        assignment, name, student = (names[key] for key in ("assignment", "notebook", "student"))
        outcome = outcomes.load(Path(self._course.root), assignment, name, student)
        release = self._releases(assignment).get(name, [])
        judged = verdicts(nb, outcome)
        known = judged is not None
        count_lateness(self._course, self.config, assignment, student)
        with Gradebook(names["db_url"]) as gradebook:
            submitted = gradebook.find_submission_notebook(name, assignment, student)
            penalty = submitted.late_submission_penalty or 0.0
            page = page_of(
                submitted,
                nb.cells,
                release or nb.cells,
                judged or {},
                outcome.problems if known else (),
                not known or outcome.status != outcomes.UNREADABLE,
                told(submitted.assignment, penalty, self.config),
                self._anew(assignment, student),
            )
        given = {cell.id: cell.source for cell in release}
        for cell in nb.cells:
            cell.metadata["given"] = given.get(cell.get("id")) == cell.source
            if is_test(cell):
                item = page.items.get(name_of(cell))
                shown = [] if known or (item and item.by_hand) else cell.outputs
                cell.outputs = [each for each in shown if each.output_type != "execute_result"]
        if known:
            nb.cells = [cell for cell in nb.cells if cell.get("id") != NOTE]
        resources["page"], resources["say"] = page, self._sentences.html
        return nb, resources

    def _anew(self, assignment: str, student: str) -> Iterator[str]:
        """Yield a sentence for each score that a student was told and that is another one now."""
        for each in changes_of(Path(self._course.root), assignment, student):
            if each.told and each.is_of_score:
                when = datetime.fromisoformat(each.when).astimezone(zone_of(self.config))
                yield (
                    f"Graded anew on {moment(when)}, as {each.why}: in all {each.before.score:g} points "
                    f"before, {each.after.score:g} after that."
                )

    @cached_property
    def _course(self) -> CourseDirectory:
        return CourseDirectory(config=self.config)

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(Chapters.of(Path(self._course.root)))

    def _releases(self, assignment: str) -> dict[str, list[NotebookNode]]:
        """Return the cells that students were given, by the notebook's name; read once."""
        if assignment not in self._read:
            self._read[assignment] = {
                path.stem: named(nbformat.read(path, as_version=4)).cells
                for path in released(self._course, assignment)
            }
        return self._read[assignment]

    @cached_property
    def _read(self) -> dict[str, dict[str, list[NotebookNode]]]:
        return {}
