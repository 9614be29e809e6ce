"""The ten-question test: a bank of questions, and the ten of them that are drawn for a student.

``questions.yml`` holds what each question shows. ``draw(student)`` chooses ten, and numbers for
each: the same student gets the same test on every machine, another student another one. Nothing
here knows an answer, so nothing here can tell one; keys are computed where tests are graded.

    test = draw("ada")
    test.show(1)
"""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from IPython.display import Markdown, display

BALANCE = {"easy": 4, "medium": 3, "hard": 3}  # how many of each difficulty, in this order
LETTERS = "ABCD"
FORMS = {
    "letter": "Answer with one letter.",
    "number": "Answer with a number; 1 % off still counts.",
    "whole": "Answer with a whole number.",
}
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


@dataclass(frozen=True)
class Question:
    """One question as one student sees it.

    template: its id in the bank; values: the numbers that were drawn for it; answer: a key of
    FORMS; options: (name, text) in the order of the letters, none unless answer is "letter".
    """

    template: str
    chapter: int
    difficulty: str
    answer: str
    prompt: str
    values: dict
    options: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """Return the question as Markdown: the prompt, the options, and how to answer."""
        options = [
            f"- **{letter}** {text}"
            for letter, (_, text) in zip(LETTERS, self.options, strict=False)
        ]
        parts = [self.prompt, "\n".join(options), f"*{FORMS[self.answer]}*"]
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True)
class DrawnTest:
    """The ten questions of one student; none as long as nobody knows whose they are."""

    student: str
    questions: tuple[Question, ...]

    @property
    def code(self) -> str:
        """Return four letters that stand for these questions, with their options and numbers."""
        shown = json.dumps([question.text() for question in self.questions])
        digest = hashlib.sha256(shown.encode()).digest()
        return "".join(_CODE_LETTERS[byte % len(_CODE_LETTERS)] for byte in digest[:4])

    def show(self, number: int | None = None) -> None:
        """Display question ``number``, counted from 1, or, without one, whose test this is."""
        if not self.questions:
            text = "Nobody's questions yet: type your id into `student_id`, and run all cells."
        elif number is None:
            text = f"The test of **{self.student}**. Its code is **{self.code}**."
        else:
            question = self.questions[number - 1]
            text = f"**Question {number}** ({question.difficulty})\n\n{question.text()}"
        display(Markdown(text))

    def takes(self, number: int, answer: object) -> bool:
        """Return whether ``answer`` has the form that question ``number`` asks for."""
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        is_letter = isinstance(answer, str) and answer.strip().upper() in tuple(LETTERS)
        if not self.questions:
            return is_number or is_letter
        return is_letter if self.questions[number - 1].answer == "letter" else is_number


def draw(student: str | None = None) -> DrawnTest:
    """Return the test of ``student``, by default of whoever JupyterHub says is logged in.

    Four questions are easy, three medium and three hard, in this order, and every chapter of the
    bank has at least one. A test without questions comes back when nobody's name is known.
    """
    name = str(student or os.environ.get("JUPYTERHUB_USER", "")).strip()
    if not name:
        return DrawnTest("", ())
    chance = Chance(f"lr_test/{name}")
    templates = bank()
    chapters = {each["chapter"] for each in templates}
    while True:
        chosen = []
        for difficulty, count in BALANCE.items():
            group = [each for each in templates if each["difficulty"] == difficulty]
            chosen += chance.shuffled(group)[:count]
        if {each["chapter"] for each in chosen} == chapters:
            return DrawnTest(name, tuple(ask(each, name) for each in chosen))


def ask(template: dict, name: str) -> Question:
    """Return the question that ``template`` becomes for the student ``name``."""
    chance = Chance(f"lr_test/{name}/{template['id']}")
    values = {key: chance.choice(several) for key, several in template["values"].items()}
    return write_out(template, values, chance.shuffled(template.get("options", {})))


def write_out(template: dict, values: dict, order: list[str]) -> Question:
    """Return the question with these values, and its options in this order of their names."""
    written = {key: shown(value) for key, value in values.items()}
    texts = template.get("options", {})
    return Question(
        template["id"],
        template["chapter"],
        template["difficulty"],
        template.get("answer", "letter"),
        template["prompt"].format(**written),
        values,
        tuple((key, texts[key].format(**written)) for key in order),
    )


@cache
def bank() -> tuple[dict, ...]:
    """Return the templates of the bank, as plain data."""
    text = Path(__file__).with_name("bank.yml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


class Chance:
    """Random choices that depend on a text and nothing else: no version, no platform."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._count = 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit`` - 1."""
        self._count += 1
        digest = hashlib.sha256(f"{self._purpose}#{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def choice(self, items: list) -> object:
        """Return one of ``items``."""
        return items[self.below(len(items))]

    def shuffled(self, items) -> list:
        """Return ``items`` in a random order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


def shown(value: object) -> str | dict[str, str]:
    """Return a drawn value as a prompt shows it; of a mapping, each of its values."""
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
