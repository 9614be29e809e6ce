"""A small class, graded once, with feedback, and with an exchange; each test has a copy of it."""

import shutil
from pathlib import Path

import nbformat
import pytest
from broken.course import NAME, answered, make_course, right
from class_of_three import ADA, BO, ZOE
from commands import in_turn

WRONG = {ADA: {}, BO: {"measured_answer": "factor = 1"}, ZOE: {"last_answer": 'final = "A"'}}
TIME = "2026-12-01 10:00:00.000000 UTC"


@pytest.fixture(scope="session")
def graded(tmp_path_factory) -> Path:
    """A course in which three students were graded and given feedback."""
    folder = make_course(tmp_path_factory.mktemp("care") / "course")
    exchange = folder.parent / "exchange"
    (exchange / "learning-rates" / "inbound").mkdir(parents=True)
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write("\nc.Exchange.root = str(course.parent / 'exchange')\n")
    for number, (student, answers) in enumerate(WRONG.items()):
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        text = nbformat.writes(nbformat.from_dict(answered(right(folder), **answers)))
        (home / f"{NAME}.ipynb").write_text(text)
        (home / "timestamp.txt").write_text(TIME)
        (home / "submission_secret.txt").write_text(f"secret of {number}")
        handed_in = f"{student}+{NAME}+{TIME}+0{number}"
        shutil.copytree(home, exchange / "learning-rates" / "inbound" / handed_in)
    (folder / "class.csv").write_text(
        f"id,first_name,last_name\n{ADA},Ada,Lovelace\n{BO},Bo,Lee\n{ZOE},Zoë,Öst\n"
    )
    in_turn(
        (folder, "autograder", "roster", "class.csv"),
        (folder, "autograder", "grade", NAME),
        (folder, "nbgrader", "generate_feedback", NAME),
        (folder, "nbgrader", "release_feedback", NAME),
        (folder, "autograder", "report", NAME),
    )
    return folder


@pytest.fixture
def course(graded, tmp_path) -> Path:
    """A copy of the class, its exchange beside it."""
    shutil.copytree(graded.parent, tmp_path / "place", symlinks=True)
    return tmp_path / "place" / "course"
