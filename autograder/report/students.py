"""The table of students: who has which score, with what is to be known about it, and a way to the page.

Everyone has a row: whoever handed in, and whoever the gradebook knows besides.
"""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from autograder.course import course_directory
from autograder.late.words import how_late
from autograder.report.by_hand import ByHand
from autograder.report.entries import Entry, clean, notebook_names
from autograder.report.scores import Score

NOTHING = "not handed in"


@dataclass(frozen=True)
class Row:
    """One student. ``score`` is None while there is none; ``penalty`` is what lateness took off it.

    late: how late, in words, and in ``seconds``.
    by_hand: what a person decided, and is still asked for, each with its number, in words. problem:
    the row in the table of problems, from 1, which has them in the same order.
    pages: the student's pages of feedback, each with the name of its notebook and its address,
    relative to the folder of the report.
    """

    student: str
    name: str
    score: float | None
    penalty: float
    late: str
    seconds: float
    by_hand: tuple[str, ...]
    status: str
    problem: int | None
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """The rows, in order of the ids, and the most points; which columns have anything in them."""

    rows: list[Row]
    max_score: float

    @property
    def with_names(self) -> bool:
        """Whether the gradebook knows anybody's name."""
        return any(row.name for row in self.rows)

    @property
    def with_late(self) -> bool:
        """Whether anybody was late."""
        return any(row.late or row.penalty for row in self.rows)

    @property
    def with_by_hand(self) -> bool:
        """Whether a person decided anything, or is asked to."""
        return any(row.by_hand for row in self.rows)


def table_of(
    root: Path, assignment: str, entries: Mapping[str, Entry], scores: Sequence[Score]
) -> Table:
    """Return the table of ``entries``, by id, and ``scores``; without scores the judge's points."""
    known = {score.student: score for score in scores}
    pages = _Pages(root, assignment)
    rows, problems = [], count(1)
    for student in sorted({*entries, *known}):
        entry, score = entries.get(student), known.get(student)
        late = score.by_hand.late if score else None
        rows.append(
            Row(
                clean(student),
                clean(
                    ", ".join(filter(None, [score.last_name, score.first_name])) if score else ""
                ),
                _judged(entry) if not scores else score.score if score else None,
                score.by_hand.penalty if score else 0.0,
                how_late(late) if late else "",
                (late.came - late.since).total_seconds() if late else 0.0,
                _in_words(score.by_hand) if score else (),
                entry.status if entry else NOTHING,
                next(problems) if entry and entry.problems else None,
                tuple(pages.of(student)),
            )
        )
    most = [score.max_score for score in scores[:1]]
    most += [_offered(entry) for entry in entries.values() if not scores]
    return Table(rows, max(most, default=0.0))


class _Pages:
    """Finds the pages that ``nbgrader generate_feedback`` has made."""

    def __init__(self, root: Path, assignment: str) -> None:
        self.course, self.assignment = course_directory(root), assignment
        self.here, self.names = root / "reports", notebook_names(root, assignment)

    def of(self, student: str) -> Iterator[tuple[str, str]]:
        """Yield the name of a notebook and the address of its page, for each that there is."""
        folder = self.course.format_path(self.course.feedback_directory, student, self.assignment)
        for name in self.names:
            path = Path(folder, f"{name}.html")
            if path.is_file():
                yield name, quote(os.fsencode(os.path.relpath(path, self.here)))


def _judged(entry: Entry) -> float | None:
    return math.fsum(each.points for each in entry.results.values()) if entry.results else None


def _offered(entry: Entry) -> float:
    return math.fsum(each.max_points for each in entry.results.values())


def _in_words(decided: ByHand) -> tuple[str, ...]:
    """Return how many grades and comments a person gave, and how many nbgrader asks a person for."""
    grades = decided.grades.values()
    counts = {
        ("grade", "grades"): sum(each.by_hand for each in grades),
        ("comment", "comments"): sum(map(len, decided.comments.values())),
        ("to grade", "to grade"): sum(each.points is None for each in grades),
        ("to look at", "to look at"): sum(
            each.awaited and each.points is not None for each in grades
        ),
    }
    return tuple(
        f"{number}\N{NO-BREAK SPACE}{one if number == 1 else more}"
        for (one, more), number in counts.items()
        if number
    )
