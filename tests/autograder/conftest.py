"""A classroom: a copy of the course, graded once by the real nbgrader, for all tests here."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import pytest
from class_of_three import make_class
from commands import in_turn
from nbgrader.api import Gradebook
from submissions import CLASSES, build, graded_twice

from autograder import fork_server

ROOT = Path(__file__).resolve().parents[2]
FIRST = "lr01_first_step"


@dataclass(frozen=True)
class Classroom:
    """A course folder with a graded assignment."""

    folder: Path
    assignment: str

    def scores(self, student: str) -> dict[str, float]:
        """Return the points of every graded cell, from the gradebook."""
        name = self.assignment
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission_notebook(name, name, student)
            return {grade.name: grade.score for grade in submission.grades}

    def graded(self, student: str) -> nbformat.NotebookNode:
        """Return a student's notebook as nbgrader left it."""
        name = self.assignment
        return nbformat.read(self.folder / "autograded" / student / name / f"{name}.ipynb", 4)

    def messages(self, student: str) -> dict[str, str]:
        """Return the text in every graded cell of a student's notebook, its lines joined."""
        return {
            cell.metadata.nbgrader.grade_id: " ".join(cell.outputs[0].text.split())
            for cell in self.graded(student).cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }


def copy_course(folder: Path) -> Path:
    """Copy what grading needs, and nothing else, into ``folder``."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for room in ("solutions", "autograder"):
        shutil.copytree(ROOT / room, folder / room, ignore=ignore)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


@pytest.fixture
def other_modules(tmp_path, monkeypatch) -> Callable[..., None]:
    """Return a function that lets servers import other modules: their sources, by name."""

    def put(**sources: str) -> None:
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source)
        for room in ("autograder", "tests"):
            (tmp_path / room).symlink_to(ROOT / room)
        monkeypatch.setattr(fork_server, "ROOT", tmp_path)  # where they look first
        monkeypatch.setattr(fork_server, "_parent", cache(fork_server._parent.__wrapped__))

    return put


@pytest.fixture(scope="session")
def classrooms(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Classroom]:
    """Return a function that gives the graded class of an assignment."""
    folder = tmp_path_factory.mktemp("course")
    grade_class(folder, *CLASSES)
    return lambda name: Classroom(folder, name)


@pytest.fixture(scope="session")
def classroom(classrooms) -> Classroom:
    """The class of the first assignment, in which some students also break things."""
    return classrooms(FIRST)


@pytest.fixture(scope="session")
def class_of_three(tmp_path_factory) -> Path:
    """A course with an exchange beside it, which nobody changes."""
    return make_class(tmp_path_factory.mktemp("three"))


@pytest.fixture
def course(class_of_three, tmp_path) -> Path:
    """A copy of a small graded class, its exchange beside it."""
    shutil.copytree(class_of_three.parent, tmp_path / "place", symlinks=True)
    return tmp_path / "place" / "course"


def grade_class(folder: Path, *names: str) -> None:
    """Grade whole classes in one course, with short time limits and no gradebook before it.

    nbgrader's own command grades the class of the first assignment; workers grade the others, the
    first of them before its assignment is released. ``once.zip`` then holds what came of it, and
    nbgrader grades one student of each class again.
    """
    copy_course(folder)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Execute.timeout = 10\nc.JudgeCells.question_seconds = 5\n")
    for name in names:
        hand_in(folder, name)
    grade = [("autograder", "grade", name, "--workers", "2") for name in names if name != FIRST]
    commands = [
        *(("nbgrader", "autograde", name) for name in names if name == FIRST),
        *grade[:1],
        ("nbgrader", "generate_assignment", "*"),
        *grade[1:],
        ("zipfile", "--create", "once.zip", "gradebook.db", "autograded"),
        *(
            ("nbgrader", "autograde", name, "--student", graded_twice(name), "--force")
            for name in names
        ),
    ]
    in_turn(*((folder, *command) for command in commands))


def hand_in(folder: Path, name: str) -> None:
    """Let the class of an assignment hand in, with its master and the untouched release."""
    members = CLASSES[name]
    master = nbformat.read(folder / "solutions" / name / f"{name}.ipynb", 4)
    students = {
        student: build(master, answers, members.SLOW)
        for student, answers in {"master": {}, **members.ANSWERS}.items()
    }
    students["untouched"] = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", 4)
    if "probe" in students:  # this student has also deleted a test cell, and an answer with its
        gone = ("reading", "q1_meaning", "q5_answer", "q5_next_steps")
        probe = students["probe"]
        probe.cells = [cell for cell in probe.cells if cell.id not in gone]
    for student, notebook in students.items():
        home = folder / "submitted" / student / name
        home.mkdir(parents=True)
        nbformat.write(notebook, home / f"{name}.ipynb")
