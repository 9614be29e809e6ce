"""Which submissions are due, and why: what was handed in decides, and not the clock.

Beside the place where a result is built lies what it was made from: a digest of what was handed in,
the items with their points, the grader, and whose it is. A submission is due when it has changed
since, in either direction of time, when questions were added or taken out, or when the instructor
has said whose it is. Where only points or checks have changed the instructor is told, and decides:
after the assignment was withdrawn, whoever was graded before that is due once the checks changed.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder import outcomes
from autograder.course import handed_in, items
from autograder.grading.copy_files import CopyFiles
from autograder.grading.gradebook import WithGradebook
from autograder.grading.hidden_parts import whole_cells
from autograder.grading.judge_cells import JudgeCells
from autograder.grading.staged_result import StagedResult
from autograder.identity import ids_of
from autograder.submission.content import content_digest
from autograder.withdrawn import withdrawn_graders

FORCED = "it was asked for"
NEW = "it has no complete result"
CHANGED = "what was handed in has changed since"
RESTAMPED = "its timestamp is another one"
CORRECTED = "the checks changed"
REASKED = "the questions or their points changed"
NAMED = "the instructor has said since who this is"
ASKED = "the questions are other ones now"
UNSCORED = "the gradebook lacks a score"
AGAIN = (CHANGED, RESTAMPED, NAMED, ASKED, CORRECTED, UNSCORED)


@dataclass(frozen=True)
class Basis:
    """What a result was made from.

    content: a digest of what was handed in; items: the points of each graded cell, by
    "NOTEBOOK/GRADE_ID"; grader: a digest of the checks and of all other code that decides; ids: the
    student's, with the one of the same person.
    """

    content: str
    items: dict[str, float]
    grader: str
    ids: list[str]


class DueSubmissions(CopyFiles, WithGradebook):
    """What ``Autograde`` inherits to know whom to grade.

    ``tests``: the whole text of each test, by notebook and cell, of the submission in work.
    """

    tests: dict[str, dict[str, str]]

    def why_due(self, assignment_id: str, student_id: str) -> str | None:
        """Return why a submission is to be graded, or None when its result stands."""
        reason = self._why(assignment_id, student_id)
        return reason or (FORCED if self.force else None)

    def _why(self, assignment_id: str, student_id: str) -> str | None:
        result = self._result(assignment_id, student_id)
        if not result.is_complete:
            return NEW
        folder = handed_in(self.coursedir, assignment_id, student_id)
        submitted, graded = self._timestamp(folder), self._timestamp(result.place)
        basis = self._basis(result)
        if basis is None:  # graded before there was a digest: the clock has to do
            if submitted and graded and submitted > graded:
                return RESTAMPED
        elif content_digest(folder) != basis.content:
            return CHANGED
        elif submitted and submitted != graded:
            return RESTAMPED
        elif basis.ids != self._ids(student_id):
            return NAMED
        elif basis.items.keys() != items(self.coursedir, assignment_id).keys():
            return ASKED
        if self._is_withdrawn(assignment_id, basis):
            return CORRECTED
        return None if self._is_scored(assignment_id, student_id) else UNSCORED

    def outdated(self, assignment_id: str, students: list[str]) -> list[str]:
        """Return a sentence for each way in which results of ``students`` are of an older course."""
        bases = [self._basis(self._result(assignment_id, student)) for student in students]
        bases = [basis for basis in bases if basis]
        if not bases:
            return []
        now, grader = items(self.coursedir, assignment_id), self._grader(assignment_id)
        counts = {
            "when items had other points": sum(basis.items != now for basis in bases),
            "by older checks, or an older grader": sum(basis.grader != grader for basis in bases),
        }
        return [
            f"{number} of these were graded {how}; --force grades them again."
            for how, number in counts.items()
            if number
        ]

    def graded(self, assignment_id: str, students: list[str]) -> dict[str, str | None]:
        """Return who of ``students`` is graded, and by which grader: its digest, None when unknown."""
        results = {each: self._result(assignment_id, each) for each in students}
        return {
            student: basis.grader if (basis := self._basis(result)) else None
            for student, result in results.items()
            if result.is_complete
        }

    def _is_withdrawn(self, assignment_id: str, basis: Basis | None) -> bool:
        """Return whether a result was withdrawn, and the checks have changed since it was made."""
        grader = basis and basis.grader
        withdrawn = withdrawn_graders(Path(self.coursedir.root), assignment_id)
        return grader in withdrawn and grader != self._grader(assignment_id)

    def _note_basis(self, assignment_id: str, student_id: str) -> None:
        """Keep what the result that is about to be built will be made from."""
        self._now = Basis(
            content_digest(handed_in(self.coursedir, assignment_id, student_id)),
            items(self.coursedir, assignment_id),
            self._grader(assignment_id),
            self._ids(student_id),
        )

    def _ids(self, student_id: str) -> list[str]:
        return ids_of(student_id, JudgeCells(parent=self).same_person)

    def _grader(self, assignment_id: str) -> str:
        """Return a digest of our code, with its checks, and of the locked cells in the master."""
        with self._needing_gradebook():
            self.whole = whole_cells(self.coursedir, assignment_id)
        text = json.dumps(self.whole, sort_keys=True).encode()
        return hashlib.sha256(outcomes.code_digest() + text).hexdigest()

    def _write_basis(self, result: StagedResult) -> None:
        _basis_path(result).write_text(json.dumps(asdict(self._now), sort_keys=True))

    def _basis(self, result: StagedResult) -> Basis | None:
        """Return what a result was made from, where that is known."""
        try:
            return Basis(**json.loads(_basis_path(result).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def _is_scored(self, assignment_id: str, student_id: str) -> bool:
        """Return whether the gradebook has a score for every item that needs no person."""
        with self._gradebook() as gradebook:
            try:
                found = gradebook.find_submission(assignment_id, student_id)
            except MissingEntry:  # the gradebook is newer than the result
                return False
            return all(
                grade.auto_score is not None
                for notebook in found.notebooks
                for grade in notebook.grades
                if grade.cell.cell_type == "code"
                and grade.name not in {cell.name for cell in notebook.notebook.solution_cells}
            )

    def _result(self, assignment_id: str, student_id: str) -> StagedResult:
        directory = self.coursedir.autograded_directory
        place = self.coursedir.format_path(directory, student_id, assignment_id)
        return StagedResult(Path(place), Path(self._format_dest(assignment_id, student_id)))


def _basis_path(result: StagedResult) -> Path:
    return result.stage.with_name(f"{result.stage.name}.graded")
