"""The course that grades the broken class: one tiny assignment, quick to grade."""

import html
import json
import re
import shutil
from pathlib import Path

import nbformat
from commands import nbgrader
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[3]
NAME = "lr00_tiny"
FULL = {"meaning": 1.0, "scaled": 2.0, "measured": 3.0, "last": 1.0}
ALL, NOTHING = (1, 2, 3, 1), (0, 0, 0, 0)
ANSWERS = {
    "meaning_answer": ("answer = None", 'answer = "B"'),
    "scaled_answer": ("def scaled(rate, factor):", "    return prod([rate, factor])"),
    "measured_answer": ("factor = None", "factor = scaled(0.1, 100)"),
    "last_answer": ("final = None", 'final = "C"'),
}
TESTS = {
    "meaning": 'assert answer in list("ABC"), "answer should be a letter"',
    "scaled": "assert callable(scaled)",
    "measured": "assert factor is not None",
    "last": 'assert final in list("ABC")',
}
CHECKS = '''"""Checks of a tiny assignment."""

from autograder.checks.choices import choice
from autograder.checks.numbers import number
from autograder.checks.options import Options
from autograder.judge.verdict import part

FEEDBACK = {"A": "That is too small.", "B": "That is in the middle.", "C": "That is large."}


def meaning(student):
    return choice(student, Options("answer", frozenset("B"), FEEDBACK), 1)


def scaled(student):
    value = student.call("scaled", 0.25, 8.0).value
    return [part(2, value == 2.0, "The function is right.", f"The function gave {value}.")]


def measured(student):
    return number(student, "factor", 3, lambda value: value == 10, "It should be another one.")


def last(student):
    return choice(student, Options("final", frozenset("C"), FEEDBACK), 1)
'''
SETTINGS = "\nc.Execute.timeout = 4\nc.JudgeCells.question_seconds = 3\n"


def master() -> nbformat.NotebookNode:
    """Return the assignment's master: a plain cell, a locked text, four answers, four tests."""
    cells = [
        new_markdown_cell("# Rates", id="cell-01"),
        new_code_cell("from math import prod", id="cell-02"),
    ]
    for name, points in FULL.items():
        if name == "measured":
            text = new_markdown_cell("Divide one by the other.", id="rules")
            text.metadata["nbgrader"] = _marks("rules", locked=True)
            cells.append(text)
        stub, solution = ANSWERS[f"{name}_answer"]
        code = f"{stub}\n# BEGIN SOLUTION\n{solution}\n# END SOLUTION"
        cells.append(new_code_cell(code, id=f"{name}_answer"))
        cells[-1].metadata["nbgrader"] = _marks(f"{name}_answer", solution=True)
        cells.append(new_code_cell(TESTS[name], id=name))
        cells[-1].metadata["nbgrader"] = _marks(name, grade=True, locked=True, points=points)
    kernel = {"display_name": "Python 3", "name": "python3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _marks(name: str, **marks: object) -> dict:
    plain = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    return {"schema_version": 3, "grade_id": name, **plain, **marks}


def make_course(folder: Path) -> Path:
    """Make a course with the tiny assignment, released, and short time limits."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=ignore)
    checks = folder / "autograder" / "checks" / NAME
    checks.mkdir()
    (checks / "__init__.py").write_text(CHECKS)
    settings = (ROOT / "nbgrader_config.py").read_text()
    (folder / "nbgrader_config.py").write_text(settings + SETTINGS)
    (folder / "solutions" / NAME).mkdir(parents=True)
    nbformat.write(master(), folder / "solutions" / NAME / f"{NAME}.ipynb")
    nbgrader(folder, "generate_assignment", NAME)
    return folder


def right(course: Path) -> dict:
    """Return the released notebook with every answer right, as plain JSON."""
    notebook = json.loads((course / "exercises" / NAME / f"{NAME}.ipynb").read_text())
    return answered(notebook, **{name: "\n".join(pair) for name, pair in ANSWERS.items()})


def answered(notebook: dict, **answers: str) -> dict:
    """Return ``notebook`` with these answers."""
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], "".join(cell["source"]))
    return notebook


def top_of_page(course: Path, student: str) -> str:
    """Return the words at the top of a student's page of feedback."""
    text = (course / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    header = re.search("<header>.*?</header>", text, re.DOTALL)[0]
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", header)).split())
