"""Checks for questions with options, where every option has its own sentence.

A sentence for a wrong choice names the misconception behind it, never the right option. Options
that a student did not choose are never named, so the feedback cannot be read backwards.
"""

import math
import unicodedata
from collections.abc import Iterable

from autograder.checks.options import Options
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part

# Capitals of other alphabets that look like these letters (Unicode's confusables.txt): Cyrillic, with
# a soft sign for the small b, then Greek.
LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0421\u0415\u041d\u0500\u050c\u042c\u0391\u0392\u0395\u0397\u03dc\u03f9",
    "ABCEHDGBABEHFC",
)


def choice(student: Student, asked: Options, points: float) -> list[Part]:
    """Check one letter: all points for the right one, else none and the sentence of that option."""
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
    letter = _matching(answer, asked.feedback)
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
    items = answer if isinstance(answer, list) else [None]
    picked = {_matching(item, asked.feedback) for item in items}
    if None in picked:
        known = ", ".join(str(option) for option in asked.feedback)
        raise StudentFailure(
            f"`{asked.variable}` is {shown(answer)}; it should be a list of options from {known}"
        )
    if picked == asked.feedback.keys():
        raise StudentFailure(
            f"`{asked.variable}` holds every option, which says nothing: choose again"
        )
    return picked


def _matching(item: object, options: Iterable) -> object:
    """Return the option that ``item`` means, or None."""
    for option in options:
        if isinstance(option, str) and isinstance(item, str) and _letters(item) == option:
            return option
        numbers = isinstance(option, float) and isinstance(item, int | float)
        if numbers and math.isclose(item, option):
            return option
    return None


def _letters(text: str) -> str:
    """Return the capitals that ``text`` shows, whatever alphabet they are from.

    Quotes, brackets, marks and blanks do not count, be they visible or not.
    """
    capitals = unicodedata.normalize("NFKC", text).upper().translate(LOOK_ALIKES)
    return "".join(filter(str.isalnum, capitals))


def shown(value: object) -> str:
    """Return ``value`` as a student should see it quoted in a sentence: short, one line."""
    text = repr(value) if isinstance(value, str | int | float | list | dict) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:80] + "..."
