"""A grade by hand, from formgrader to the student's page, the report and the file for Moodle."""

import csv
import html
import re
from pathlib import Path

import pytest
from broken import NAME, make_course, right
from broken.cases import put
from broken.course import answered
from commands import in_turn
from nbgrader.api import Gradebook

WRONG = {"last_answer": 'final = "A"', "scaled_answer": "def scaled(*all):\n    return 7.0"}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course in which one of two wrong items was given its points by hand, with a comment."""
    folder = make_course(tmp_path_factory.mktemp("course") / "c")
    home = folder / "submitted" / "ann" / NAME
    home.mkdir(parents=True)
    put(home, answered(right(folder), **WRONG))
    in_turn((folder, "nbgrader", "autograde", NAME))
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("last", NAME, NAME, "ann").manual_score = 1.0
        gradebook.find_grade("meaning", NAME, NAME, "ann").extra_credit = 0.5
        comment = gradebook.find_comment("last_answer", NAME, NAME, "ann")
        comment.manual_comment = "Your text says why."
        gradebook.db.commit()
    again = ("nbgrader", "autograde", NAME, "--force")  # keeps what a person gave
    report = ("autograder", "report", NAME)
    in_turn(*((folder, *each) for each in (again, ("nbgrader", "generate_feedback", NAME), report)))
    return folder


def test_the_page_shows_the_grade_and_the_comment(course):
    page = (course / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()
    text = " ".join(html.unescape(re.sub("<[^>]+>", "", page)).split())
    assert "1 of 1 points, graded by hand" in text and "Your text says why." in text
    assert "You chose A" not in text
    assert "1.5 of 1 points, 0.5 of them extra credit" in text
    assert "The function gave 7.0." in text


def test_the_file_for_moodle_says_the_same(course):
    with (course / "reports" / f"{NAME}-moodle.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row[NAME]) == 1.5 + 0 + 0 + 1
    said = row["Feedback comments"].split(" | ")
    assert said[1].startswith("Rates, part 2 (0/2): ")
    assert said[2].startswith("Rates, part 3 (0/3): ")
    assert [said[0], *said[3:]] == [
        "Rates, part 1 (1.5/1): Extra credit: 0.5.",
        "Rates, part 4 (1/1): Graded by hand. Comment: Your text says why.",
    ]


def test_the_report_counts_it(course):
    page = (course / "reports" / f"{NAME}.html").read_text()
    assert "You chose A" not in page and "The function gave" in page
