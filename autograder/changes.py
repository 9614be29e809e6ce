"""Which grades changed without anything else being handed in: a record for whoever announces them.

``outcomes/ASSIGNMENT/changes of grades/STUDENT.json`` holds a student's changes, the oldest first. Grading adds
one where a check, points or the rule for late work changed; it is written at once or not at all.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import SubmittedAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.outcomes import FOLDER

CHANGES = "changes of grades"


@dataclass(frozen=True)
class Grades:
    """Final points: of each item, by "NOTEBOOK/ITEM"; and what lateness takes off them all."""

    items: dict[str, float]
    penalty: float

    @property
    def score(self) -> float:
        """All points, after the penalty."""
        return max(0.0, sum(self.items.values()) - self.penalty)


@dataclass(frozen=True)
class Change:
    """What became of one student's grades, when (UTC, ISO 8601), and why, in words.

    told: whether the student had a page of feedback by then.
    """

    when: str
    why: str
    before: Grades
    after: Grades
    told: bool

    @property
    def is_of_score(self) -> bool:
        """Whether the score is another one, and not only where its points come from."""
        return round(self.before.score, 6) != round(self.after.score, 6)


def grades_of(submission: SubmittedAssignment) -> Grades:
    """Return the grades of a submission as they stand in nbgrader's gradebook."""
    items = {
        f"{notebook.name}/{grade.name}": grade.score
        for notebook in submission.notebooks
        for grade in notebook.grades
    }
    return Grades(items, submission.late_submission_penalty)


def record(
    course: CourseDirectory,
    assignment: str,
    student: str,
    why: str,
    before: Grades,
    after: Grades,
) -> Change | None:
    """Add a change to the record and return it; None where nothing changed."""
    if before == after:
        return None
    when = datetime.now(UTC).isoformat(timespec="seconds")
    change = Change(when, why, before, after, has_page(course, assignment, student))
    known = changes_of(Path(course.root), assignment, student)
    path = _path(Path(course.root), assignment, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        changes = [asdict(each) for each in (*known, change)]
        json.dump({"student": student, "changes": changes}, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return change


def has_page(course: CourseDirectory, assignment: str, student: str) -> bool:
    """Return whether a student was given feedback."""
    folder = course.format_path(course.feedback_directory, student, assignment)
    return any(Path(folder).glob("*.html"))


def changes_of(root: Path, assignment: str, student: str) -> list[Change]:
    """Return a student's changes, the oldest first; none where the record cannot be read."""
    try:
        found = json.loads(_path(root, assignment, student).read_text(encoding="utf-8"))
        return [
            Change(**{**each, "before": Grades(**each["before"]), "after": Grades(**each["after"])})
            for each in found["changes"]
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def all_changes(root: Path, assignment: str) -> Iterator[tuple[str, Change]]:
    """Yield every change with its student, in order of the students."""
    for path in sorted((root / FOLDER / assignment / CHANGES).glob("*.json")):
        for change in changes_of(root, assignment, path.stem):
            yield path.stem, change


def _path(root: Path, assignment: str, student: str) -> Path:
    return root / FOLDER / assignment / CHANGES / f"{student}.json"
