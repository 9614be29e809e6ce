"""The last lines on a large class: everybody is named, and they stay readable."""

import nbformat
import pytest

from autograder.course import course_directory
from autograder.grading.class_problems import MOST, WIDTH, class_problems
from autograder.outcomes import GRADED, PROBLEM, UNREADABLE, Outcome, save

NAME = "hw"
CUT = "The file is only a part of a notebook."


@pytest.fixture
def course(tmp_path):
    """300 students: 100 without a problem, 60 with the same, 100 each with another, 40 unreadable."""
    (tmp_path / "release" / NAME).mkdir(parents=True)
    (tmp_path / "release" / NAME / f"{NAME}.ipynb").touch()
    for number in range(300):
        status, problems = GRADED, []
        if 100 <= number < 200:
            status, problems = PROBLEM, [f"Something that only {number:03} met.", "And more."]
        elif 200 <= number < 260:
            status, problems = PROBLEM, ["A file was not taken."]
        elif number >= 260:
            status, problems = UNREADABLE, [CUT]
        notebook = nbformat.v4.new_notebook()
        save(tmp_path, Outcome(NAME, NAME, f"s{number:03}", "", status, problems, {}, {}, notebook))
    return course_directory(tmp_path)


def lines(course, *students: str, **more: list[str]) -> list[str]:
    given = {"passed_over": [], "unknown": [], **more}
    return class_problems(course, NAME, students, **given).splitlines()


def test_of_three_hundred_everybody_is_named_once_and_what_is_common_is_said_once(course):
    said = lines(course, *(f"s{number:03}" for number in range(300)))
    text = " ".join(" ".join(said).split())
    assert text.startswith("40 could not be read") and "160 graded with a problem" in text
    assert [text.count(f"s{number:03}") for number in range(300)] == [0] * 100 + [1] * 200
    assert text.count(CUT) == text.count("A file was not taken.") == 1
    assert text.count("And more.") == MOST - 1
    assert f"and {100 - (MOST - 1)} more, of whom the report tells: " in text
    assert len(said) < 100 and all(len(line) <= WIDTH for line in said)


def test_nobody_with_a_problem_is_nothing_to_say(course):
    assert lines(course, "s000", "s001", "who has no outcome") == []


def test_what_a_student_chose_is_plain_text(course, tmp_path):
    student = "\x1b[31mred\x07\N{RIGHT-TO-LEFT OVERRIDE}"
    problem = ["Of your files, \x1b]0;title\x07 was not taken.\nReally " + "long" * 500]
    notebook = nbformat.v4.new_notebook()
    save(tmp_path, Outcome(NAME, NAME, student, "", PROBLEM, problem, {}, {}, notebook))
    said = lines(course, student, passed_over=["submitted/x is not graded"], unknown=[student])
    assert all(line.isprintable() for line in said)
    assert sum(map(len, said)) < 1_000
    assert "  submitted/x is not graded" in said
    assert said[-3] == "1 on no class list (a mistyped folder?):"
