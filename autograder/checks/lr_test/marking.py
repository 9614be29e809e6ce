"""One question of the ten-question test, marked: the student's own question, and one answer to it."""

import math
import unicodedata

from autograder.checks.choices import choice, shown
from autograder.checks.lr_test.keys import Key, as_text, key_of
from autograder.checks.numbers import number
from autograder.checks.options import Options
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure
from lrlab.assignments.questions import DrawnTest, draw
from lrlab.assignments.questions.identity import canonical
from lrlab.assignments.questions.question import LETTERS, Question

SAME_PERSON = "If both are the same person, `same_person` in nbgrader_config.py says so."
VERSION = "The id was right: they were drawn by another version of lrlab, or are somebody else's."
NEAR = 0.01  # how far off a number may be, as a part of it; the questions say so


def mark(student: Student, place: int) -> list[Part]:
    """Return the verdict on question ``place``, counted from 1: one point.

    Raises StudentFailure when the student answered questions that were drawn for somebody else.
    """
    question = _answered_test(student).questions[place - 1]
    key, variable = key_of(question), f"answer_{place}"
    if question.options:
        right, sentences = lettered(question, key)
        return choice(student, Options(variable, frozenset({right}), sentences), 1)
    return number(
        student,
        variable,
        1,
        lambda value: is_near(value, key.right, question),
        lambda value: about(value, question, key),
    )


def lettered(question: Question, key: Key) -> tuple[str, dict[str, str]]:
    """Return the letter of the right option, and what to say about each letter."""
    sentences, right = {}, ""
    for letter, (name, _) in zip(LETTERS, question.options, strict=True):
        if name == key.right:
            right, sentences[letter] = letter, f"Yes. {key.reason}"
        else:
            sentences[letter] = f"{key.sentences[name]} Read {key.read}."
    return right, sentences


def about(value: float, question: Question, key: Key) -> str:
    """Return what a wrong number says about whoever gave it, without the right one."""
    for name, mistake in key.mistakes.items():
        if is_near(value, mistake, question):
            return f"{key.sentences[name]} Read {key.read}."
    if question.answer == "whole" and not value.is_integer():
        return f"It should be a whole number. Read {key.read}."
    return f"That is not what PyTorch and lrlab get for these numbers. Read {key.read}."


def is_near(value: float, expected: float, question: Question) -> bool:
    """Return whether two answers agree: whole numbers exactly, others to NEAR; NaN never."""
    if question.answer == "whole":
        return value == expected
    return math.isclose(value, expected, rel_tol=NEAR, abs_tol=1e-12)


def _answered_test(student: Student) -> DrawnTest:
    """Return the test that a student answered: the own one, or that of another id of theirs.

    Raises StudentFailure when the notebook's id or its test's code is nobody's of these.
    """
    typed, code = (_text(student, name) for name in ("student_id", "test_code"))
    tests = [draw(each) for each in student.ids]
    named = [test for test in tests if not typed or canonical(typed) == test.student]
    for test in named:
        if not code or test.has_code(code):
            return test
    own = f"yours are drawn for '{student.ids[0]}'"
    if not named:
        raise StudentFailure(
            f"you answered the questions of {shown(typed)}, but {own}: type that id into "
            "`student_id`, run all cells, and answer the questions that then appear",
            problem=f"The questions of {shown(typed)}{_foreign(typed)} were answered, but the id "
            f"here is {shown(student.ids[0])}. {SAME_PERSON}",
        )
    raise StudentFailure(
        f"your `test_code` is {shown(code)}, which stands for other questions than yours; "
        f"{own}: type that id into `student_id`, run all cells, and answer the questions that "
        "then appear (if it is your id already, your lrlab is not the version of the course)",
        problem=f"The questions with the code {shown(code)} were answered, but the id here is "
        f"{shown(student.ids[0])}, and its code is another. {VERSION if typed else SAME_PERSON}",
    )


def _foreign(typed: str) -> str:
    """Return which letter of an id is of another alphabet, and so may look like one that it is not."""
    for place, letter in enumerate(typed, 1):
        name = unicodedata.name(letter, "LATIN")
        if letter.isalpha() and not name.startswith("LATIN"):
            return f" (letter {place} is a {name})"
    return ""


def _text(student: Student, name: str) -> str:
    """Return a variable's text without spaces around it; empty when it holds none.

    An id of digits may stand there without quotes.
    """
    try:
        value = student.variable(name)
    except StudentFailure:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def answer_key(name: str) -> str:
    """Return one student's questions and their answers, for the instructor who is asked why."""
    test = draw(name)
    lines = [f"The test of {name}, code {test.code}."]
    for place, question in enumerate(test.questions, 1):
        key = key_of(question)
        right = lettered(question, key)[0] if question.options else as_text(key.right)
        lines += [f"\n{place}. {question.text()}", f"\nAnswer: {right}. {key.reason}"]
    return "\n".join(lines)
