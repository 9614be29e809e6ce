"""Checks for answers that are numbers.

TOLERANCE: two correct float32 computations in another order agree to about 1e-6. This leaves room
for that, and is far below the smallest mistake that a check tells apart.
"""

import math
import re
from collections.abc import Callable

from autograder.checks.choices import shown
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part
from lrlab.assignments.answers import is_number

TOLERANCE = 1e-3
NUMERAL = re.compile(r"\s*[-+]?\d*[.,]?\d+(e[-+]?\d+)?\s*", re.IGNORECASE)


def number(
    student: Student,
    variable: str,
    points: float,
    right: Callable[[float], bool],
    no: str | Callable[[float], str],
) -> list[Part]:
    """Check a variable that should hold one number: all points if ``right`` says so, else none.

    no: what a number that is not right lacks, as a sentence that follows the student's value, or
    a function of the number that returns one.
    """
    try:
        value = student.variable(variable)
    except StudentFailure as failure:
        return [failed(points, failure)]
    if value is None:
        return [failed(points, StudentFailure(f"`{variable}` has no value yet"))]
    said = f"`{variable}` is {shown(value)}"
    if not is_number(value):
        return [failed(points, StudentFailure(f"{said}; it should be one number{_hint(value)}"))]
    lacks = no if isinstance(no, str) else no(float(value))
    return [part(points, right(float(value)), f"{said}: this counts.", f"{said}. {lacks}")]


def _hint(value: object) -> str:
    """Return how to write the number that ``value`` was meant to be, if it was meant to be one."""
    if isinstance(value, str) and NUMERAL.fullmatch(value):
        return ", without quotes" + (" and with a decimal point" if "," in value else "")
    if isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value):
        return "; if you meant a decimal comma, write a point"
    return ""


def are_numbers(value: object, count: int) -> bool:
    """Return whether ``value`` is a list of ``count`` numbers."""
    return isinstance(value, list) and len(value) == count and all(map(is_number, value))


def close(value: object, expected: float) -> bool:
    """Return whether two numbers agree to TOLERANCE; NaN agrees with nothing."""
    return math.isclose(float(value), expected, rel_tol=TOLERANCE)
