"""Scores for a learning platform: CSV files that Canvas and Moodle import as they are.

The scores are the final ones of nbgrader's gradebook. One that is not complete, as the submission
could not be read or an item waits for a person, is left out, or marked (``ScoreFiles``): in a column
of scores Moodle takes a word for a mistake and ends the import, and Canvas knows none but "EX" for
who is excused. What each platform makes of its file is
decided in ``lib/gradebook_importer.rb`` of Canvas and ``grade/import/csv/`` of Moodle.

Names and messages come from students, and people open such files in a spreadsheet, which takes a
cell that begins like a formula for one. ``inert`` marks those as text (OWASP, CSV injection); an id
that needed the mark is nobody's on the platform, and its row changes nobody's score. So does the row
of an id that becomes another student's when it is made one line (``user_names``).
"""

import csv
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from traitlets import Enum
from traitlets.config import Configurable

from autograder.chapters import Chapters
from autograder.course import course_directory
from autograder.late.words import how_late
from autograder.outcomes import UNREADABLE, WORDS
from autograder.report.by_hand import ByHand, corrected
from autograder.report.entries import (
    LONGEST,
    Entry,
    clean,
    notebook_names,
    read_entry,
)
from autograder.report.scores import Score, final_scores
from autograder.report.titles import Questions, questions
from autograder.report.wording import number

# The beginning of a formula at the beginning of a cell, or behind a semicolon: where that separates
# cells, a spreadsheet cuts a quoted text in two. The wide forms count in some languages.
FORMULA = re.compile("(^|;)(?=\\s*[=+\\-@＝＋－＠])")
LONGEST_CELL = 32_000  # characters; a spreadsheet's holds 32,767
POINTS_POSSIBLE = "Points Possible"
NOT_COMPLETE = "not completely graded"


class ScoreFiles(Configurable):
    """What becomes of a score that is not complete; ``nbgrader_config.py`` may set it."""

    incomplete = Enum(
        ["leave out", "mark"],
        "leave out",
        help="Leave a score that is not complete out, or write what it is so far, with a mark: "
        "behind the name for Canvas, in the feedback for Moodle.",
    ).tag(config=True)

    def written(self, score: Score, entry: Entry) -> tuple[float | None, str]:
        """Return the score that stands in the files, and the mark on it, which may be empty."""
        if score.score is not None or score.so_far is None or self.incomplete == "leave out":
            return score.score, ""
        return score.so_far, WORDS[UNREADABLE] if entry.status == UNREADABLE else NOT_COMPLETE


def canvas_csv(root: Path, assignment: str) -> Path:
    """Write ``reports/ASSIGNMENT-canvas.csv`` for Canvas's gradebook import; return its path.

    The gradebook's ``lms_user_id`` is Canvas's number of the user; one that is no number is taken
    for the SIS id. Its ``id`` is the SIS login. Where no score is, the cell is empty. Raises
    LookupError when the gradebook has no scores of the assignment.
    """
    scores, files = final_scores(root, assignment), ScoreFiles(parent=course_directory(root))
    names, logins = notebook_names(root, assignment), user_names(scores)
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", inert(assignment)]]
    possible = number(max(score.max_score for score in scores)) if scores else ""
    rows += [[f"    {POINTS_POSSIBLE}", "", "", "", "", possible]]
    for score in scores:
        entry = read_entry(root, assignment, names, score.student)
        points, mark = files.written(score, entry)
        name = full_name(score) + (f" ({mark})" if mark else "")
        # Canvas takes every row whose first cell says so for the row of the points.
        name = inert(name).replace(POINTS_POSSIBLE, POINTS_POSSIBLE.lower())
        ours = inert(score.lms_user_id)
        identity = [ours, ""] if re.fullmatch("[0-9]+", ours) else ["", ours]
        rows.append([name, *identity, logins[score.student], "", number(points)])
    return write(root, f"{assignment}-canvas.csv", rows)


def moodle_csv(root: Path, assignment: str) -> Path:
    """Write ``reports/ASSIGNMENT-moodle.csv`` for Moodle's grade import; return its path.

    Where no score is, the cell holds "-", as in Moodle's own export: Moodle makes 0 points of an
    empty cell when the column becomes a new grade item. Raises LookupError as ``canvas_csv``.
    """
    course, scores = course_directory(root), final_scores(root, assignment)
    names, logins = notebook_names(root, assignment), user_names(scores)
    chapters, asked, files = (
        Chapters.of(root),
        questions(course, assignment),
        ScoreFiles(parent=course),
    )
    # Moodle gives a row without an identifier to the student above it: a column in which anybody
    # is missing must not be there to choose.
    with_email = all(score.email for score in scores)
    email = ["Email address"] if with_email else []
    rows = [["Username", *email, "First name", "Last name", inert(assignment), "Feedback comments"]]
    for score in scores:
        entry = read_entry(root, assignment, names, score.student)
        points, mark = files.written(score, entry)
        comment = "" if points is None else feedback(entry, score.by_hand, asked)
        if mark:
            what = " ".join(entry.problems) if entry.status == UNREADABLE else comment
            comment = f"{mark[:1].upper()}{mark[1:]}: {what}"
        comment = as_html(clean(comment, LONGEST_CELL), chapters)
        rows.append(
            [
                logins[score.student],
                *([inert(score.email)] if with_email else []),
                inert(score.first_name),
                inert(score.last_name),
                number(points) or "-",
                inert(comment, len(comment)),
            ]
        )
    return write(root, f"{assignment}-moodle.csv", rows)


def user_names(scores: Sequence[Score]) -> dict[str, str]:
    """Return how each student's id is written; one that would be another's gets a mark."""
    written = {
        score.student: inert(unicodedata.normalize("NFC", score.student)) for score in scores
    }
    times = Counter(written.values())
    return {
        student: name if name == student or times[name] == 1 else f"\ufffd{name}"
        for student, name in written.items()
    }


def inert(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` as one line that no spreadsheet takes for a formula."""
    return FORMULA.sub(r"\1'", clean(text, longest))


def full_name(score: Score) -> str:
    """Return a name as Canvas sorts it, or the id of a student whose name is not known."""
    return ", ".join(filter(None, [score.last_name, score.first_name])) or score.student


def feedback(entry: Entry, decided: ByHand, asked: Questions) -> str:
    """Return what a score is made of, as one line: points lost or given by hand, and comments."""
    results = corrected(entry, decided, asked).results
    said = []
    for name in dict.fromkeys((*results, *decided.comments)):
        result, words = results.get(name), [*decided.comments.get(name, ())]
        words = [f"Comment: {each}" for each in words]
        title = asked.titles.get(name, name)
        if result:
            title += f" ({number(result.points)}/{number(result.max_points)})"
            words = [*result.lost, *words]
        if words or result.points < result.max_points:
            said.append(f"{title}: {' '.join(words)}" if words else title)
    if decided.late or decided.penalty:
        late = f"handed in {how_late(decided.late)} late" if decided.late else "handed in late"
        said.append(f"{late}: {number(0.0 - decided.penalty)}")
    return " | ".join(said)


def as_html(comment: str, chapters: Chapters) -> str:
    """Return a comment as Moodle shows it, where what looks like a tag would be one.

    It links to the chapters that it names, unless no cell of a spreadsheet would then hold it.
    """
    linked = chapters.html(comment)
    return linked if len(linked) <= LONGEST_CELL else html.escape(comment, quote=False)


def write(root: Path, name: str, rows: Iterable[list[str]]) -> Path:
    """Write ``rows`` with every cell in quotes; return the path."""
    path = root / "reports" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return path
