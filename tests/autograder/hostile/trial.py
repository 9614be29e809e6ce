"""The assignment that hostile notebooks hand in: small, with one cell of each kind that is graded.

``ANSWERS`` earn ``FULL``; ``WRONG`` earn nothing. Everything that a student must not see or change
holds a word that begins with ``CANARY``, so that it can be found wherever it ends up.
"""

import compileall
import io
import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path

import matplotlib.font_manager
import nbformat
from commands import nbgrader
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[3]
NAME = "lr00_trial"
FULL = {"q_number": 1.0, "q_choice": 1.0, "q_function": 2.0, "q_step": 2.0, "q_hidden": 2.0}
ANSWERS = {
    "number": "answer_rate = 0.4187",
    "choice": 'answer_letter = "C"',
    "function": "def moved(weights, gradient, rate):\n    return weights - rate * gradient",
    "step": "def one_step(model, rate):\n    with torch.no_grad():\n"
    "        for each in model.parameters():\n            each -= rate * each.grad",
    "hidden": "def halved(numbers):\n    return [number / 2 for number in numbers]",
}
WRONG = {
    "number": "answer_rate = 0.9",
    "choice": 'answer_letter = "A"',
    "function": "def moved(weights, gradient, rate):\n    return weights",
    "step": "def one_step(model, rate):\n    pass",
    "hidden": "def halved(numbers):\n    return numbers",
}
VISIBLE = {
    "number": 'expect(isinstance(answer_rate, float), "answer_rate should be a number")',
    "choice": 'expect(answer_letter in ("A", "B", "C", "D"), "answer_letter should be a letter")',
    "function": 'expect(callable(moved), "moved should be a function")',
    "step": 'expect(callable(one_step), "one_step should be a function")',
    "hidden": 'expect(callable(halved), "halved should be a function")',
}
# The last item has no check: it is judged by the whole test cell, as the instructor wrote it.
HIDDEN_TEST = """
### BEGIN HIDDEN TESTS
import unittest

import numpy

secret_case = [2.0, 6.5, -3.0]  # HIDDEN-WORD
secret_result = [1.0, 3.25, -1.5]
numpy.testing.assert_allclose(halved(secret_case), secret_result)
assert isinstance(halved(secret_case), list)
assert all(abs(a - b) < 1e-9 for a, b in zip(halved([8.0]), [4.0], strict=True))
unittest.TestCase().assertEqual(len(halved([])), 0)
### END HIDDEN TESTS"""
SETTINGS = """
c.Execute.timeout = 8
c.SandboxedExecute.iopub_timeout = 10
c.JudgeCells.question_seconds = 3
c.JudgeCells.patience = 12
c.JudgeCells.judge_seconds = 60
c.SandboxedExecute.limits = {
    "memory": 2000 * 2**20,
    "processes": 64,
    "open_files": 256,
    "file_size": 16 * 2**20,
    "disk": 32 * 2**20,
    "files": 400,
    "cell_cpu": 16,
    "notebook_cpu": 40,
    "notebook_seconds": 60,
}
"""
OUTSIDE = {"notes.txt": "CANARY-outside", "keys/id_rsa": "CANARY-of-the-instructor"}
FONTS = "home/.cache/matplotlib"  # searching the machine's fonts again would take seconds
SECRET = "CANARY-of-the-environment"  # nbgrader finds it in LRLAB_SECRET
NEIGHBOURS = f"{ANSWERS['number']}  # CANARY-of-a-neighbour"  # the answer of honest students


def master() -> NotebookNode:
    """Return the master notebook."""
    cells = [
        new_markdown_cell("# Trial", id="intro"),
        new_code_cell("import torch\n\nfrom lrlab.assignments.expect import expect", id="setup"),
        new_code_cell("LARGEST_RATE = 1.0", id="given", metadata=marks("given", locked=True)),
    ]
    for name, answer in ANSWERS.items():
        solution = f"### BEGIN SOLUTION\n# CANARY-of-the-master\n{answer}\n### END SOLUTION"
        points = FULL[f"q_{name}"]
        cells += [
            new_code_cell(solution, id=name, metadata=marks(name, solution=True)),
            new_code_cell(test(name), id=f"q_{name}", metadata=marks(f"q_{name}", points=points)),
        ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def test(name: str) -> str:
    """Return the whole text of a test cell."""
    return VISIBLE[name] + (HIDDEN_TEST if name == "hidden" else "")


def marks(
    name: str, points: float | None = None, solution: bool = False, locked: bool = False
) -> dict:
    """Return nbgrader's metadata for one cell."""
    cell = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked or points is not None,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": cell if points is None else {**cell, "points": points}}


def make_course(folder: Path) -> Path:
    """Make a course that holds the trial and nothing else, and release the trial in it."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=ignore)
    checks = folder / "autograder" / "checks" / NAME
    checks.mkdir()
    shutil.copy(Path(__file__).with_name(f"{NAME}.py"), checks / "__init__.py")
    settings = (ROOT / "nbgrader_config.py").read_text() + SETTINGS
    (folder / "nbgrader_config.py").write_text(settings)
    solution = folder / "solutions" / NAME / f"{NAME}.ipynb"
    solution.parent.mkdir(parents=True)
    nbformat.write(master(), solution)
    nbgrader(folder, "generate_assignment", NAME)
    compileall.compile_dir(folder / "autograder", quiet=1)  # once, and not in every room
    return folder


def answered(course: Path, answers: dict[str, str]) -> NotebookNode:
    """Return the released notebook with ``answers``, by the id of their cells."""
    notebook = nbformat.read(course / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def pack(
    course: Path,
    submissions: dict[str, dict[str, object]],
    honest: Iterable[str],
    settings: str = "",
) -> bytes:
    """Return the tar of a room: the course, what was handed in, and what lies outside the course.

    submissions: by student, what to write at each path: bytes, or a ``TarInfo`` that says of which
    kind the thing at that path is. ``honest``: who hands in as well, and has everything right.
    settings: what ends the course's configuration.
    """
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.add(course, arcname="course")
        for folder in ("tmp", "outside", "course/submitted"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        files = {f"outside/{path}": text.encode() for path, text in OUTSIDE.items()}
        for path in Path(matplotlib.get_cachedir()).glob("fontlist*.json"):
            files[f"{FONTS}/{path.name}"] = path.read_bytes()
        if settings:
            text = (course / "nbgrader_config.py").read_text() + settings
            files["course/nbgrader_config.py"] = text.encode()
        right = answered(course, {**ANSWERS, "number": NEIGHBOURS})
        handed_in = {f"{NAME}.ipynb": nbformat.writes(right).encode()}
        for student, contents in {**submissions, **dict.fromkeys(honest, handed_in)}.items():
            files |= {
                f"course/submitted/{student}/{NAME}/{path}".rstrip("/"): each
                for path, each in contents.items()
            }
        for path, each in files.items():
            entry = tarfile.TarInfo(path) if isinstance(each, bytes) else each
            entry.name = path
            if isinstance(each, bytes):
                entry.size = len(each)
            tar.addfile(entry, io.BytesIO(each) if isinstance(each, bytes) else None)
    return content.getvalue()
