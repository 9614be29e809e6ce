"""The titles of questions: the nearest heading above, as people say it."""

from pathlib import Path

import nbformat
import pytest
from foreign import by_hand, checked, solution, task
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import course_directory
from autograder.report.titles import Questions, answered, questions, titles

ROOT = Path(__file__).resolve().parents[3]


def title(heading: str) -> str:
    """Return the title of an item below a text."""
    return titles([new_markdown_cell(heading), checked("item", 1, "assert answer")])["item"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Question 4: no learning (4 points)", "Question 4: no learning"),
        ("## Part A (1 point)", "Part A"),
        ("### Why? [2.5 pts.]", "Why?"),
        ("## Draw it (3 curves)", "Draw it (3 curves)"),
        ("## (2 points)", "(2 points)"),
        ("## What does `step()` do?", "What does `step()` do?"),
        ("## A **bold** [link](https://example.org) & *more*", "A bold link & more"),
        ("Loss &amp; rate\nat once\n---", "Loss & rate at once"),
        ("## Q<script>alert(1)</script>", "Qalert(1)"),
        ("# One\n\n## Two\n\nText.\n\n```\n# a comment\n```", "Two"),
        ("No heading, #1 of all.", "item"),
        ("#", "item"),
    ],
)
def test_a_heading_is_read_as_people_say_it(text, expected):
    assert title(text) == expected


def test_items_under_one_heading_are_its_parts():
    cells = [
        checked("before", 1, ""),
        new_markdown_cell("## Bug"),
        solution("answer", "# not a heading"),
        checked("diagnosis", 1, ""),
        by_hand("repair", 3, "", new_code_cell),
        new_markdown_cell("## Plot"),
        task("plot", 1, "Draw it."),
    ]
    assert titles(cells) == {
        "before": "before",
        "diagnosis": "Bug, part 1",
        "repair": "Bug, part 2",
        "plot": "Plot",
    }


def test_a_heading_in_the_items_own_cell_is_its_title():
    cells = [task("plot", 1, "## Plot\n\n### Hints"), by_hand("why", 1, "## Why?")]
    assert titles(cells) == {"plot": "Plot", "why": "Why?"}


def test_an_answer_is_for_the_next_item_below():
    cells = [
        solution("first_answer", ""),
        solution("second_answer", ""),
        checked("first", 1, ""),
        by_hand("why", 1, ""),
        task("plot", 1, ""),
        solution("more", ""),
    ]
    assert answered(cells) == {
        "first_answer": "first",
        "second_answer": "first",
        "why": "why",
        "plot": "plot",
        "more": "plot",
    }
    assert answered(cells[:2]) == {}


def test_they_are_those_of_the_release():
    found = questions(course_directory(ROOT), "lr01_first_step")
    assert found.titles["q2_syntax"] == "Question 2: how is PyTorch told a rate?"
    assert found.titles["q4_repair"] == "Question 4: a program that does not learn, part 2"
    assert found.items["q4_repair_answer"] == "q4_repair"


def test_of_several_notebooks_each_is_named(tmp_path):
    folder = tmp_path / "release" / "week"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        cells = [new_markdown_cell("# Why"), solution("answer", ""), checked("item", 1, "")]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    found = questions(course_directory(tmp_path), "week")
    assert found.titles == {"a/item": "a: Why", "b/item": "b: Why"}
    assert found.items == {"a/answer": "a/item", "b/answer": "b/item"}
    assert questions(course_directory(tmp_path), "none") == Questions()
