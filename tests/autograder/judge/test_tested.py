"""An instructor's test gives the points that nbgrader itself would give for the same outputs."""

import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from autograder.judge.tested import by_test
from autograder.judge.verdict import StudentFailure, shared, total

REPORT = {"ok": True, "error": None, "line": None, "stderr": "", "result": None}


class Door:
    """A door behind which a process says ``report``."""

    def __init__(self, report):
        self.report = report

    def ask(self, question):
        assert question == {"op": "test", "source": "a = 1\nassert a == 2", "before": ["b = 1"]}
        return self.report


def verdict(points=2.0, **report):
    """Return the points and the message that come of a report."""
    source = "a = 1\nassert a == 2"
    (part,) = parts = by_test(Door({**REPORT, **report}), points, source, ["b = 1"])
    assert shared(parts, "a", points) == parts and total(parts, points) == part.earned
    return part.earned, part.message


OUTPUTS = {
    "nothing": ({}, []),
    "a number": (
        {"result": 1.5},
        [new_output("execute_result", data={"text/plain": "1.5"}, execution_count=1)],
    ),
    "all of it": (
        {"result": 2.0},
        [new_output("execute_result", data={"text/plain": "2"}, execution_count=1)],
    ),
    "no number": (
        {},
        [new_output("execute_result", data={"text/plain": "True"}, execution_count=1)],
    ),
    "an error": ({"error": "E: no"}, [new_output("error", ename="E", evalue="no", traceback=[])]),
    "a warning": ({"stderr": "hm"}, [new_output("stream", name="stderr", text="hm")]),
    "a warning and a number": (
        {"stderr": "hm", "result": 1.0},
        [
            new_output("stream", name="stderr", text="hm"),
            new_output("execute_result", data={"text/plain": "1.0"}, execution_count=1),
        ],
    ),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_points_are_nbgraders(name):
    report, outputs = OUTPUTS[name]
    cell = new_code_cell("pass", metadata={"nbgrader": {"grade": True, "points": 2}})
    cell.outputs = outputs
    assert verdict(**report)[0] == determine_grade(cell)[0]


@pytest.mark.parametrize(
    ("report", "points", "says"),
    [
        ({"error": "AssertionError: ", "line": 2}, 0, "failed at `assert a == 2`: AssertionError:"),
        ({"error": "x" * 10_000, "line": "no"}, 0, "xxx"),
        ({"error": ["half", "\\ud800"], "line": 99}, 0, "half"),
        ({"result": 7.5}, 2, "gave 2 of 2"),
        ({"result": -1.0}, 0, "gave 0 of 2"),
        ({"result": float("nan")}, 0, "no number of points"),
        ({"result": float("inf")}, 0, "no number of points"),
        ({"result": 10**400}, 0, "gave no result"),
        ({"result": "2.0"}, 0, "gave no result"),
        ({"result": True}, 0, "gave no result"),
        ({"stderr": None}, 0, "gave no result"),
        ({"stderr": {"a": 1}}, 0, "gave no result"),
        ({"ok": "yes"}, 0, "gave no result"),
        ({"ok": False}, 0, "gave no result"),
    ],
)
def test_any_report_is_worth_between_nothing_and_all(report, points, says):
    earned, message = verdict(**report)
    assert earned == points and says in message and 0 < len(message) < 700


def test_no_report_is_the_students_failure():
    class Gone:
        def ask(self, question):
            raise StudentFailure("your code ended its Python process")

    with pytest.raises(StudentFailure):
        by_test(Gone(), 1, "", [])
