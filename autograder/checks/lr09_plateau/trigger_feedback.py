"""Parts and messages for ``trigger_epochs``, a student's own plateau rule.

Each part calls it with a curve that asks for one property. A student who counts epochs in another
way is judged in that way on all but the first curve, so that one slip costs one part.
"""

from dataclasses import dataclass

import torch

from autograder.checks import messages
from autograder.checks.choices import shown
from autograder.checks.lr09_plateau.plateau_feedback import falls, name_slip
from autograder.checks.lr09_plateau.plateau_trials import Curve, curves, random_curves
from autograder.checks.numbers import is_number
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part

say = messages.load(__file__)


@dataclass(frozen=True)
class Counting:
    """A way of counting: the patience is this much longer, and the first epoch has this number.

    name: of the sentence about it; the right way has none.
    """

    longer: int
    first: int
    name: str = ""

    def falls(self, curve: Curve) -> list[int]:
        """Return after which epochs the rate falls on ``curve``, counted in this way."""
        found = falls(curve.values, curve.patience + self.longer, curve.threshold)
        return [epoch - 1 + self.first for epoch in found]

    def slip(self, found: list[float], curve: Curve) -> str:
        """Return the sentence of the slip that gives ``found``, apart from the counting."""
        counted = [epoch + 1 - self.first for epoch in found]
        return name_slip(counted, curve.values, curve.patience + self.longer, curve.threshold)


RIGHT = Counting(0, 1)
COUNTINGS = (
    RIGHT,
    Counting(-1, 1, "early"),
    Counting(0, 0, "from_zero"),
    Counting(-1, 0, "early_from_zero"),
    Counting(1, 1, "late"),
)
PROPERTIES = ("reset", "best", "threshold", "nan")


def judge_trigger_epochs(student: Student) -> list[Part]:
    """Return six parts: a plain plateau, four properties, and random curves."""
    made = curves(student)
    answers = {name: _ask(student, curve) for name, curve in made.items()}
    counting = max(
        (each for each in COUNTINGS if answers["plateau"] == each.falls(made["plateau"])),
        key=lambda each: sum(answers[name] == each.falls(made[name]) for name in PROPERTIES),
        default=RIGHT,
    )
    return [
        _plateau_part(answers["plateau"], made["plateau"], counting),
        *(_part(answers[name], made[name], counting, name) for name in PROPERTIES),
        _random_part(student, counting),
    ]


def _ask(student: Student, curve: Curve) -> list[float] | StudentFailure:
    """Return what the student's function finds on a curve, or why there is nothing to judge."""
    try:
        value = student.call("trigger_epochs", curve.values, curve.patience, curve.threshold).value
    except StudentFailure as failure:
        return failure
    if isinstance(value, torch.Tensor) and value.dim() == 1:
        value = value.tolist()
    if not isinstance(value, list) or not all(map(is_number, value)):
        return StudentFailure(say("trigger_epochs.no_list", value=shown(value)))
    return [float(each) for each in value]


def _plateau_part(answer: list[float] | StudentFailure, curve: Curve, counting: Counting) -> Part:
    """Judge the plain plateau, on which every way of counting but one is wrong."""
    if counting is RIGHT:
        return _part(answer, curve, RIGHT, "plateau")
    return Part(1, 0.0, _about(answer, curve, say(f"trigger_epochs.counting.{counting.name}")))


def _part(
    answer: list[float] | StudentFailure, curve: Curve, counting: Counting, name: str
) -> Part:
    """Judge one property on its curve, counting as the student does."""
    if isinstance(answer, StudentFailure):
        return failed(1, answer)
    yes = say(f"trigger_epochs.right.{name}")
    no = _about(answer, curve, counting.slip(answer, curve))
    return part(1, answer == counting.falls(curve), yes, no)


def _random_part(student: Student, counting: Counting) -> Part:
    """Judge three random curves together: all have to be right."""
    for curve in random_curves(student):
        judged = _part(_ask(student, curve), curve, counting, "random")
        if not judged.earned:
            break
    return judged


def _about(found: list[float], curve: Curve, why: str) -> str:
    """Return the sentence that quotes a curve and what the student's function made of it."""
    return say(
        "trigger_epochs.wrong",
        losses=_listed(curve.values),
        patience=curve.patience,
        threshold=curve.threshold,
        epochs=_listed(found),
        why=why,
    )


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
