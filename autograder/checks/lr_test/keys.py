"""The answers of the ten-question test, and what to tell whoever gave another one.

``lrlab.assignments.questions`` draws the questions and knows no answer. Here ``chapter_NN.py``
computes the answer of each question about a chapter from the numbers that were drawn (``answers``:
how), together with the values that well-known mistakes lead to; ``chapter_NN.yml`` says what each
of them means. ``key_of`` puts the two together for one question, found by its chapter and name.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from autograder.judge.verdict import CheckError
from lrlab import strict_yaml
from lrlab.assignments.questions.question import Question, shown


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
    """Return the key of a drawn question.

    Raises CheckError when a mistake has the name of a drawn number, or is called "right".
    """
    chapter = f"chapter_{question.chapter:02}"
    compute = getattr(import_module(f"{__package__}.{chapter}"), question.template)
    computed = compute(**question.values)
    right, mistakes = computed if isinstance(computed, tuple) else (computed, {})
    words = sentences(chapter)[question.template]
    written = _written(question, right, mistakes)

    def fill(text: str) -> str:
        return text.format(**written)

    about = words["options"] if question.options else words["mistakes"]
    return Key(
        right,
        mistakes,
        {name: fill(each["feedback"]) for name, each in about.items()},
        fill(words["reason"]),
        words["read"],
        fill(words["hint"]),
        tuple(fill(step) for step in words["steps"]),
        fill(words["check"]),
    )


def _written(question: Question, right: str | float, mistakes: dict[str, float]) -> dict:
    """Return what each name in braces stands for."""
    kinds = {
        "the right answer": {"right"},
        "a drawn number": question.values,
        "a mistake": mistakes,
    }
    for name in {**question.values, **mistakes}:
        called = [kind for kind, names in kinds.items() if name in names]
        if len(called) > 1:
            raise CheckError(
                f"question {question.template!r} of chapter {question.chapter}: "
                f"{' and '.join(called)} are both called {name!r}; rename one"
            )
    written = {name: shown(value) for name, value in question.values.items()}
    return written | {name: as_text(value) for name, value in [("right", right), *mistakes.items()]}


@cache
def sentences(chapter: str) -> dict[str, dict]:
    """Return what ``chapter_NN.yml`` says about each of its questions."""
    return strict_yaml.read(Path(__file__).with_name(f"{chapter}.yml"))


def as_text(value: str | float) -> str:
    """Return a number with four significant digits, a name as it is."""
    return value if isinstance(value, str) else f"{value:.4g}"
