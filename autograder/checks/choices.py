"""Checks for questions with options, where every option has its own sentence.

A sentence for a wrong choice names the misconception behind it, never the right option. Options
that a student did not choose are never named, so the feedback cannot be read backwards.
"""

import math

from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part


def choice(
    student: Student, variable: str, points: float, right: str, sentences: dict[str, str]
) -> list[Part]:
    """Check one letter: all points for ``right``, else none and the sentence of that option.

    sentences: for every letter, what to tell a student who chose it.
    """
    try:
        letter = _letter(student.variable(variable), variable, list(sentences))
    except StudentFailure as failure:
        return [failed(points, failure)]
    message = f"You chose {letter}. {sentences[letter]}"
    return [part(points, letter == right, message, message)]


def selection(
    student: Student, variable: str, points: float, right: set, sentences: dict, missed: str
) -> list[Part]:
    """Check a list of options, each worth ``points``: chosen if right, left out if wrong.

    sentences: for every option, what to tell a student who chose it.
    missed: what to tell, without naming it, for each right option that was left out.
    Nothing chosen, or everything, says nothing and earns nothing.
    """
    try:
        picked = _picked(student.variable(variable), variable, list(sentences))
    except StudentFailure as failure:
        return [failed(points * len(sentences), failure)]
    parts = []
    for option, sentence in sentences.items():
        if option in picked:
            message = f"You chose {option}. {sentence}"
            parts.append(part(points, option in right, message, message))
    left_out = sentences.keys() - picked
    rightly = Part(points, points, "You left out one that does not belong here.")
    return (
        parts
        + [rightly] * len(left_out - right)
        + [Part(points, 0.0, missed)] * len(left_out & right)
    )


def _letter(answer: object, variable: str, letters: list[str]) -> str:
    """Return the letter that ``answer`` means, or raise StudentFailure."""
    if answer is None:
        raise StudentFailure(f"`{variable}` has no answer yet")
    letter = _matching(answer, letters)
    if letter is None:
        known = ", ".join(letters)
        raise StudentFailure(
            f"`{variable}` is {shown(answer)}; it should be one of {known}, in quotes"
        )
    return letter


def _picked(answer: object, variable: str, options: list) -> set:
    """Return the options in ``answer``, or raise StudentFailure."""
    if answer is None or answer == []:
        raise StudentFailure(f"`{variable}` has no answer yet")
    picked = {_matching(item, options) for item in answer} if isinstance(answer, list) else {None}
    if None in picked:
        known = ", ".join(str(option) for option in options)
        raise StudentFailure(
            f"`{variable}` is {shown(answer)}; it should be a list of options from {known}"
        )
    if picked == set(options):
        raise StudentFailure(f"`{variable}` holds every option, which says nothing: choose again")
    return picked


def _matching(item: object, options: list) -> object:
    """Return the option that ``item`` means, or None."""
    for option in options:
        if isinstance(option, str) and isinstance(item, str) and item.strip().upper() == option:
            return option
        numbers = isinstance(option, float) and isinstance(item, int | float)
        if numbers and math.isclose(item, option):
            return option
    return None


def shown(value: object) -> str:
    """Return ``value`` as a student should see it quoted in a sentence: short, one line."""
    text = repr(value) if isinstance(value, str | int | float | list | dict) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:80] + "..."
