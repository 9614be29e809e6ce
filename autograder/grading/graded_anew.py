"""What ``Autograde`` inherits to keep a record of grades that change when the same work is graded again.

What the grades were is kept beside the place where a result is built until that result is complete,
so an interrupted grading loses nothing of it.
"""

import json
from dataclasses import asdict
from pathlib import Path

from nbgrader.api import MissingEntry
from traitlets import Dict

from autograder.changes import Change, Grades, grades_of, record
from autograder.grading.due import CHANGED, CORRECTED, NEW, REASKED, RESTAMPED, DueSubmissions
from autograder.grading.staged_result import StagedResult
from autograder.late.penalties import assign_penalties, count_lateness
from autograder.submission.files import shown

MOST = 30  # students whose grades are named in the last lines of a grading


class GradedAnew(DueSubmissions):
    """Records a change of grades; ``changed`` has the last one of each student whose score changed."""

    changed: dict[str, Change] = Dict()

    def _note_before(self, assignment_id: str, student_id: str, reason: str) -> None:
        """Keep the grades of a submission that is about to be graded again, where it is the same."""
        result = self._result(assignment_id, student_id)
        basis, path = self._basis(result), _before(result)
        if path.exists() and not result.is_complete:  # an earlier try did not come to its end
            return
        path.unlink(missing_ok=True)
        if reason in (NEW, CHANGED, RESTAMPED) or (basis and basis.content != self._now.content):
            return
        if basis and basis.items != self._now.items:
            reason = REASKED
        elif basis is None or basis.grader != self._now.grader:
            reason = CORRECTED
        if grades := self._grades(assignment_id, student_id):
            path.write_text(json.dumps({"why": reason, "grades": asdict(grades)}))

    def _record_change(self, assignment_id: str, student_id: str) -> None:
        """Take off what lateness costs, and record what has become of the grades."""
        assign_penalties(self.coursedir, self.config, assignment_id, student_id)
        path = _before(self._result(assignment_id, student_id))
        try:
            kept = json.loads(path.read_text())
            why, before = kept["why"], Grades(**kept["grades"])
        except (OSError, ValueError, TypeError, KeyError):
            return
        if after := self._grades(assignment_id, student_id):
            self._keep(
                student_id, record(self.coursedir, assignment_id, student_id, why, before, after)
            )
        path.unlink()

    def count_lateness(self, assignment: str) -> None:
        """Have the rule for late work, as it is now, count for everyone; record whose grade changes."""
        for student, change in count_lateness(self.coursedir, self.config, assignment).items():
            self._keep(student, change)

    def said_of_changes(self, assignment: str) -> list[str]:
        """Return lines on the grades that this run has changed."""
        if not self.changed:
            return []
        named = [
            f"{shown(student)} {each.before.score:g} → {each.after.score:g}"
            for student, each in sorted(self.changed.items())
        ]
        counted = "1 grade" if len(named) == 1 else f"{len(named)} grades"
        rest = f" and {len(named) - MOST} more" if len(named) > MOST else ""
        return [
            f"{counted} changed: {', '.join(named[:MOST])}{rest}.",
            f"All changes, with what changed: python -m autograder report {assignment}",
        ]

    def _keep(self, student: str, change: Change | None) -> None:
        if change and change.is_of_score:
            self.changed[student] = change

    def _grades(self, assignment_id: str, student_id: str) -> Grades | None:
        with self._gradebook() as gradebook:
            try:
                return grades_of(gradebook.find_submission(assignment_id, student_id))
            except MissingEntry:  # the gradebook is newer than the result
                return None


def _before(result: StagedResult) -> Path:
    return result.stage.with_name(f"{result.stage.name}.before")
