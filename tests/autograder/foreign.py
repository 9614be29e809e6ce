"""Courses that nobody here wrote, each in a shape of its own, and what their students hand in.

A course is made twice: for stock nbgrader, and with the lines in its settings that plug the grader
in.
"""

import subprocess
import sys
import zipfile
from collections.abc import Collection
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[2]
MISSING = "raise ModuleNotFoundError(name=__name__)\n"
PLUG_IN = """
try:
    from autograder.plug_in import plug_in

    plug_in(c)
except Exception as error:
    raise SystemExit(f"the grader cannot be loaded: {error!r}")
"""
# Stock nbgrader finds `alembic` only where the environment is activated.
ACTIVATED = """
import os
import sys

os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
"""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True)
class Course:
    """What an instructor wrote: settings, notebooks by name, files beside them; and the class.

    students: for each, the answers by notebook and by nbgrader's name of the cell; in place of the
    answers the bytes of a file, or None where there is none. own: files of every student's.
    kernels: of which a notebook says that it wants them; stock nbgrader could not start these.
    """

    assignment: str
    students: dict[str, dict[str, dict[str, str] | bytes | None]]
    settings: str = ""
    notebooks: dict[str, list[nbformat.NotebookNode]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    kernels: dict[str, dict[str, str]] = field(default_factory=dict)


def solution(name: str, source: str) -> nbformat.NotebookNode:
    """Return a cell in which students write code."""
    return _cell(new_code_cell(source), name, solution=True)


def checked(name: str, points: float, source: str) -> nbformat.NotebookNode:
    """Return a cell of tests."""
    return _cell(new_code_cell(source), name, grade=True, locked=True, points=points)


def by_hand(name: str, points: float, source: str, make=new_markdown_cell) -> nbformat.NotebookNode:
    """Return an answer that a person grades."""
    return _cell(make(source), name, grade=True, solution=True, points=points)


def task(name: str, points: float, source: str) -> nbformat.NotebookNode:
    """Return a task, for which students add cells, and which a person grades."""
    return _cell(new_markdown_cell(source), name, task=True, locked=True, points=points)


def read_only(name: str, source: str) -> nbformat.NotebookNode:
    """Return a text that students cannot change."""
    return _cell(new_markdown_cell(source), name, locked=True)


def _cell(cell: nbformat.NotebookNode, name: str, **marks: object) -> nbformat.NotebookNode:
    plain = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, **plain, **marks}
    return cell


MEAN = """def mean(values):
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION"""
WARM_UP = [
    read_only("rules", "# Warm up\nUse no library."),
    solution("mean", MEAN),
    new_code_cell("mean([1, 2])"),
    checked(
        "mean_right",
        2.0,
        """assert mean([1, 3]) == 2
### BEGIN HIDDEN TESTS
cases = [([2, 4], 3), ([5], 5)]
assert [mean(values) for values, _ in cases] == [right for _, right in cases]
### END HIDDEN TESTS""",
    ),
    checked(
        "mean_share",
        3.0,
        """assert callable(mean)
### BEGIN HIDDEN TESTS
3 * sum(mean([n, n + 2]) == n + 1 for n in range(4)) / 4
### END HIDDEN TESTS""",
    ),
    by_hand("own_use", 2.0, "# A use of your own\nmean([1])", new_code_cell),
    task(
        "plot", 1.0, "Draw the means.\n\n=== BEGIN MARK SCHEME ===\nAxes.\n=== END MARK SCHEME ==="
    ),
]
DATA = [
    new_code_cell("import csv\n\nfrom tools import scale"),
    solution(
        "largest",
        """with open("data/points.csv") as file:
    largest = None
    ### BEGIN SOLUTION
    largest = max(float(row["y"]) for row in csv.DictReader(file))
    ### END SOLUTION""",
    ),
    checked(
        "largest_right",
        2.0,
        """assert largest is not None
### BEGIN HIDDEN TESTS
with open("data/points.csv") as file:
    assert largest == max(float(line.split(",")[1]) for line in file.readlines()[1:])
assert scale(largest) == 10 * largest, "tools.py is the teacher's"
### END HIDDEN TESTS""",
    ),
    by_hand(
        "why", 3.0, "Why?\n\n=== BEGIN MARK SCHEME ===\nNoise: 3 points.\n=== END MARK SCHEME ==="
    ),
]
IN_R = [solution("y", "y <- 1"), checked("y_right", 1.0, "stopifnot(y == 1)")]
LAB = [
    solution(
        "area", "def area(r):\n    ### BEGIN SOLUTION\n    return 3 * r * r\n    ### END SOLUTION"
    ),
    checked(
        "area_right",
        1.5,
        """### BEGIN HIDDEN TESTS
import warnings

def close(first, second):
    return abs(first - second) < 1e-6
### END HIDDEN TESTS
assert area(0) == 0""",
    ),
    checked(
        "area_close", 1.5, "### BEGIN HIDDEN TESTS\nassert close(area(2), 12)\n### END HIDDEN TESTS"
    ),
    checked("area_quiet", 1.0, "### BEGIN HIDDEN TESTS\narea(1)\nNone\n### END HIDDEN TESTS"),
    new_code_cell("from mine import note"),
    checked(
        "noted",
        1.0,
        """import os
assert note
assert os.environ["NBGRADER_EXECUTION"] == "autograde" """,
    ),
]

SQUARES = """def squares(n):
    if n < 1:
        raise ValueError
    return [i**2 for i in range(1, n + 1)]"""
PROBLEM = {
    "squares": SQUARES,
    "sum_of_squares": "def sum_of_squares(n):\n    return sum(squares(n))",
    "sum_of_squares_equation": "$\\sum i^2$",
    "sum_of_squares_application": "sum_of_squares(3)",
}
QUICKSTART = Course(  # nbgrader's own example, which `nbgrader quickstart` writes
    assignment="ps1",
    students={
        "right": {"problem1": PROBLEM, "problem2": {"part-a": "It recurs.", "part-b": "Below 0."}},
        "wrong": {"problem1": PROBLEM | {"squares": "def squares(n):\n    return [1]"}},
        "untouched": {"problem1": {}, "problem2": {}},
    },
)
HALF = "def mean(values):\n    return values[0] + 1 if len(values) > 1 else values[0]"
SEMINAR = Course(
    assignment="week-1",
    settings="""
c = get_config()
c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
c.CourseDirectory.source_directory = "masters"
c.CourseDirectory.release_directory = "handout"
c.CourseDirectory.submitted_directory = "inbox"
c.CourseDirectory.autograded_directory = "marked"
c.CourseDirectory.feedback_directory = "letters"
c.CourseDirectory.db_url = "sqlite:///scores.db"
""",
    notebooks={"1-warm-up": WARM_UP, "2-data": DATA, "3-in-r": IN_R},
    kernels={
        "1-warm-up": {"name": "seminar", "display_name": "The seminar's"},
        "3-in-r": {"name": "ir", "display_name": "R", "language": "R"},
    },
    files={
        "data/points.csv": "x,y\n1,2.5\n2,7.5\n",
        "tools.py": "def scale(value):\n    return 10 * value\n",
    },
    own={"tools.py": "def scale(value):\n    return value\n", "data/mine.csv": "1\n"},
    students={
        "right": {
            "1-warm-up": {"mean": MEAN, "own_use": "mean([7])"},
            "2-data": {"largest": "largest = 7.5", "why": "Noise."},
            "3-in-r": {"y": "y <- 2"},
        },
        "half": {"1-warm-up": {"mean": HALF}, "2-data": {"largest": "largest = open('x')"}},
        "untouched": {"1-warm-up": {}, "2-data": {}},
        "one": {"1-warm-up": {"mean": MEAN}, "2-data": None},
        "renamed": {"1-warm-up (1)": {"mean": MEAN}, "2-data": {}},
        "torn": {"1-warm-up": {"mean": MEAN}, "2-data": b'{"cells": ['},
        "ended": {"1-warm-up": {"mean": MEAN}, "2-data": {"largest": "import os\nos._exit(3)"}},
    },
)
LABORATORY = Course(
    assignment="lab1",
    settings="""
c = get_config()
c.CourseDirectory.root = os.path.join(os.getcwd(), "content")
c.Autograde.exclude_overwriting = {"lab1": ["mine.py"]}
c.Execute.timeout = 20
c.SandboxedExecute.limits = {"disk": 8_000_000}
c.Autograde.autograde_preprocessors.append("nbconvert.preprocessors.RegexRemovePreprocessor")
c.RegexRemovePreprocessor.patterns = ["from mine"]
""",
    notebooks={"report": LAB},
    files={"mine.py": "note = ''\n", "large.txt": "x" * 9_000_000},
    own={"mine.py": "note = 'measured'\n"},
    students={
        "right": {"report": {"area": "def area(r):\n    return 3 * r * r"}},
        "loud": {
            "report": {
                "area": "import sys\n\ndef area(r):\n    print(r, file=sys.stderr)\n    return 3 * r * r"
            }
        },
        "untouched": {"report": {}},
    },
)


def install(folder: Path) -> Path:
    """Install the grader into ``folder``, as by pip, where torch and lrlab are not."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT / "autograder", check=True, capture_output=True)
    for name in ("torch", "torchvision", "lrlab"):
        (folder / f"{name}.py").write_text(MISSING)
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder)
    return folder


def places(folder: Path, course: Course) -> CourseDirectory:
    """Return where the course in ``folder`` keeps what."""
    config = Config()
    with chdir(folder):
        exec(ACTIVATED + course.settings, {"get_config": lambda: config})  # noqa: S102 (it is ours)
        found = CourseDirectory(config=config)
        return CourseDirectory(config=config, root=found.root, db_url=found.db_url)


def write(folder: Path, course: Course, plugged: bool = False) -> Path:
    """Write a course as its instructor did: for stock nbgrader, or with the grader ``plugged`` in."""
    folder.mkdir(parents=True)
    text = ACTIVATED + course.settings + PLUG_IN * plugged
    (folder / "nbgrader_config.py").write_text(text)
    where = places(folder, course)
    home = Path(where.format_path(where.source_directory, ".", course.assignment))
    home.mkdir(parents=True, exist_ok=True)
    for name, text in course.files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    for name, cells in course.notebooks.items():
        kernel = course.kernels.get(name, KERNEL) if plugged else KERNEL
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, home / f"{name}.ipynb")
    return folder


def hand_in(folder: Path, course: Course, but: Collection[str] = ()) -> None:
    """Let the class, but for some, fetch what was released, answer, and hand in."""
    where = places(folder, course)
    release = Path(where.format_path(where.release_directory, ".", course.assignment))
    for student in course.students.keys() - but:
        notebooks = course.students[student]
        home = Path(where.format_path(where.submitted_directory, student, course.assignment))
        for name, text in course.own.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text)
        home.mkdir(parents=True, exist_ok=True)
        for name, answers in notebooks.items():
            if isinstance(answers, bytes):
                (home / f"{name}.ipynb").write_bytes(answers)
            elif answers is not None:
                given = name.partition(" (")[0]  # as browsers number a second download
                notebook = nbformat.read(release / f"{given}.ipynb", nbformat.NO_CONVERT)
                for cell in notebook.cells:
                    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
                    cell.source = answers.get(grade_id, cell.source)
                nbformat.write(notebook, home / f"{name}.ipynb")


def grades(folder: Path, course: Course) -> dict[tuple[str, str, str], tuple]:
    """Return what the gradebook says of every item of every student, and what nbgrader remarks."""
    where = places(folder, course)
    found = {}
    with chdir(folder), Gradebook(where.db_url, where.course_id) as gradebook:
        for submission in gradebook.assignment_submissions(course.assignment):
            for notebook in submission.notebooks:
                for each in notebook.grades:
                    key = submission.student.id, notebook.name, each.name
                    found[key] = each.auto_score, each.needs_manual_grade, each.max_score
                for each in notebook.comments:
                    key = submission.student.id, notebook.name, f"{each.name}'s comment"
                    found[key] = (each.auto_comment,)
    return found
