"""Misconceptions: which messages cost points, each counted once a student.

A message often holds a value of the student's own, so that no two are alike. Two messages are the
same sentence when they differ in numbers only. A number that is the same in all of them stays; one
that differs is shown as the range it covers: ``Your loss is ⟨0.12 to 2.3⟩.``
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# A number that stands for itself: not the 1 of `q1`, and not a chapter, which is a place to read.
NUMBER = (
    r"(?<![\w.])(?<!chapter )[-+]?"
    r"(?:(?:\d+(?:\.\d+|\.(?=[,\])]))?|\.\d+)(?:[eE][-+]?\d+)?%?|inf|nan)(?!\w|\.\d)"
)
# What a bracket holds is one value: with a longer list it is still the same sentence.
VALUE = re.compile(rf"(?<=[\[(]){NUMBER}(?:,\s?{NUMBER})*|{NUMBER}")
HOLE = "\0"  # in no cleaned text


@dataclass(frozen=True)
class Misconception:
    """One sentence that cost points, and how many students it was said to."""

    text: str
    students: int


def misconceptions(said: Iterable[tuple[str, str]]) -> list[Misconception]:
    """Group ``(student, message)`` pairs; the sentence that most students read comes first."""
    students: dict[str, set[str]] = defaultdict(set)
    values: dict[str, list[list[str]]] = defaultdict(list)
    for student, message in said:
        sentence = VALUE.sub(HOLE, message)
        students[sentence].add(student)
        values[sentence].append(VALUE.findall(message))
    found = [
        Misconception(_filled(sentence, values[sentence]), len(students[sentence]))
        for sentence in students
    ]
    return sorted(found, key=lambda each: (-each.students, each.text))


def _filled(sentence: str, values: list[list[str]]) -> str:
    """Return ``sentence`` with what stood in each hole, over all messages."""
    pieces = sentence.split(HOLE)
    holes = [_summary(column) for column in zip(*values, strict=True)]
    return "".join(f"{piece}{hole}" for piece, hole in zip(pieces, [*holes, ""], strict=True))


def _summary(texts: Iterable[str]) -> str:
    """Return the one value that all ``texts`` agree on, or the range that they cover."""
    different = sorted(set(texts))
    if len(different) == 1:
        return different[0]
    try:
        different.sort(key=lambda text: float(text.rstrip("%")))
    except ValueError:  # lists of numbers
        return "⟨different lists⟩"
    if not all(math.isfinite(float(text.rstrip("%"))) for text in different):
        return "⟨different numbers⟩"
    return f"⟨{different[0]} to {different[-1]}⟩"
