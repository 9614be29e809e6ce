"""A question as the bank holds it, for all students, and as one student sees it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lrlab.assignments.questions.chance import Chance

LETTERS = "ABCD"
FORMS = {
    "letter": "Answer with one letter.",
    "number": "Answer with a number; 1 % off still counts.",
    "whole": "Answer with a whole number.",
}


@dataclass(frozen=True)
class Question:
    """One question as one student sees it.

    template: its name in the bank; values: the numbers that were drawn for it; answer: a key of
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
class Template:
    """One question of the bank.

    values: for each name, what it may be; prompt and options show it where its name stands in
    braces. answer: a key of FORMS; options: for each name, ``text``, if answer is "letter".
    """

    name: str
    chapter: int
    difficulty: str
    prompt: str
    values: dict[str, list]
    answer: str = "letter"
    options: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, student: str) -> Question:
        """Return the question that this becomes for one student."""
        chance = Chance(f"lr_test/{student}/{self.name}")
        values = {key: chance.choice(several) for key, several in self.values.items()}
        return self.write_out(values, chance.shuffled(self.options))

    def write_out(self, values: dict, order: Iterable[str]) -> Question:
        """Return the question with these values, and its options in this order of their names."""
        written = {key: shown(value) for key, value in values.items()}
        return Question(
            self.name,
            self.chapter,
            self.difficulty,
            self.answer,
            self.prompt.format(**written),
            values,
            tuple((key, self.options[key]["text"].format(**written)) for key in order),
        )


def shown(value: object) -> str | dict[str, str]:
    """Return a drawn value as a prompt shows it; of a mapping, each of its values."""
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
