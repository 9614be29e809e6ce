"""The judge's own faults are loud: no points come of a check that is missing, wrong or broken."""

import json
import socket
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader import utils

from autograder.grading.judge_cells import JudgeCells, submission_seed
from autograder.grading.verdict_cells import write_verdict
from autograder.judge.client import ask_judge
from autograder.judge.server import answer, checks_of, judge, load_checks, main
from autograder.judge.verdict import (
    CheckError,
    KernelLost,
    Part,
    StudentFailure,
    as_text,
    part,
    total,
)

ROOT = Path(__file__).resolve().parents[3]


class NoKernel:
    """A kernel that is never asked anything."""

    def __init__(self, connection_file):
        pass

    def close(self):
        pass


def checks(**functions) -> ModuleType:
    """Return a module whose public functions are ``functions``."""
    module = ModuleType("autograder.checks.made_up")
    for name, function in functions.items():
        function.__module__ = module.__name__
        setattr(module, name, function)
    return module


def judged(cells, **functions):
    """Judge ``cells`` with ``functions`` as checks."""
    request = {"ids": ["ada"], "connection_file": "", "seed": 1, "seconds": 1, "cells": cells}
    request["patience"] = 1
    return judge(checks(**functions), request)


@pytest.fixture(autouse=True)
def no_kernel(monkeypatch):
    monkeypatch.setattr("autograder.judge.server.Kernel", NoKernel)


def fails(error):
    """Return a check that raises ``error``."""

    def check(student):
        raise error

    return check


def test_a_failure_in_one_check_leaves_the_others():
    document = judged(
        {"a": 2, "b": 1},
        a=fails(StudentFailure("your value is 3")),
        b=lambda student: [part(1, True, "Yes.", "No.")],
    )
    assert document["verdicts"]["a"]["points"] == 0
    assert "0/2     Your value is 3." in document["verdicts"]["a"]["text"]
    assert document["verdicts"]["b"] == {
        "points": 1,
        "max_points": 1,
        "parts": [{"points": 1, "earned": 1, "message": "Yes."}],
        "text": "1 of 1 points\n  1/1     Yes.\n",
    }


def test_a_lost_kernel_ends_the_round_and_names_the_cell():
    document = judged(
        {"a": 2, "b": 1}, a=fails(KernelLost("it is gone")), b=fails(AssertionError("not reached"))
    )
    assert document["lost"] == "a"
    assert document["verdicts"].keys() == {"a"}


def test_a_missing_check_is_an_error():
    with pytest.raises(CheckError, match="no check for: b"):
        judged({"a": 1, "b": 1}, a=lambda student: [Part(1, 1, "Yes.")])


def test_a_check_that_crashes_is_an_error():
    with pytest.raises(ZeroDivisionError):
        judged({"a": 1}, a=lambda student: 1 / 0)


@pytest.mark.parametrize(
    "parts",
    [
        [Part(1, 1, "One of two points.")],
        [Part(2, 3, "More than there is.")],
        [Part(2, -1, "Less than nothing.")],
        [Part(2, float("nan"), "No number.")],
        [Part(2, 1, "")],
        [(2, 1, "Not a part.")],
        None,
    ],
)
def test_unsound_parts_are_an_error(parts):
    with pytest.raises(CheckError, match="the check of cell 'a'"):
        judged({"a": 2}, a=lambda student: parts)


def test_fifths_add_up():
    parts = [Part(0.2, 0.2, "Yes.")] * 5
    assert total(parts, "a", 1) == 1
    assert as_text(0.6, 1, parts[:1]) == "0.6 of 1 points\n  0.2/0.2 Yes.\n"


def test_no_line_is_too_long_to_read():
    text = as_text(0, 1, [Part(1, 0, "word " * 100)])
    assert max(map(len, text.splitlines())) <= 90


def test_an_assignment_without_checks_is_an_error():
    with pytest.raises(CheckError, match="write autograder/checks/lr99_nothing/"):
        load_checks("lr99_nothing")


def test_whoever_asks_is_told_what_is_wrong():
    with pytest.raises(CheckError, match="has no checks"):
        ask_judge("lr99_nothing", {"cells": {}, "judge_seconds": 60})


def test_a_crashing_check_reaches_whoever_asks(monkeypatch):
    ours, theirs = socket.socketpair()
    ours.sendall(json.dumps({"cells": {"a": 1}, "judge_seconds": 60}).encode() + b"\n")
    monkeypatch.setattr("resource.setrlimit", lambda *bounds: None)
    monkeypatch.setattr("signal.alarm", lambda seconds: None)
    answer(theirs, lambda: checks(b=lambda student: []))
    assert "has no check for: a" in json.loads(ours.makefile().read())["fault"]


def test_checks_that_cannot_be_read_reach_whoever_asks(monkeypatch):
    def load_checks(assignment):
        raise ValueError("messages.yml: a colon too many")

    ours, theirs = socket.socketpair()
    ours.sendall(json.dumps({"cells": {}, "judge_seconds": 60}).encode() + b"\n")
    monkeypatch.setattr("resource.setrlimit", lambda *bounds: None)
    monkeypatch.setattr("signal.alarm", lambda seconds: None)
    monkeypatch.setattr("autograder.judge.server.load_checks", load_checks)
    monkeypatch.setattr("autograder.judge.server.serve", lambda listener, handle: handle(theirs))
    main(theirs, "lr01_first_step")
    assert "a colon too many" in json.loads(ours.makefile().read())["fault"]


def test_every_graded_cell_has_a_check_and_every_check_a_cell():
    for path in (ROOT / "solutions").glob("*/*.ipynb"):
        cells = nbformat.read(path, 4).cells
        graded = {cell.metadata.nbgrader.grade_id for cell in cells if utils.is_grade(cell)}
        assert checks_of(load_checks(path.stem)).keys() == graded


def test_grading_without_executing_is_refused():
    preprocessor = JudgeCells(enabled=False)
    with pytest.raises(CheckError, match="--no-execute"):
        preprocessor(nbformat.v4.new_notebook(), {})


def test_a_seed_belongs_to_one_submission():
    seeds = {submission_seed(a, s) for a in ("lr01", "lr02") for s in ("ada", "bo")}
    assert len(seeds) == 4
    assert submission_seed("lr01", "ada") == submission_seed("lr01", "ada")


@pytest.mark.parametrize(("points", "written"), [(1.5, 1.5), (7, 2.0), (-1, 0.0)])
def test_a_verdict_replaces_all_that_nbgrader_would_misread(points, written):
    cell = new_code_cell("pass", metadata={"nbgrader": {"grade": True, "points": 2}})
    cell.outputs = [
        new_output("stream", name="stderr", text="a warning"),
        new_output("error", ename="NameError", evalue="\x1b[31mx\x1b[0m", traceback=[]),
        new_output("execute_result", data={"text/plain": "tensor(2.)"}, execution_count=1),
    ]
    write_verdict(cell, {"points": points, "text": "Text.\n"})
    assert utils.determine_grade(cell) == (written, 2.0)
    said = "The visible check in this cell said: x\n"
    assert cell.outputs[0].text == "Text.\n" + said
