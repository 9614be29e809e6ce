"""Parts and messages for ``trigger_epochs``, a student's own plateau rule.

Each part calls it with a curve that asks for one property. A student who counts epochs in another
way is judged in that way on all but the first curve, so that one slip costs one part.
"""

from dataclasses import dataclass

import torch

from autograder.checks.choices import shown
from autograder.checks.lr09_plateau.plateau_feedback import falls, name_slip
from autograder.checks.lr09_plateau.plateau_trials import Curve, curves, random_curves
from autograder.checks.numbers import is_number
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part

EARLY = "That is one bad epoch too early: a patience of p allows p bad epochs. "
FROM_ZERO = "Your epochs start at 0; the first one should be epoch 1. "
READ = "Read chapter 9, Why, part 3."


@dataclass(frozen=True)
class Counting:
    """A way of counting: the patience is this much longer, and the first epoch has this number."""

    longer: int
    first: int
    no: str

    def falls(self, curve: Curve) -> list[int]:
        """Return after which epochs the rate falls on ``curve``, counted in this way."""
        found = falls(curve.values, curve.patience + self.longer, curve.threshold)
        return [epoch - 1 + self.first for epoch in found]

    def slip(self, found: list[float], curve: Curve) -> str:
        """Return the sentence of the slip that gives ``found``, apart from the counting."""
        counted = [epoch + 1 - self.first for epoch in found]
        return name_slip(counted, curve.values, curve.patience + self.longer, curve.threshold)


RIGHT = Counting(0, 1, "")
COUNTINGS = (
    RIGHT,
    Counting(-1, 1, EARLY + READ),
    Counting(0, 0, FROM_ZERO),
    Counting(-1, 0, EARLY + FROM_ZERO + READ),
    Counting(1, 1, "That is one bad epoch too late. " + READ),
)
PROPERTIES = {
    "reset": "The count starts anew after a better epoch and after a fall; the best stays.",
    "best": "Each loss is compared with the best so far.",
    "threshold": "Better means better by more than a part of the best loss.",
    "nan": "A loss that is not a number is never better.",
}


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
        *(_part(answers[name], made[name], counting, yes) for name, yes in PROPERTIES.items()),
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
        return StudentFailure(
            f"`trigger_epochs` returned {shown(value)}; it should return a list of epochs"
        )
    return [float(each) for each in value]


def _plateau_part(answer: list[float] | StudentFailure, curve: Curve, counting: Counting) -> Part:
    """Judge the plain plateau, on which every way of counting but one is wrong."""
    if counting is RIGHT:
        return _part(answer, curve, RIGHT, "A plain plateau: the rate falls after the right epoch.")
    return Part(1, 0.0, _said(answer, curve) + counting.no)


def _part(answer: list[float] | StudentFailure, curve: Curve, counting: Counting, yes: str) -> Part:
    """Judge one property on its curve, counting as the student does."""
    if isinstance(answer, StudentFailure):
        return failed(1, answer)
    no = _said(answer, curve) + counting.slip(answer, curve)
    return part(1, answer == counting.falls(curve), yes, no)


def _random_part(student: Student, counting: Counting) -> Part:
    """Judge three random curves together: all have to be right."""
    for curve in random_curves(student):
        judged = _part(_ask(student, curve), curve, counting, "Three random curves, each right.")
        if not judged.earned:
            break
    return judged


def _said(found: list[float], curve: Curve) -> str:
    """Return the sentence that quotes a curve and what the student's function made of it."""
    values = ", ".join(f"{value:g}" for value in curve.values)
    epochs = ", ".join(f"{epoch:g}" for epoch in found)
    return (
        f"For the losses {values} with patience {curve.patience} and threshold "
        f"{curve.threshold:g} it returned [{epochs}]. "
    )
