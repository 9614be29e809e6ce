"""The ten-question test: a bank of questions, and the ten of them that are drawn for a student.

``chapter_NN.yml`` hold what each question shows. ``draw(student)`` chooses ten (``sampling``), and
numbers for each (``question``), by ``chance`` that depends on the student's id alone: the same
student gets the same test on every machine, in whichever form the id is typed (``identity``), and
another student another one. Nothing here knows an
answer, so nothing here can tell one; keys are computed where tests are graded.

    test = draw("ada")
    test.show(1)
"""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from IPython.display import Markdown, display

from lrlab import strict_yaml
from lrlab.assignments.answers import is_number, letter
from lrlab.assignments.questions.chance import Chance
from lrlab.assignments.questions.identity import canonical
from lrlab.assignments.questions.question import LETTERS, Question, Template
from lrlab.assignments.questions.sampling import sample

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


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
        """Display question ``number``, counted from 1, or, without one, whose test this is.

        Of nobody's test no question is shown: once is enough to say what to do.
        """
        if number is None and not self.questions:
            text = "Nobody's questions yet: type your id into `student_id`, and run all cells."
        elif number is None:
            text = f"The test of **{self.student}**. Its code is **{self.code}**."
        elif not self.questions:
            return
        else:
            question = self.questions[number - 1]
            text = f"**Question {number}** ({question.difficulty})\n\n{question.text()}"
        display(Markdown(text))

    def has_code(self, code: object) -> bool:
        """Return whether ``code`` stands for these questions, in small letters or capitals."""
        return bool(self.questions) and canonical(code) == canonical(self.code)

    def takes(self, number: int, answer: object) -> bool:
        """Return whether ``answer`` has the form that question ``number`` asks for."""
        if not self.questions:
            return False
        if self.questions[number - 1].answer == "letter":
            return letter(answer, LETTERS) is not None
        return is_number(answer)

    def wants(self, number: int) -> str:
        """Return in one sentence what the answer to question ``number`` should be."""
        if not self.questions:
            return "its question is not drawn: student_id should be your id, in quotes."
        if self.questions[number - 1].answer == "letter":
            return f"answer_{number} should be one letter from A to D, in quotes."
        return f"answer_{number} should be one number."


def draw(student: str | None = None) -> DrawnTest:
    """Return the test of ``student``, by default of whoever JupyterHub says is logged in.

    Four questions are easy, three medium and three hard, in this order, spread over the chapters of
    the bank as evenly as can be. A test without questions comes back when nobody's name is known.
    """
    name = canonical(student or os.environ.get("JUPYTERHUB_USER", ""))
    if not name:
        return DrawnTest("", ())
    drawn = sample(bank(), Chance(f"lr_test/{name}"))
    return DrawnTest(name, tuple(template.ask(name) for template in drawn))


@cache
def bank() -> tuple[Template, ...]:
    """Return all questions, chapter by chapter."""
    return tuple(
        Template(name, int(path.stem.removeprefix("chapter_")), **fields)
        for path in sorted(Path(__file__).parent.glob("chapter_*.yml"))
        for name, fields in strict_yaml.read(path).items()
    )
