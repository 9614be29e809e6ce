"""Judges a cell by the instructor's own test, run in a fork of the student's kernel.

The rules are those of nbgrader (``nbgrader.utils.determine_grade``): an error, or a word on standard
error, is worth nothing; a number in the last line is the points; anything else is worth all.
Whoever owns the process may forge its report. So the verdict says where it comes from.
"""

import math

from autograder.judge.door import Door
from autograder.judge.verdict import Part

WHERE = "checked by a test in your own process"
MOST = 500  # characters of what a student's process says that are shown


def by_test(door: Door, max_points: float, source: str, before: list[str]) -> list[Part]:
    """Return the verdict of the test ``source``, after the tests ``before`` have run quietly.

    Raises StudentFailure when the process ended before the test did.
    """
    report = door.ask({"op": "test", "source": source, "before": before})
    earned, message = _earned(report, max_points, source)
    return [Part(max_points, earned, message)]


def _earned(report: dict, max_points: float, source: str) -> tuple[float, str]:
    error, written, result = (report.get(each) for each in ("error", "stderr", "result"))
    sound = report.get("ok") is True and isinstance(written, str)
    if not sound or not isinstance(result, float | None):
        return 0.0, "The test gave no result."
    if error is not None:
        return 0.0, f"{_line(report, source)}{str(error)[:MOST]}"
    if written:
        return 0.0, f"The test wrote to standard error: {written[:MOST]}"
    if result is None:
        return max_points, "The test passed."
    if not math.isfinite(result):
        return 0.0, f"The test ended with {result}, which is no number of points."
    earned = min(max(result, 0.0), max_points)
    return earned, f"The test gave {earned:g} of {max_points:g} points."


def _line(report: dict, source: str) -> str:
    """Return which line of the test failed, as far as the report says it."""
    number, lines = report.get("line"), source.splitlines()
    if not isinstance(number, int) or not 1 <= number <= len(lines):
        return ""
    return f"The test failed at `{lines[number - 1].strip()}`: "
