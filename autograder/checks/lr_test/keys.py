"""The answers of the ten-question test, and what to tell whoever gave another one.

``lrlab.assignments.questions`` draws the questions and knows no answer. Here ``optimizer_keys`` (chapters 1, 2
and 6) and ``run_keys`` (8, 9 and 12) compute the answer of each from the numbers that were drawn,
by running PyTorch or lrlab, together with the values that well-known mistakes lead to. The
``chapter_NN.yml`` hold the sentences. ``key_of`` puts the two together for one question.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from autograder.checks.lr_test import optimizer_keys, run_keys
from lrlab.assignments.questions import Question, shown

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Key:
    """The answer of one question, and all sentences about it, its numbers filled in.

    right: the name of an option, or a number. mistakes: for a number, what each known mistake
    leads to. sentences: for each option, or each mistake, what it says about whoever gave it.
    read: the place in the book. reason: why the right answer is right. hint, steps and check: for
    practice only, because they give the answer away.
    """

    right: str | float
    mistakes: dict[str, float]
    sentences: dict[str, str]
    reason: str
    read: str
    hint: str
    steps: tuple[str, ...]
    check: str


def key_of(question: Question) -> Key:
    """Return the key of a drawn question."""
    compute = getattr(optimizer_keys, question.template, None) or getattr(
        run_keys, question.template
    )
    computed = compute(**question.values)
    right, mistakes = computed if isinstance(computed, tuple) else (computed, {})
    words = feedback()[question.template]
    written = {name: shown(value) for name, value in question.values.items()}
    written |= {name: as_text(value) for name, value in mistakes.items()}
    written["right"] = as_text(right)

    def fill(text: str) -> str:
        return text.format(**written)

    return Key(
        right,
        mistakes,
        {name: fill(text) for name, text in words["sentences"].items()},
        fill(words["reason"]),
        words["read"],
        fill(words["hint"]),
        tuple(fill(step) for step in words["steps"]),
        fill(words["check"]),
    )


@cache
def feedback() -> dict[str, dict]:
    """Return the sentences of every question of the bank, by its id."""
    found: dict[str, dict] = {}
    for path in sorted(FOLDER.glob("chapter_*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def as_text(value: str | float) -> str:
    """Return a number with four significant digits, a name as it is."""
    return value if isinstance(value, str) else f"{value:.4g}"
