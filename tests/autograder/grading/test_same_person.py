"""Whose questions were answered, from the folder that was handed in to the gradebook."""

import html
import shutil
from pathlib import Path

import nbformat
import pytest
from commands import autograder, nbgrader
from nbgrader.api import Gradebook
from submissions import build
from submissions.lr_test import FULL, answered, as_tensor, identity

from autograder.outcomes import load
from lrlab.assignments.questions import draw

ROOT = Path(__file__).resolve().parents[3]
NAME = "lr_test"
MAC = "jose\u0301"  # as a Mac spells it in the name of a folder
EMAIL = "eve@uni.example"
NOTHING = dict.fromkeys(FULL, 0)
# For each folder, the id that was typed.
TYPED = {
    "bob.ray": "Bob.Ray",
    MAC: "jos\xe9",
    EMAIL: "eve",
    "mallory": "\u200fBob.Ray",
    "bob.ray\u2060": "bob.ray",  # this folder is named so that the questions are another's
}
MISMATCHES = {EMAIL: "'eve' were answered", "mallory": "'\\u200fBob.Ray' were answered"}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A class whose members typed ids in other forms than those of their folders."""
    folder = tmp_path_factory.mktemp("course")
    for room in ("autograder", f"solutions/{NAME}"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    master = nbformat.read(folder / "solutions" / NAME / f"{NAME}.ipynb", 4)
    for student, typed in TYPED.items():
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        answers = identity(typed, draw(typed).code) | answered(draw(typed), as_tensor)
        nbformat.write(build(master, answers, None), home / f"{NAME}.ipynb")
    autograder(folder, "grade", NAME, "--workers", "2")
    return folder


def scores(course: Path, student: str) -> dict[str, float]:
    """Return the points of every graded cell, from the gradebook."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        return {grade.name: grade.score for grade in notebook.grades}


@pytest.mark.parametrize("student", ["bob.ray", MAC])
def test_another_form_of_an_id_is_the_same_person(course, student):
    assert load(course, NAME, NAME, student).status == "graded"
    assert scores(course, student) == FULL


@pytest.mark.parametrize("student", MISMATCHES)
def test_another_id_is_a_problem_and_earns_nothing(course, student):
    outcome = load(course, NAME, NAME, student)
    assert outcome.status == "problem"
    (problem,) = outcome.problems
    assert MISMATCHES[student] in problem and f"the id here is '{student}'" in problem
    assert scores(course, student) == NOTHING


def test_who_has_the_id_of_another_in_another_form_is_named(course):
    autograder(course, "report", NAME)
    page = html.unescape((course / "reports" / f"{NAME}.html").read_text())
    assert "The id 'bob.ray' is 'bob.ray\\u2060' in another form." in page
    rows = (course / "reports" / f"{NAME}-moodle.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows if "bob" in row] == ['"bob.ray"', '"bob.ray\u2060"']


def test_the_instructor_says_that_two_ids_are_one_person(course):
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.JudgeCells.same_person = {{{EMAIL!r}: 'eve'}}\n")
    before = load(course, NAME, NAME, "bob.ray")
    said = nbgrader(course, "autograde", NAME)
    assert said.count("the instructor has said since who this is") == 1
    assert load(course, NAME, NAME, "bob.ray") == before
    assert load(course, NAME, NAME, EMAIL).status == "graded"
    assert scores(course, EMAIL) == FULL
    assert scores(course, "mallory") == NOTHING
