"""A plain nbgrader assignment, as an instructor writes one who has never heard of a judge.

Hidden tests (one uses what an earlier one defined), partial credit, an answer that a person grades,
a task, and a class that is right, wrong, and odd in several ways.
"""

import shutil
from pathlib import Path

import nbformat
from commands import nbgrader
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[3]
NAME = "hw1"
SQUARES = '''def squares(n):
    """Return the squares of 1 to n."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be positive")
    return [i**2 for i in range(1, n + 1)]
    ### END SOLUTION'''
TOTAL = '''def total(n):
    """Return the sum of squares of 1 to n."""
    ### BEGIN SOLUTION
    return sum(squares(n))
    ### END SOLUTION'''
COUNT = """answers = []
### BEGIN SOLUTION
answers = ["a", "b", "c", "d"]
### END SOLUTION"""
TESTS = {
    "squares_right": (
        2.0,
        """assert squares(1) == [1]
### BEGIN HIDDEN TESTS
cases = {2: [1, 4], 3: [1, 4, 9]}
for n, expected in cases.items():
    assert squares(n) == expected, f"squares({n}) is another list"
### END HIDDEN TESTS""",
    ),
    "total_right": (
        1.0,
        """assert callable(total)
### BEGIN HIDDEN TESTS
%precision 3
for n, expected in cases.items():
    assert total(n) == sum(expected)
### END HIDDEN TESTS""",
    ),
    "some_right": (
        4.0,
        """assert isinstance(answers, list)
### BEGIN HIDDEN TESTS
sum(given == wanted for given, wanted in zip(answers, "abcd"))
### END HIDDEN TESTS""",
    ),
}
FULL = {name: points for name, (points, _) in TESTS.items()}


def marks(name: str, **marks: object) -> dict:
    """Return nbgrader's metadata for one cell."""
    plain = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **plain, **marks}}


def master() -> nbformat.NotebookNode:
    """Return the assignment's master."""
    answers = {"squares": SQUARES, "total": TOTAL, "answers": COUNT}
    cells = [new_markdown_cell("# Squares"), new_code_cell("import sys")]
    for (name, text), (test, (points, source)) in zip(answers.items(), TESTS.items(), strict=True):
        cells.append(new_code_cell(text, metadata=marks(name, solution=True)))
        given = marks(test, grade=True, locked=True, points=points)
        cells.append(new_code_cell(source, metadata=given))
    by_hand = marks("why", grade=True, solution=True, points=3.0)
    task = marks("draw", task=True, points=2.0, locked=True)
    cells += [
        new_markdown_cell("Because.", metadata=by_hand),
        new_markdown_cell("Draw one.", metadata=task),
    ]
    for cell in cells:
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def make_course(folder: Path, settings: str = "") -> Path:
    """Make a course with the assignment, released."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=ignore)
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + settings)
    (folder / "solutions" / NAME).mkdir(parents=True)
    nbformat.write(master(), folder / "solutions" / NAME / f"{NAME}.ipynb")
    nbgrader(folder, "generate_assignment", NAME)
    return folder


def hand_in(course: Path, student: str, last: str = "", **answers: str) -> None:
    """Let a student hand in the master's answers but for ``answers``, and a cell at the end."""
    right = {
        "squares": SQUARES.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", ""),
        "total": TOTAL.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", ""),
        "answers": 'answers = ["a", "b", "c", "d"]',
    }
    notebook = nbformat.read(course / "exercises" / NAME / f"{NAME}.ipynb", 4)
    for cell in notebook.cells:
        cell.source = {**right, **answers}.get(cell.id, cell.source)
    if last:
        notebook.cells.append(new_code_cell(last))
    home = course / "submitted" / student / NAME
    home.mkdir(parents=True)
    nbformat.write(notebook, home / f"{NAME}.ipynb")
