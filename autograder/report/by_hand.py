"""What a person decided, in formgrader: it stands in place of the judge's words, everywhere alike.

``by_hand`` reads it from nbgrader's gradebook, and ``corrected`` puts it into an entry, from which
the report and the files for Canvas and Moodle are made. The page that a student gets reads the same
``grades`` of its notebook, and the comments with their paragraphs.
"""

from dataclasses import dataclass, field, replace

from nbgrader.api import Grade as StoredGrade
from nbgrader.api import SubmittedAssignment, SubmittedNotebook
from traitlets.config import Config

from autograder.late.clock import Late, lateness, zone_of
from autograder.report.entries import LONGEST_COMMENT, Entry, Result, clean
from autograder.report.titles import Questions

GRADED_BY_HAND = "Graded by hand."


@dataclass(frozen=True)
class Grade:
    """The final points of an item that is not, or not only, the judge's; None while there are none.

    given: whether a person gave the points; otherwise they are the judge's, or nbgrader's 0 for an
    answer that nobody wrote, with its ``remark``. extra: how many of the points are extra credit.
    awaited: whether nbgrader asks for a person: there are no points, or the item was graded again
    since a person gave them.
    """

    points: float | None
    max_points: float
    given: bool = False
    extra: float = 0.0
    awaited: bool = False
    remark: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether a person changed the points."""
        return self.given or self.extra != 0

    @property
    def words(self) -> tuple[str, ...]:
        """What to say in place of, or beside, the judge's words."""
        lost = self.points is not None and self.points < self.max_points
        said = (
            GRADED_BY_HAND if self.given else self.remark if lost else "",
            f"Extra credit: {self.extra:g}." if self.extra else "",
        )
        return tuple(filter(None, said))


@dataclass(frozen=True)
class ByHand:
    """What a person decided on one submission: grades and comments, by item; and how late it is.

    penalty: the points that lateness costs.
    """

    grades: dict[str, Grade] = field(default_factory=dict)
    comments: dict[str, tuple[str, ...]] = field(default_factory=dict)
    penalty: float = 0.0
    late: Late | None = None


def by_hand(submission: SubmittedAssignment, asked: Questions, config: Config) -> ByHand:
    """Return what a person decided, and what is to be known about lateness.

    A comment stands on an answer, and counts as one on the item that the answer is for.
    """
    late = lateness(submission, zone_of(config))
    decided = ByHand(penalty=submission.late_submission_penalty, late=late)
    for notebook in submission.notebooks:
        prefix = _prefix(notebook)
        decided.grades.update({prefix + name: each for name, each in grades(notebook).items()})
        for name, text in comments(notebook).items():
            item = asked.items.get(prefix + name, prefix + name)
            decided.comments[item] = (*decided.comments.get(item, ()), text)
    return decided


def grades(notebook: SubmittedNotebook) -> dict[str, Grade]:
    """Return the grades in one notebook that are not the judge's alone, by item."""
    remarks = {each.name: each.auto_comment for each in notebook.comments}  # also of task cells
    return {
        each.name: Grade(
            None if is_open(each) else each.score,
            each.max_score,
            each.manual_score is not None,
            each.extra_credit or 0.0,
            each.needs_manual_grade,
            remarks.get(each.name) or "",
        )
        for each in notebook.grades
        if each.name in remarks
        or each.manual_score is not None
        or each.extra_credit
        or each.needs_manual_grade
    }


def is_open(grade: StoredGrade) -> bool:
    """Return whether nobody has given points yet; nbgrader counts that as 0, as would a reader.

    A 0 for what could not be judged waits for a person, too.
    """
    return grade.manual_score is None and (grade.auto_score is None or grade.needs_manual_grade)


def comments(notebook: SubmittedNotebook) -> dict[str, str]:
    """Return the comments that a person wrote in one notebook, by answer, each as one line."""
    return {
        each.name: clean(each.manual_comment, LONGEST_COMMENT)
        for each in notebook.comments
        if (each.manual_comment or "").strip()
    }


def corrected(entry: Entry, decided: ByHand, asked: Questions) -> Entry:
    """Return ``entry`` with the points that count, and words of the judge only where it decided.

    The items are in the order in which they are asked.
    """
    results = dict(entry.results)
    for name, grade in decided.grades.items():
        if grade.points is None:
            continue
        judged = results.get(name, Result(0.0, grade.max_points))
        kept = () if grade.given else judged.lost
        causes = () if grade.given else judged.causes
        results[name] = Result(
            grade.points, grade.max_points, (*kept, *grade.words), causes, grade.by_hand
        )
    order = {name: place for place, name in enumerate(asked.titles)}
    names = sorted(results, key=lambda name: order.get(name, len(order)))
    return replace(entry, results={name: results[name] for name in names})


def _prefix(notebook: SubmittedNotebook) -> str:
    """Return what stands before an item's name in an assignment of several notebooks."""
    alone = len(notebook.assignment.notebooks) == 1
    return "" if alone else f"{notebook.name}/"
