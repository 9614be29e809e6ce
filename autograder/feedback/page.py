"""What a student's page says about one notebook, and nothing of how it looks.

``page_of`` makes it from what nbgrader's gradebook holds, what the judge said, and the titles of the
questions. Numbers are the gradebook's: a person may have changed them. Where a person did, the
judge's words are not shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.api import SubmittedNotebook
from nbgrader.utils import is_grade, is_task

from autograder.feedback.verdicts import Verdict
from autograder.grading.items import name_of
from autograder.report.by_hand import Grade, grades
from autograder.report.titles import answered, notebook_title, titles
from autograder.submission.document import SAVE_AGAIN

AWAITED = "A person has yet to look at it."
LATE = "If the time for that is over, write to your teacher."
ALL, SOME, NONE, WAITS = "all", "some", "none", "waits"
LONGEST = 300  # characters of the line about an item at the top


@dataclass(frozen=True)
class Item:
    """One graded item.

    points: None while there are none. awaited: whether a person has yet to decide on them. by_hand:
    whether a person gave them. extra: how many of them are extra credit. verdict: the judge's, where
    it counts. words: what to say in its place, or beside it. comments: a person's.
    """

    name: str
    title: str
    points: float | None
    max_points: float
    awaited: bool = False
    by_hand: bool = False
    extra: float = 0.0
    verdict: Verdict | None = None
    words: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Whether all of the points were earned, some, none, or nobody has decided yet."""
        if self.points is None:
            return WAITS
        if self.points >= self.max_points:
            return ALL
        return SOME if self.points > 0 else NONE

    @property
    def look_at(self) -> str:
        """One line: what to look at first, beside the comments."""
        parts = self.verdict.parts if self.verdict else ()
        lost = [part.message for part in parts if part.earned < part.points]
        right = ["All right."] if self.state == ALL and not self.by_hand else []
        later = [AWAITED] if self.awaited else []
        line = " ".join([*lost[:1], *right, *self.words, *later]) or "See below."
        return line if len(line) <= LONGEST else line[:LONGEST].rpartition(" ")[0] + " …"


@dataclass(frozen=True)
class Page:
    """The page of one notebook.

    points: in all, after what lateness costs. late: how late, what it costs, and why. anew: which
    scores that the student was told are other ones now. total: points and maximum of all the assignment's notebooks,
    where there are several. problems: what was odd about the submission. items: by name, in the order
    in which they are asked; absent: those whose cell is not in the notebook. comments: a person's, on
    answers that belong to no item, by their cells.
    """

    title: str
    assignment: str
    notebook: str
    student: str
    points: float
    max_points: float
    late: str
    anew: tuple[str, ...]
    total: tuple[float, float] | None
    readable: bool
    problems: tuple[str, ...]
    items: dict[str, Item]
    absent: list[Item]
    comments: dict[str, str]

    @property
    def advice(self) -> str:
        """What to do when nothing could be read, beyond what the problems say themselves."""
        if any(SAVE_AGAIN in problem for problem in self.problems):
            return LATE
        return f"Look at what you handed in and {SAVE_AGAIN} {LATE}"

    @property
    def extra(self) -> float:
        """How many of the points are extra credit."""
        return sum(item.extra for item in self.items.values())

    @property
    def waiting(self) -> int:
        """How many items wait for a person."""
        return sum(item.awaited for item in self.items.values())

    @property
    def listed(self) -> list[Item]:
        """The items to tell about: of what could not be read, those on which a person said a word."""
        items = self.items.values()
        return [item for item in items if self.readable or item.by_hand or item.comments]

    @property
    def to_look_at(self) -> int:
        """How many items cost points."""
        return sum(item.state in (SOME, NONE) for item in self.listed)


def page_of(
    submitted: SubmittedNotebook,
    shown: Sequence[NotebookNode],
    asked: Sequence[NotebookNode],
    judged: Mapping[str, Verdict],
    problems: Iterable[str],
    readable: bool,
    late: str = "",
    anew: Iterable[str] = (),
) -> Page:
    """Return the page of a graded notebook.

    shown: its cells. asked: those that students were given. judged: the verdicts that are known in
    parts. readable: whether anything of the submission could be used. late: what to say of one that
    came late. anew: what to say of scores that changed.
    """
    penalty = submitted.late_submission_penalty or 0.0
    comments = {
        each.name: each.manual_comment
        for each in submitted.comments
        if (each.manual_comment or "").strip()
    }
    items = {
        item.name: item for item in _items(submitted, asked, judged if readable else {}, comments)
    }
    here = {name_of(cell) for cell in shown if _is_item(cell)}
    placed = answered(asked)
    return Page(
        title=notebook_title(asked) or submitted.name,
        assignment=submitted.assignment.name,
        notebook=submitted.name,
        student=_named(submitted),
        points=max(0.0, submitted.score - penalty),
        max_points=submitted.max_score,
        late=late,
        anew=tuple(anew),
        total=_total(submitted),
        readable=readable,
        problems=tuple(problems),
        items=items,
        absent=[item for name, item in items.items() if name not in here],
        comments={name: text for name, text in comments.items() if name not in placed},
    )


def _items(
    submitted: SubmittedNotebook,
    asked: Sequence[NotebookNode],
    judged: Mapping[str, Verdict],
    comments: Mapping[str, str],
) -> Iterator[Item]:
    """Yield the items in the order in which they are asked, each with the comments on its answers."""
    stored = {grade.name: grade for grade in submitted.grades}
    decided, called, item_of = grades(submitted), titles(asked), answered(asked)
    for name in map(name_of, filter(_is_item, asked)):
        if name not in stored:
            continue
        grade = decided.get(name, Grade(stored[name].score, stored[name].max_score))
        yield Item(
            name=name,
            title=called[name],
            points=grade.points,
            max_points=grade.max_points,
            awaited=grade.awaited,
            by_hand=grade.given,
            extra=grade.extra,
            verdict=None if grade.given else judged.get(name),
            words=grade.words,
            comments=tuple(
                comments[answer]
                for answer, item in item_of.items()
                if item == name and answer in comments
            ),
        )


def _is_item(cell: NotebookNode) -> bool:
    return is_grade(cell) or is_task(cell)


def _named(submitted: SubmittedNotebook) -> str:
    """Return the student's name, as far as the gradebook knows it, and id."""
    student = submitted.student
    name = " ".join(filter(None, (student.first_name, student.last_name)))
    return f"{name} ({student.id})" if name else student.id


def _total(submitted: SubmittedNotebook) -> tuple[float, float] | None:
    whole = submitted.assignment
    if len(whole.notebooks) == 1:
        return None
    return max(0.0, whole.score - whole.late_submission_penalty), whole.max_score
