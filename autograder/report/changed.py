"""The grades that changed when the same work was graded again: for the report, and for whoever tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.changes import Change, Grades, all_changes
from autograder.course import course_directory
from autograder.late.clock import zone_of
from autograder.late.words import moment
from autograder.report.entries import clean
from autograder.report.exports import LONGEST_CELL, inert, write
from autograder.report.titles import questions
from autograder.report.wording import number

LATE = "lateness"


@dataclass(frozen=True)
class Changed:
    """One change of one student's score, before and after; ``what`` says for each item what changed."""

    student: str
    when: str
    why: str
    before: float
    after: float
    what: str


def changed(root: Path, assignment: str) -> list[Changed]:
    """Return the changes of an assignment's grades, in order of the students."""
    course = course_directory(root)
    titles, zone = questions(course, assignment).titles, zone_of(course.config)
    return [
        Changed(
            clean(student),
            moment(datetime.fromisoformat(each.when).astimezone(zone)),
            each.why,
            each.before.score,
            each.after.score,
            "; ".join(_what(each, titles)),
        )
        for student, each in all_changes(root, assignment)
    ]


def changes_csv(root: Path, assignment: str) -> Path | None:
    """Write ``reports/ASSIGNMENT-changes.csv`` and return its path; None where no grade changed."""
    rows = [
        [
            inert(each.student),
            each.when,
            each.why,
            number(each.before),
            number(each.after),
            inert(each.what, LONGEST_CELL),
        ]
        for each in changed(root, assignment)
    ]
    head = ["Student", "When", "Why", "Score before", "Score after", "What changed"]
    return write(root, f"{assignment}-changes.csv", [head, *rows]) if rows else None


def _what(change: Change, titles: dict[str, str]) -> Iterator[str]:
    """Yield what each item had and has, where that is not the same, and what lateness costs."""
    before, after = _points(change.before), _points(change.after)
    for name in dict.fromkeys((*before, *after)):
        had, has = before.get(name), after.get(name)
        if had != has:
            title = titles.get(name, titles.get(name.partition("/")[2], name.partition("/")[2]))
            yield f"{title}: {_said(had)} → {_said(has)}"


def _points(grades: Grades) -> dict[str, float]:
    late = {f"/{LATE}": -grades.penalty} if grades.penalty else {}
    return {**grades.items, **late}


def _said(points: float | None) -> str:
    return "–" if points is None else number(points)
