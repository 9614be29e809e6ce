"""A small class with an exchange: three students are graded and have feedback."""

import os
import shutil
from pathlib import Path

import nbformat
from broken.course import NAME, answered, make_course, right
from commands import in_turn
from nbgrader.api import Gradebook

ADA, BO, ZOE = "ada", "bo.lee", "Zoë Öst 王"
POINTS = {ADA: 7, BO: 4, ZOE: 6}


WRONG = {ADA: {}, BO: {"measured_answer": "factor = 1"}, ZOE: {"last_answer": 'final = "A"'}}
TIME = "2026-12-01 10:00:00.000000 UTC"


def make_class(place: Path) -> Path:
    """Make a course in ``place`` in which three students were graded and given feedback; return it."""
    folder = make_course(place / "course")
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


def points(course: Path) -> dict[str, float]:
    """Return the score of each student, from the gradebook."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(NAME)}


def contents(folder: Path, *below: str) -> dict[str, bytes]:
    """Return the content of each file in these folders, by its name."""
    return {
        os.path.relpath(path, folder): path.read_bytes()
        for each in below
        for path in (folder / each).rglob("*")
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    }
