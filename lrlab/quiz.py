"""Practice questions: a YAML bank becomes an accessible quiz in JupyterLab and on the site.

`load` reads and checks `quizzes/NAME.yml`, `to_html` writes every question out in full (radio
groups, hint, solution, a sentence for every option), and `show` displays it. The HTML alone is
readable without JavaScript and in print; `figures/quiz.mjs` makes it answer back.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import yaml
from IPython.display import display
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from lrlab import strict_yaml
from lrlab.interactive import Interactive, find_asset

DIFFICULTIES = ("easy", "medium", "hard")
_LETTERS = "ABCDEFGH"


class QuizError(ValueError):
    """A bank that cannot be shown; the message has one line for each thing to fix."""


@dataclass(frozen=True)
class Option:
    """One choice: its text, whether it is right, and what choosing it says about the reader."""

    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True)
class Question:
    """One question with its options, hint, solution steps, final answer and quick check."""

    id: str
    difficulty: str
    prompt: str
    options: tuple[Option, ...]
    hint: str
    steps: tuple[str, ...]
    answer: str
    check: str


def load(name: str) -> tuple[Question, ...]:
    """Return the questions of `quizzes/NAME.yml`, in order.

    Raises FileNotFoundError when there is no such bank, and QuizError, with every fault of the
    bank in one message, when it does not follow the schema.
    """
    path = find_asset("quizzes", f"{name}.yml")
    try:
        content = strict_yaml.read(path)
    except yaml.YAMLError as error:
        raise QuizError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    return _Checker(path).questions(content)


class _Checker:
    """Turns parsed YAML into questions and collects what is wrong on the way."""

    def __init__(self, path: Path):
        self.path = path
        self.errors: list[str] = []

    def questions(self, content) -> tuple[Question, ...]:
        entries = self.mapping(content, "the file", ["questions"]).get("questions")
        entries = self.sequence(entries, "questions")
        questions = tuple(self.question(entry, n) for n, entry in enumerate(entries, 1))
        seen = set()
        for question in questions:
            if question.id and question.id in seen:
                self.fault(f"question {question.id!r}", "this id is used twice; make it unique")
            seen.add(question.id)
        if self.errors:
            raise QuizError("\n".join(self.errors))
        return questions

    def question(self, entry, number: int) -> Question:
        where = f"question {number}"
        entry = self.mapping(entry, where, list(Question.__dataclass_fields__))
        if isinstance(entry.get("id"), str):
            where = f"question {entry['id']!r}"
        keys = ("id", "difficulty", "prompt", "hint", "answer", "check")
        texts = {key: self.text(entry.get(key), f"{where}, {key}") for key in keys}
        if texts["difficulty"] and texts["difficulty"] not in DIFFICULTIES:
            self.fault(
                f"{where}, difficulty",
                f"must be {', '.join(DIFFICULTIES[:-1])} or {DIFFICULTIES[-1]}, "
                f"not {texts['difficulty']!r}",
            )
        steps = self.sequence(entry.get("steps"), f"{where}, steps")
        return Question(
            **texts,
            steps=tuple(self.text(s, f"{where}, step {n}") for n, s in enumerate(steps, 1)),
            options=self.options(entry.get("options"), where),
        )

    def options(self, entries, where: str) -> tuple[Option, ...]:
        named = list(entries) if isinstance(entries, dict) else []
        if len(named) < 2 or named != list(_LETTERS[: len(named)]):
            self.fault(
                f"{where}, options",
                f"must be a mapping of 2 to {len(_LETTERS)} options, named A, B and so on, in order",
            )
            return ()
        options = []
        for letter, entry in entries.items():
            place = f"{where}, option {letter}"
            entry = self.mapping(entry, place, ["text", "correct", "feedback"])
            text = self.text(entry.get("text"), f"{place}, text")
            if "\n" in text:
                self.fault(f"{place}, text", "must fit on one line; move code into the prompt")
            if text and text in {option.text for option in options}:
                self.fault(f"{place}, text", "is the same as an earlier option")
            if not isinstance(entry.get("correct", False), bool):
                self.fault(f"{place}, correct", f"must be true or false, not {entry['correct']!r}")
            feedback = self.text(entry.get("feedback"), f"{place}, feedback")
            options.append(Option(text, feedback, entry.get("correct") is True))
        right = sum(option.correct for option in options)
        if right != 1:
            self.fault(where, f"{right} options are marked correct; mark exactly one")
        return tuple(options)

    def fault(self, where: str, what: str) -> None:
        self.errors.append(f"{self.path}: {where}: {what}.")

    def mapping(self, value, where: str, keys: list[str]) -> dict:
        if not isinstance(value, dict):
            self.fault(where, f"must be a mapping with {', '.join(keys)}")
            return {}
        for key in value:
            if key not in keys:
                self.fault(where, f"unknown key {key!r}; the keys are {', '.join(keys)}")
        return value

    def sequence(self, value, where: str) -> list:
        if isinstance(value, list) and value:
            return value
        self.fault(where, "must be a list of at least 1")
        return []

    def text(self, value, where: str) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is None or isinstance(value, str):
            self.fault(where, "is missing or empty")
        else:
            self.fault(where, f"must be text, not {value!r}; put it in quotes")
        return ""


def _math(latex: str, options: dict) -> str:
    return convert(latex, display="block" if options["display_mode"] else "inline")


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).use(dollarmath_plugin, renderer=_math)


def to_html(questions: tuple[Question, ...], name: str) -> str:
    """Return the whole quiz as HTML, complete without JavaScript; `name` makes its ids unique."""
    total = len(questions)
    parts = [_question(q, n, total, question_id(name, q)) for n, q in enumerate(questions, 1)]
    return f'<div class="quiz">{"".join(parts)}</div>'


def question_id(name: str, question: Question) -> str:
    """Return the id of a question of the bank `name` in the HTML, the same wherever it is asked."""
    return f"quiz-{name}-{question.id}"


def show(name: str) -> None:
    """Display the quiz of `quizzes/NAME.yml`. Raises as `load` does."""
    questions = load(name)
    display(Interactive("quiz", {"name": name}, to_html(questions, name)))


def _question(question: Question, number: int, total: int, anchor: str) -> str:
    """Return one question. A form scopes its radio names; method=dialog sends nothing anywhere."""
    prompt = escape(f"{anchor}-prompt")
    options, feedback = [], []
    for letter, option in zip(_LETTERS, question.options, strict=False):
        options.append(
            f'<label class="quiz-option"><input type="radio" name="answer" value="{letter}">'
            f'<b class="quiz-letter">{letter}</b><span>{_inline(option.text)}</span></label>'
        )
        mark, kind = ("Right", "right") if option.correct else ("Not this one", "wrong")
        feedback.append(
            f'<li data-option="{letter}" class="quiz-{kind}"><b>{letter}. {mark}.</b> '
            f"{_inline(option.feedback)}</li>"
        )
    steps = "".join(f"<li>{_inline(step)}</li>" for step in question.steps)
    return (
        f'<form class="quiz-question" method="dialog" id="{escape(anchor)}">'
        f'<fieldset aria-describedby="{prompt}"><legend>Question {number} of {total} '
        f'<span class="quiz-badge" data-difficulty="{question.difficulty}">'
        f"{question.difficulty}</span></legend>"
        f'<div class="quiz-prompt" id="{prompt}">{_MARKDOWN.render(question.prompt)}</div>'
        f"{''.join(options)}</fieldset>"
        f'<details class="quiz-hint"><summary>Hint</summary>{_MARKDOWN.render(question.hint)}'
        f'</details><details class="quiz-solution"><summary>Solution</summary>'
        f'<ol class="quiz-steps">{steps}</ol><div class="quiz-final">'
        f"<p><b>Answer.</b> {_inline(question.answer)}</p>"
        f"<p><b>Quick check.</b> {_inline(question.check)}</p>"
        f'<ul class="quiz-options">{"".join(feedback)}</ul></div></details></form>'
    )


def _inline(text: str) -> str:
    return _MARKDOWN.renderInline(text)
