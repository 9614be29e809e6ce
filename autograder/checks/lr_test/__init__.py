"""Checks for assignment lr_test: ten questions, drawn for the id under which it was handed in.

``marking``     one question and one answer to it
``keys``        what is right for a drawn question, and what to tell whoever got it wrong
``chapter_NN``  the questions about a chapter: how each is answered, and the sentences; ``answers``:
                what they share
``practice``    the practice test of the book, from the same keys
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
