"""Any nbgrader assignment: items without a check are judged by the instructor's own tests."""

from pathlib import Path

import nbformat
import plain_course
import pytest
from commands import in_turn
from nbgrader.api import Gradebook
from plain_course import FULL, NAME, hand_in

SETTINGS = "\nc.Execute.timeout = 10\nc.JudgeCells.question_seconds = 3\n"
CODED = "def squares(n):\n    return [1]"
HANGS = "def squares(n):\n    while n > 1:\n        pass\n    return [1]"
LEAVES = "import os\n\n\ndef total(n):\n    os._exit(0)"
WARNS = 'import warnings\n\n\ndef total(n):\n    warnings.warn("slow")\n    return sum(squares(n))'
EQUAL = """
class Equal(list):
    __eq__ = lambda self, other: True


def squares(n):
    return Equal()
"""
LOOKS = """
for name in ("cases", "expected", "given", "wanted"):
    assert name not in globals(), name
assert not any("HIDDEN" in text or "another list" in text for text in In)
import gc
assert not [each for each in gc.get_objects() if isinstance(each, dict) and each.get(2) == [1, 4]]
print("nothing is left")
"""
CLASS = {
    "right": ({}, {}),
    "coded": ({"squares": CODED}, {"squares_right": 0, "total_right": 0}),
    "some": ({"answers": 'answers = ["a", "b", "x"]'}, {"some_right": 2}),
    "hangs": ({"squares": HANGS}, {"squares_right": 0, "total_right": 0}),
    "leaves": ({"total": LEAVES}, {"total_right": 0}),
    "quits": ({"total": "def total(n):\n    raise SystemExit"}, {"total_right": 0}),
    "warns": ({"total": WARNS}, {"total_right": 0}),
    "missing": ({"total": ""}, {"total_right": 0}),
    # What no test in the same process can tell: it believes whatever compares as equal.
    "equal": ({"squares": EQUAL, "total": "def total(n):\n    return Equal()"}, {}),
    "looks": ({"last": LOOKS}, {}),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course after nbgrader's own command has graded the class, and its pages were made."""
    folder = plain_course.make_course(tmp_path_factory.mktemp("plain") / "course", SETTINGS)
    for student, (answers, _) in CLASS.items():
        hand_in(folder, student, **answers)
    in_turn(
        (folder, "nbgrader", "autograde", NAME),
        (folder, "nbgrader", "generate_feedback", NAME),
    )
    return folder


def graded(course: Path, student: str) -> dict[str, nbformat.NotebookNode]:
    """Return the cells of a student's notebook, by name, as nbgrader left it."""
    notebook = nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", 4)
    return {cell.id: cell for cell in notebook.cells}


def said(course: Path, student: str, name: str) -> str:
    """Return the text of a verdict in one line."""
    return " ".join(graded(course, student)[name].outputs[0].text.split())


def scores(course: Path, student: str) -> dict[str, float | None]:
    """Return the points that the gradebook has; None where a person must grade."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student)
        return {grade.name: grade.auto_score for grade in found.grades}


@pytest.mark.parametrize("student", CLASS)
def test_points_are_what_nbgrader_would_give(course, student):
    _, differs = CLASS[student]
    points = scores(course, student)
    assert {name: points[name] for name in FULL} == {**FULL, **differs}
    assert points["why"] in (None, 0) and points["draw"] in (None, 0)  # by hand


SENTENCES = {
    ("right", "squares_right"): "2 of 2 points, checked by a test in your own process 2/2 The test",
    ("right", "some_right"): "The test gave 4 of 4 points.",
    ("coded", "squares_right"): "AssertionError: squares(2) is another list",
    ("coded", "total_right"): "The test failed at `assert total(n) == sum(expected)`: AssertionErr",
    ("some", "some_right"): "The test gave 2 of 4 points.",
    ("hangs", "squares_right"): "Your function took more than 3 s and was stopped.",
    ("leaves", "total_right"): "Your code ended its Python process.",
    ("quits", "total_right"): "SystemExit",
    ("warns", "total_right"): "The test wrote to standard error:",
    ("missing", "total_right"): "NameError: name 'total' is not defined",
}


@pytest.mark.parametrize(("student", "name"), SENTENCES)
def test_the_verdict_says_what_happened_and_which_kind_of_check_it_was(course, student, name):
    text = said(course, student, name)
    assert SENTENCES[student, name] in text
    assert "checked by a test in your own process" in text
    assert "Traceback" not in text and "autograder" not in text


def test_nothing_of_a_test_is_left_for_later_cells(course):
    cells = graded(course, "looks").values()
    assert any("nothing is left" in str(cell.get("outputs")) for cell in cells)


def test_the_graded_notebook_shows_the_whole_test_as_nbgrader_does(course):
    for name, (_, source) in plain_course.TESTS.items():
        assert graded(course, "right")[name].source == source
    page = (course / "feedback" / "right" / NAME / f"{NAME}.html").read_text()
    assert "BEGIN HIDDEN TESTS" in page


def test_workers_give_the_same_also_without_a_sandbox(course, tmp_path):
    folder = plain_course.make_course(tmp_path / "course", SETTINGS)
    for student in ("right", "hangs", "looks"):
        hand_in(folder, student, **CLASS[student][0])
    in_turn((folder, "autograder", "grade", NAME, "--workers", "2"))
    for student in ("right", "hangs", "looks"):
        assert scores(folder, student) == scores(course, student)
    in_turn((folder, "autograder", "grade", NAME, "--workers", "2", "--force", "--unsafe"))
    for student in ("right", "hangs", "looks"):
        assert scores(folder, student) == scores(course, student)
