"""A submission that hangs: what comes after learns from it, and an honest cell loses nothing."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.execution import SandboxedExecute
from autograder.judge.door import Door
from autograder.judge.verdict import OutOfTime, StudentFailure
from autograder.sandbox import limits
from autograder.sandbox.limits import Limits, after_a_hang

HANGS = "while True: pass"
SLEEPS = "import time\nwhile True: time.sleep(60)"


def test_the_limits_of_hangs_add_up_to_little_and_leave_an_honest_cell_its_time():
    cells, allowed = [60], Limits()
    while len(cells) < 10:
        cells.append(after_a_hang(cells[-1]))
    assert cells[:5] == [60, 30, 15, 7, 5]
    assert sum(cells) < 150 and sum(cells) < allowed.notebook_seconds
    assert after_a_hang(3) == 3  # who chose a short limit keeps it


def test_a_cell_after_cells_that_hang_still_runs(monkeypatch):
    monkeypatch.setattr(limits, "ENOUGH", 1)
    sources = ("kept = 3", HANGS, SLEEPS, "print(kept)")
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    execute = SandboxedExecute(timeout=4)
    notebook, _ = execute.preprocess(notebook, {})
    assert [
        [each.get("ename", each.get("text")) for each in cell.outputs] for cell in notebook.cells
    ] == [
        [],
        ["KeyboardInterrupt", "CellTimeoutError"],
        ["KeyboardInterrupt", "CellTimeoutError"],
        ["3\n"],
    ]
    assert execute.timeout == 1


class Hanging:
    """A fork that never answers one question, and all others at once."""

    def ask(self, question, patience):
        seconds = patience.seconds
        if question["name"] == "hangs":
            raise OutOfTime(f"it took more than {seconds:g} s")
        if question["name"] == "fails":
            raise StudentFailure("it failed")
        return {"ok": True, "value": seconds}

    def close(self):
        pass


def test_questions_after_one_that_hangs_have_less_time():
    door = Door(Hanging, float, seconds=20, patience=240)
    with pytest.raises(StudentFailure, match="it failed"):
        door.ask({"name": "fails"})
    for seconds in (20, 10, 5, 5):
        assert door.ask({"name": "other"})["value"] == seconds
        with pytest.raises(StudentFailure, match=f"more than {seconds} s"):
            door.ask({"name": "hangs"})
