"""What the tests of this room know of their class."""

import os
from pathlib import Path

from broken.course import NAME
from nbgrader.api import Gradebook

ADA, BO, ZOE = "ada", "bo.lee", "Zoë Öst 王"
POINTS = {ADA: 7, BO: 4, ZOE: 6}


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
