"""What a student's page says, from a gradebook: points, what to look at, and who decided."""

import os
import sys
from pathlib import Path

import pytest
from foreign import by_hand, checked, solution, task
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook

from autograder.feedback.page import Page, page_of
from autograder.feedback.verdicts import Part, Verdict

LOST = Verdict((Part(1, 1, "This is right."), Part(0, 2, "Read chapter 1.")))
RIGHT = Verdict((Part(3, 3, "This is right."),))
ASKED = [
    new_markdown_cell("# Week 1"),
    new_markdown_cell("## The mean (3 points)"),
    solution("mean_answer", ""),
    checked("mean", 3, ""),
    by_hand("why", 2, "Why?"),
    task("plot", 1, "## A plot"),
    solution("after", ""),
]


@pytest.fixture(scope="module")
def course():
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls `alembic`, which lies beside the running Python.
        patch.setenv(
            "PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        )
        made = Gradebook("sqlite:///:memory:")
    with made:
        made.add_assignment("week")
        made.add_notebook("one", "week")
        made.add_grade_cell("mean", "one", "week", max_score=3, cell_type="code")
        made.add_grade_cell("why", "one", "week", max_score=2, cell_type="markdown")
        made.add_task_cell("plot", "one", "week", max_score=1, cell_type="markdown")
        for name in ("mean_answer", "why", "after"):
            made.add_solution_cell(name, "one", "week")
        made.add_student("ann")
        made.add_submission("week", "ann")
        set_grade(made, "mean", auto_score=1.0, needs_manual_grade=False)
        made.db.commit()
        yield made


@pytest.fixture
def gradebook(course):
    """The gradebook of the class, as it was before each test."""
    yield course
    course.db.rollback()


def set_grade(gradebook: Gradebook, name: str, **decided) -> None:
    grade = gradebook.find_grade(name, "one", "week", "ann")
    for attribute, value in decided.items():
        setattr(grade, attribute, value)


def comment(gradebook: Gradebook, name: str, text: str) -> None:
    gradebook.find_comment(name, "one", "week", "ann").manual_comment = text


def said(gradebook: Gradebook, verdict: Verdict = LOST, shown=ASKED, readable=True) -> Page:
    gradebook.db.flush()
    gradebook.db.expire_all()  # scores are sums that the database makes
    submitted = gradebook.find_submission_notebook("one", "week", "ann")
    return page_of(submitted, shown, ASKED, {"mean": verdict}, [], readable)


def test_what_lost_points_is_named_first_and_what_waits_is_not_0(gradebook):
    page = said(gradebook)
    assert (page.title, page.points, page.max_points, page.waiting) == ("Week 1", 1, 6, 2)
    assert [(item.title, item.state) for item in page.items.values()] == [
        ("The mean, part 1", "some"),
        ("The mean, part 2", "waits"),
        ("A plot", "waits"),
    ]
    assert page.items["mean"].look_at == "Read chapter 1."
    assert page.items["why"].look_at == "A person has yet to look at it."
    assert page.to_look_at == 1


@pytest.mark.parametrize(
    ("decided", "verdict", "line"),
    [
        ({"auto_score": 3.0}, RIGHT, "All right."),
        ({"auto_score": 0.0}, Verdict(()), "See below."),
        ({"manual_score": 3.0}, LOST, "Graded by hand."),
        ({"manual_score": 0.0}, LOST, "Graded by hand."),
        ({"extra_credit": 0.5}, LOST, "Read chapter 1. Extra credit: 0.5."),
        ({"auto_score": 3.0, "extra_credit": 1.0}, RIGHT, "All right. Extra credit: 1."),
        ({"needs_manual_grade": True}, LOST, "Read chapter 1. A person has yet to look at it."),
        ({}, Verdict((Part(0, 3, "word " * 100),)), "word " * 60 + "…"),
    ],
)
def test_one_line_says_what_to_look_at(gradebook, decided, verdict, line):
    set_grade(gradebook, "mean", **decided)
    item = said(gradebook, verdict).items["mean"]
    assert item.look_at == line
    assert (item.verdict is None) == item.by_hand == ("manual_score" in decided)


def test_a_penalty_takes_no_more_than_there_is(gradebook):
    gradebook.find_submission_notebook("one", "week", "ann").late_submission_penalty = 2.0
    assert said(gradebook).points == 0


def test_a_comment_stands_at_the_item_that_its_answer_is_for(gradebook):
    comment(gradebook, "mean_answer", "Look\n\nagain.")
    comment(gradebook, "after", "Nice.")
    page = said(gradebook)
    assert page.items["mean"].comments == ("Look\n\nagain.",)
    assert page.items["plot"].comments == ("Nice.",)  # the last item
    assert page.comments == {}


def test_an_item_whose_cell_was_deleted_is_told_too(gradebook):
    comment(gradebook, "why", "You wrote nothing.")
    page = said(gradebook, shown=ASKED[:4])
    assert [item.name for item in page.absent] == ["why", "plot"]
    assert page.items["why"].comments == ("You wrote nothing.",)


def test_of_what_could_not_be_read_a_persons_word_is_told(gradebook):
    assert said(gradebook, readable=False).listed == []
    comment(gradebook, "mean_answer", "Send it again.")
    set_grade(gradebook, "plot", manual_score=1.0)
    assert [item.name for item in said(gradebook, readable=False).listed] == ["mean", "plot"]
