"""Run All in every assignment: whatever is answered, each cell runs, and the last one says what lacks.

All notebooks run as Jupyter's own client runs them by default, masters and releases one after the
other in one kernel, to save starting twelve; without the slow cells that no answer needs.
"""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_locked

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in ROOT.glob("solutions/*/*.ipynb"))
ROOMS = ("solutions", "exercises")
SLOW = ("def losses_at", "def losses_of", "lab.try_out(baseline")


def read(room: str, name: str) -> NotebookNode:
    return nbformat.read(ROOT / room / name / f"{name}.ipynb", 4)


def titles_in(source: str, function: str) -> list[str]:
    """Return the texts that a cell gives to ``expect.check`` or ``expect.summary``."""
    calls = (each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call))
    call = next(each for each in calls if ast.unparse(each.func) == f"expect.{function}")
    return eval(f"[{', '.join(map(ast.unparse, call.args))}]")


@pytest.fixture(scope="module")
def executed(tmp_path_factory) -> dict[tuple[str, str], list[NotebookNode]]:
    """The cells of each notebook after its run, by room and name."""
    parts = {
        (room, name): [
            cell for cell in read(room, name).cells if not any(word in cell.source for word in SLOW)
        ]
        for name in NAMES
        for room in ROOMS
    }
    typed = next(cell for cell in parts["exercises", "lr_test"] if cell.id == "identity_answer")
    typed.source = 'student_id = "ada"'
    forget = nbformat.v4.new_code_cell(
        "%reset -f\nimport sys\ndel sys.modules['lrlab.assignments.expect']"
    )
    cells = [cell for part in parts.values() for cell in (*part, forget.copy())]
    for number, cell in enumerate(cells):
        cell.id = str(number)
    whole = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(whole, timeout=120).execute()  # raises where an error stops Run All
    return parts


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_a_check_and_stands_in_the_summary(name):
    notebook = read("solutions", name)
    heading, titles = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#+ (.*)", cell.source, re.MULTILINE) or [heading])[-1]
        elif "expect.check(" in cell.source:
            [title] = titles_in(cell.source, "check")
            titles.append(title)
            first = re.match(r"[^,\d]*\d*", title)[0].removesuffix(" ")
            assert is_grade(cell) is False or heading.startswith(first), (title, heading)
        assert not is_grade(cell) or "expect.check(" in cell.source, cell.id
    last = notebook.cells[-1]
    assert last.id == "summary" and is_locked(last)
    assert titles_in(last.source, "summary") == titles


@pytest.mark.parametrize("name", NAMES)
def test_only_the_set_up_can_stop_run_all(name):
    cells = [cell for cell in read("exercises", name).cells if cell.cell_type == "code"]
    stopping = [
        cell.id for cell in cells if "raises-exception" not in cell.metadata.get("tags", ())
    ]
    assert stopping == [cells[0].id, "summary"]
    assert "\ntorch.set_num_threads(1)" in cells[0].source


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_answered_in_a_release_and_all_in_its_master(executed, name):
    """What stock nbgrader makes of the same outputs: no points, and all points."""
    for room, all_or_none in (("solutions", 1), ("exercises", 0)):
        cells = executed[room, name]
        count = len(titles_in(cells[-1].source, "summary"))
        lines = cells[-1].outputs[0].text.splitlines()
        assert lines[0] == f"{all_or_none * count} of {count} are answered in the right form."
        assert len(lines) == 2 + (1 - all_or_none) * count
        for cell in filter(is_grade, cells):
            points = cell.metadata.nbgrader.points
            assert determine_grade(cell) == (all_or_none * points, points), cell.id
            [shown] = cell.outputs
            if all_or_none:
                assert shown.data["text/plain"].startswith("✓ ")
            else:
                [said] = shown.traceback
                assert said.startswith("Not yet: ") and "\n" not in said
                assert any(said.removeprefix("Not yet: ") in line for line in lines)


def test_ten_questions_appear_before_any_is_answered(executed):
    texts = [
        output.data["text/markdown"]
        for cell in executed["exercises", "lr_test"]
        for output in cell.get("outputs", ())
        if "text/markdown" in output.get("data", ())
    ]
    assert texts[0].startswith("The test of **ada**.")
    assert [text.partition("**")[2].partition("**")[0] for text in texts[1:]] == [
        f"Question {number}" for number in range(1, 11)
    ]
