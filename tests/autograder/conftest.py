"""A classroom: a copy of the course, graded once by the real nbgrader, for all tests here."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from commands import nbgrader
from nbgrader.api import Gradebook
from submissions import ANSWERS, build

ROOT = Path(__file__).resolve().parents[2]
NAME = "lr01_first_step"


@dataclass(frozen=True)
class Classroom:
    """A course folder, and what nbgrader said when it graded the class."""

    folder: Path
    log: str

    def nbgrader(self, *arguments: str) -> str:
        """Run one nbgrader command in the course folder; return what it wrote."""
        return nbgrader(self.folder, *arguments)

    def scores(self, student: str) -> dict[str, float]:
        """Return the points of every graded cell, from the gradebook."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission_notebook(NAME, NAME, student)
            return {grade.name: grade.score for grade in submission.grades}

    def graded(self, student: str) -> nbformat.NotebookNode:
        """Return a student's notebook as nbgrader left it."""
        return nbformat.read(self.folder / "autograded" / student / NAME / f"{NAME}.ipynb", 4)

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


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Grade the whole class in one call, with short time limits and no gradebook before it."""
    folder = copy_course(tmp_path_factory.mktemp("course"))
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Execute.timeout = 15\nc.JudgeCells.question_seconds = 5\n")
    master = nbformat.read(folder / "solutions" / NAME / f"{NAME}.ipynb", 4)
    released = nbformat.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb", 4)
    students = {student: build(master, answers) for student, answers in ANSWERS.items()}
    students["untouched"] = released
    probe = students["probe"]  # this student has also deleted a test cell, and an answer with its
    gone = ("reading", "q1_meaning", "q5_answer", "q5_next_steps")
    probe.cells = [cell for cell in probe.cells if cell.id not in gone]
    for student, notebook in students.items():
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        nbformat.write(notebook, home / f"{NAME}.ipynb")
    log = nbgrader(folder, "autograde", NAME)
    return Classroom(folder, log)
