"""Checks for assignment lr_test: ten questions, drawn for the id under which it was handed in.

Keys and sentences are in ``autograder.checks.lr_test.keys``; a student's own question decides which one counts.
"""

from collections.abc import Callable

from autograder.checks.lr_test.marking import mark
from autograder.judge.student import Student
from autograder.judge.verdict import Part


def _question(place: int) -> Callable[[Student], list[Part]]:
    """Return the check of question ``place``."""

    def check(student: Student) -> list[Part]:
        return mark(student, place)

    return check


question_1 = _question(1)
question_2 = _question(2)
question_3 = _question(3)
question_4 = _question(4)
question_5 = _question(5)
question_6 = _question(6)
question_7 = _question(7)
question_8 = _question(8)
question_9 = _question(9)
question_10 = _question(10)
