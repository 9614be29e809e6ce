"""What a person decided after the judge, in formgrader: it stands in place of the judge's words.

``by_hand`` reads it from nbgrader's gradebook, ``corrected`` puts it into an entry, and
``feedback_page`` into the page that a student gets.
"""

from dataclasses import dataclass, field, replace

from nbgrader.api import SubmittedAssignment, SubmittedNotebook

from autograder.report.entries import LONGEST_COMMENT, Entry, Result, clean


@dataclass(frozen=True)
class Grade:
    """The final points of an item. ``extra``: how many of them are extra credit.

    given: whether a person gave the points; otherwise they are the judge's, and the extra credit.
    """

    points: float
    max_points: float
    given: bool
    extra: float


@dataclass(frozen=True)
class ByHand:
    """What a person decided on one submission: grades by item, comments by answer cell."""

    grades: dict[str, Grade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0


def by_hand(submission: SubmittedAssignment) -> ByHand:
    """Return what a person decided, and the penalty for handing in late."""
    decided = ByHand(penalty=submission.late_submission_penalty)
    for notebook in submission.notebooks:
        prefix = _prefix(notebook)
        decided.grades.update(
            {prefix + clean(name): grade for name, grade in grades(notebook).items()}
        )
        for comment in notebook.comments:
            if comment.manual_comment:
                text = clean(comment.manual_comment, LONGEST_COMMENT)
                decided.comments[prefix + clean(comment.name)] = text
    return decided


def grades(notebook: SubmittedNotebook) -> dict[str, Grade]:
    """Return the grades that a person gave in one notebook, or added extra credit to."""
    return {
        each.name: Grade(
            each.score, each.max_score, each.manual_score is not None, each.extra_credit or 0.0
        )
        for each in notebook.grades
        if each.manual_score is not None or each.extra_credit
    }


def corrected(entry: Entry, decided: ByHand) -> Entry:
    """Return ``entry`` with the points that count, and words of the judge only where it decided."""
    results = dict(entry.results)
    for name, grade in decided.grades.items():
        judged = results.get(name, Result(0.0, grade.max_points))
        said = ("Graded by hand.",) if grade.given else judged.lost
        if grade.extra:
            said = (*said, f"Extra credit: {grade.extra:g}.")
        results[name] = Result(grade.points, grade.max_points, said, by_hand=True)
    return replace(entry, results=results)


def _prefix(notebook: SubmittedNotebook) -> str:
    """Return what stands before an item's name in an assignment of several notebooks."""
    alone = len(notebook.assignment.notebooks) == 1
    return "" if alone else f"{notebook.name}/"
