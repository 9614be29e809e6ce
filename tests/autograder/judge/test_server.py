"""The judge's own faults are loud: no points come of a check that is missing, wrong or broken."""

import json
import signal
import socket
import time
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader import utils

from autograder.grading.judge_cells import JudgeCells, submission_seed
from autograder.grading.verdict_cells import write_verdict
from autograder.judge.client import Judge
from autograder.judge.server import Judging, answer, checks_of, load_checks, main
from autograder.judge.verdict import (
    CheckError,
    Part,
    StudentFailure,
    as_text,
    part,
    shared,
    total,
)

ROOT = Path(__file__).resolve().parents[3]


def checks(**functions) -> ModuleType:
    """Return a module whose public functions are ``functions``."""
    module = ModuleType("autograder.checks.made_up")
    for name, function in functions.items():
        function.__module__ = module.__name__
        setattr(module, name, function)
    return module


SUBMISSION = {"ids": ["ada"], "seed": 1, "seconds": 1, "patience": 1, "judge_seconds": 60}


def no_fork():
    raise StudentFailure("there is no fork")


def item(name, points, test=None):
    """Return the request for a verdict on one item."""
    return {"grade_id": name, "points": points, "test": test, "before": []}


def judged(cells, **functions):
    """Judge ``cells`` with ``functions`` as checks; return the verdicts."""
    judging = Judging(checks_of(checks(**functions)), SUBMISSION, no_fork, float)
    return {name: judging.verdict(item(name, points)) for name, points in cells.items()}


def fails(error):
    """Return a check that raises ``error``."""

    def check(student):
        raise error

    return check


def test_a_failure_in_one_check_leaves_the_others():
    verdicts = judged(
        {"a": 2, "b": 1},
        a=fails(StudentFailure("your value is 3")),
        b=lambda student: [part(1, True, "Yes.", "No.")],
    )
    assert verdicts["a"]["points"] == 0
    assert "0/2     Your value is 3." in verdicts["a"]["text"]
    assert verdicts["b"] == {
        "points": 1,
        "max_points": 1,
        "parts": [{"points": 1, "earned": 1, "message": "Yes."}],
        "text": "1 of 1 points\n  1/1     Yes.\n",
    }


def test_a_question_that_finds_no_process_costs_one_cell():
    verdicts = judged(
        {"a": 2, "b": 1},
        a=lambda student: student.variable("x"),
        b=lambda student: [part(1, True, "Yes.", "No.")],
    )
    assert "There is no fork." in verdicts["a"]["text"]
    assert [each["points"] for each in verdicts.values()] == [0, 1]


def test_a_missing_check_is_an_error():
    with pytest.raises(CheckError, match="cell 'b' has no check and no test"):
        judged({"a": 1, "b": 1}, a=lambda student: [Part(1, 1, "Yes.")])


def test_a_check_that_crashes_is_an_error():
    with pytest.raises(ZeroDivisionError):
        judged({"a": 1}, a=lambda student: 1 / 0)


@pytest.mark.parametrize(
    "parts",
    [
        [Part(0, 0, "Nothing to share.")],
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
    assert total(shared(parts, "a", 1), 1) == 1
    assert as_text(0.6, 1, parts[:1]) == "0.6 of 1 points\n  0.2/0.2 Yes.\n"


@pytest.mark.parametrize(("points", "half"), [(2, 1), (1.5, 0.75), (1 / 3, 0.166667), (0, 0)])
def test_the_points_of_a_cell_are_shared_in_proportion(points, half):
    """A point and two halves, as the check has it, of what the master says."""

    def check(student):
        return [Part(1, 1, "Yes."), Part(0.5, 0, "No."), Part(0.5, earns, "Maybe.")]

    earns = 0.5
    assert judged({"a": points}, a=check)["a"]["points"] == pytest.approx(0.75 * points, abs=1e-6)
    earns = 0
    verdict = judged({"a": points}, a=check)["a"]
    assert (verdict["points"], verdict["max_points"]) == (half, points)
    assert f"  {points / 2:g}/{points / 2:g}" in verdict["text"]
    assert verdict["text"].startswith(f"{half:g} of {points:g} points\n")
    whole = judged({"a": points}, a=lambda student: [Part(0.1, 0.1, "Yes.")] * 7)["a"]
    assert whole["points"] == points  # exactly


def test_no_line_is_too_long_to_read():
    text = as_text(0, 1, [Part(1, 0, "word " * 100)])
    assert max(map(len, text.splitlines())) <= 90


@pytest.mark.parametrize("name", ["lr99_nothing", "numbers", "choices", "ps-1", "a.b", "", "ü"])
def test_an_assignment_may_have_no_checks_whatever_its_name(name):
    assert checks_of(load_checks(name)) == {}


def test_whoever_asks_is_told_which_items_have_a_check_and_what_is_wrong():
    judge = Judge("lr99_nothing", SUBMISSION)
    assert judge.checks == frozenset()
    with pytest.raises(CheckError, match="'a' has no check and no test"):
        judge.verdict(item("a", 1), no_fork, float)
    judge.close()


def conversation(lines, monkeypatch):
    """Return two ends of a line, on one of which ``lines`` were said, and no limits."""
    ours, theirs = socket.socketpair()
    ours.sendall(b"".join(json.dumps(each).encode() + b"\n" for each in lines))
    ours.shutdown(socket.SHUT_WR)
    monkeypatch.setattr("resource.setrlimit", lambda *bounds: None)
    monkeypatch.setattr("signal.setitimer", lambda which, seconds: None)
    return ours, theirs


def test_a_crashing_check_reaches_whoever_asks(monkeypatch):
    ours, theirs = conversation([SUBMISSION, item("b", 1)], monkeypatch)
    answer(theirs, lambda: checks(b=lambda student: 1 / 0))
    first, last = map(json.loads, ours.makefile())
    assert first == {"checks": ["b"]}
    assert "ZeroDivisionError" in last["fault"]


def test_a_check_that_never_ends_is_stopped_by_what_it_uses_and_not_by_the_clock(monkeypatch):
    def endless(student):
        while True:
            pass

    def conversation_within(seconds, check):
        ours, theirs = socket.socketpair()
        for line in ({**SUBMISSION, "judge_seconds": seconds}, item("a", 1)):
            ours.sendall(json.dumps(line).encode() + b"\n")
        ours.shutdown(socket.SHUT_WR)
        answer(theirs, lambda: checks(a=check))
        return json.loads([*ours.makefile()][-1])

    def slow(student):
        time.sleep(0.5)
        return [part(1, True, "Yes.", "No.")]

    monkeypatch.setattr("resource.setrlimit", lambda *bounds: None)
    before = signal.getsignal(signal.SIGPROF)
    try:
        said = conversation_within(0.2, endless)
        assert said["fault"].endswith("0.2 s of processor time: raise judge_seconds")
        assert conversation_within(0.2, slow)["verdict"]["points"] == 1
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_checks_that_cannot_be_read_reach_whoever_asks(monkeypatch):
    def load_checks(assignment):
        raise ValueError("messages.yml: a colon too many")

    ours, theirs = conversation([SUBMISSION], monkeypatch)
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
