"""Writes the practice test of the book: ten questions of the bank, as an ordinary quiz.

The questions are those that the student "practice" would be given. Where the assignment asks for a
number, the practice test offers the right one among those that known mistakes lead to.
"""

from pathlib import Path

import yaml

from autograder import ROOT
from autograder.checks.lr_test.keys import Key, as_text, key_of
from lrlab.assignments.questions import draw
from lrlab.assignments.questions.chance import Chance
from lrlab.assignments.questions.question import LETTERS, Question

NAME = "practice"
QUIZ = ROOT / "book" / "quizzes" / "practice_test.yml"
HEADER = """\
# The practice test: made from the bank of the ten-question test by `make release`, not by hand.
# Its answers are public; the graded tests have other numbers.
"""


def write_practice_test() -> Path:
    """Write ``book/quizzes/practice_test.yml`` anew and return its path."""
    QUIZ.write_text(practice_test(), encoding="utf-8")
    return QUIZ


def practice_test() -> str:
    """Return the quiz as YAML, the same text at every call."""
    questions = [_entry(question) for question in draw(NAME).questions]
    text = yaml.safe_dump({"questions": questions}, sort_keys=False, allow_unicode=True, width=100)
    return HEADER + text


def _link(key: Key) -> str:
    """Return where to read, as the book's pages link to each other."""
    number, title = key.read.removeprefix("chapter ").split(", ")
    [page] = QUIZ.parents[1].glob(f"{int(number):02}_*.ipynb")
    return f"Read [{key.read}]({page.name}#{title.replace(' ', '-')})."


def _entry(question: Question) -> dict:
    """Return one question as the quiz wants it."""
    key = key_of(question)
    texts = dict(question.options)
    if not texts:
        values = {"right": key.right, **key.mistakes}
        names = Chance(f"{NAME}/{question.template}").shuffled(values)
        texts = {name: as_text(values[name]) for name in names}
    right = key.right if question.options else "right"
    options = {}
    for letter, (name, text) in zip(LETTERS, texts.items(), strict=True):
        if name == right:
            options[letter] = {"text": text, "correct": True, "feedback": key.reason}
        else:
            options[letter] = {"text": text, "feedback": f"{key.sentences[name]} {_link(key)}"}
    return {
        "id": question.template.replace("_", "-"),
        "difficulty": question.difficulty,
        "prompt": question.prompt,
        "options": options,
        "hint": key.hint,
        "steps": list(key.steps),
        "answer": texts[right],
        "check": key.check,
    }
