"""Checks for questions with options, where every option has its own sentence.

A sentence for a wrong choice names the misconception behind it, never the right option. Options
that a student did not choose are never named, so the feedback cannot be read backwards.
"""

from autograder.checks.options import Options
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part
from lrlab.assignments import answers


def choice(student: Student, asked: Options, points: float) -> list[Part]:
    """Check one letter: all points for the right one, else none and the sentence of that option.

    points: in proportion to the other parts of the cell, as everywhere in checks (``verdict``).
    """
    try:
        letter = _letter(student.variable(asked.variable), asked)
    except StudentFailure as failure:
        return [failed(points, failure)]
    message = f"You chose {letter}. {asked.feedback[letter]}"
    return [part(points, letter in asked.right, message, message)]


def selection(student: Student, asked: Options, points: float) -> list[Part]:
    """Check a list of options, each worth ``points``: chosen if right, left out if wrong.

    Nothing chosen, or everything, says nothing and earns nothing.
    """
    try:
        picked = _picked(student.variable(asked.variable), asked)
    except StudentFailure as failure:
        return [failed(points * len(asked.feedback), failure)]
    parts = []
    for option, sentence in asked.feedback.items():
        if option in picked:
            message = f"You chose {option}. {sentence}"
            parts.append(part(points, option in asked.right, message, message))
    left_out = asked.feedback.keys() - picked
    rightly = Part(points, points, "You left out one that does not belong here.")
    return (
        parts
        + [rightly] * len(left_out - asked.right)
        + [Part(points, 0.0, asked.missed)] * len(left_out & asked.right)
    )


def _letter(answer: object, asked: Options) -> str:
    """Return the letter that ``answer`` means, or raise StudentFailure."""
    if answer is None:
        raise StudentFailure(f"`{asked.variable}` has no answer yet")
    letter = answers.letter(answer, asked.feedback)
    if letter is None:
        known = ", ".join(asked.feedback)
        raise StudentFailure(
            f"`{asked.variable}` is {shown(answer)}; it should be one of {known}, in quotes"
        )
    return letter


def _picked(answer: object, asked: Options) -> set:
    """Return the options in ``answer``, or raise StudentFailure."""
    if answer is None or answer == []:
        raise StudentFailure(f"`{asked.variable}` has no answer yet")
    picked = set(answers.chosen(answer, asked.feedback) or ())
    if not picked:
        known = ", ".join(str(option) for option in asked.feedback)
        raise StudentFailure(
            f"`{asked.variable}` is {shown(answer)}; it should be a list of options from {known}"
        )
    if picked == asked.feedback.keys():
        raise StudentFailure(
            f"`{asked.variable}` holds every option, which says nothing: choose again"
        )
    return picked


def shown(value: object) -> str:
    """Return ``value`` as a student should see it quoted in a sentence: short, one line."""
    text = repr(value) if isinstance(value, str | int | float | list | dict) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:80] + "..."
