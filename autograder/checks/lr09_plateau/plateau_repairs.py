"""The two repaired programs of lr09_plateau: what they return, beside what the judge computes."""

import math
from dataclasses import dataclass

import torch

from autograder.checks import messages
from autograder.checks.choices import shown
from autograder.checks.lr09_plateau.plateau_feedback import falls
from autograder.checks.lr09_plateau.plateau_trials import (
    EPOCHS,
    HeldOut,
    loss_of,
    train_with_plateau,
)
from autograder.checks.numbers import TOLERANCE, are_numbers, close, is_number
from autograder.checks.trials import distance, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed

say = messages.load(__file__)


@dataclass(frozen=True)
class Training:
    """What one call of ``train_repaired`` gave back.

    shown: the value, as a student should see it quoted; rates: the same of the rates in it, or "?";
    in_form: two numbers an epoch, the last loss that of the weights it left; agrees: the rates and
    the change of the weights are those of the judge's own training.
    """

    shown: str
    rates: str
    in_form: bool
    agrees: bool


def train(student: Student, data: HeldOut, labels: torch.Tensor) -> Training:
    """Call ``train_repaired`` with these held-out labels, and train beside it."""
    trial = data.trial
    arguments = (trial.images, trial.labels, data.images, labels, data.rate, EPOCHS)
    reply = student.call("train_repaired", trial.model, *arguments)
    value, weights, given = reply.value, reply.weights[0], trial.model.weights
    if not _is_two_lists(value):
        return Training(shown(value), "?", in_form=False, agrees=False)
    rates, losses = ([float(each) for each in numbers] for numbers in value)
    own_rates, _, own_weights = train_with_plateau(trial, data.rate, data.images, labels)
    change = weight_change(given, own_weights)
    same_rates = all(
        math.isclose(a, b, rel_tol=1e-6) for a, b in zip(rates, own_rates, strict=True)
    )
    return Training(
        shown(value),
        _listed(rates),
        in_form=close(losses[-1], loss_of(weights, data.images, labels)),
        agrees=same_rates and distance(weight_change(given, weights), change) < 20 * TOLERANCE,
    )


def why_it_fell(rates: str, rate: float) -> str:
    """Return the name of the sentence for a rate that should have stayed; ``rates``: as quoted."""
    if rates == "?":
        return "unread"
    return "weights" if rates == _listed([rate] * EPOCHS) else "wrong"


def rates_part(
    student: Student, accuracies: list[float], rate: float, patience: int, goes: str
) -> Part:
    """Check the rate used in each epoch on one list of accuracies; ``goes`` says how they go."""
    try:
        value = student.call("rates_repaired", accuracies, rate, patience).value
    except StudentFailure as failure:
        return failed(1, failure)
    told = {"goes": goes, "patience": patience, "value": shown(value)}
    if not isinstance(value, list) or not all(map(is_number, value)):
        return failed(1, StudentFailure(say("mode_repair.rates.no_list", **told)))

    def used(found: list[int]) -> list[float]:
        return [
            rate * 0.1 ** sum(epoch <= each for epoch in found) for each in range(len(accuracies))
        ]

    def same(found: list[int]) -> bool:
        return len(value) == len(accuracies) and all(
            math.isclose(float(a), b, rel_tol=1e-6) for a, b in zip(value, used(found), strict=True)
        )

    right = falls(accuracies, patience, mode="max")
    if same(falls(accuracies, patience)):
        wrong = "lower"
    elif same([]):
        wrong = "never"
    else:
        wrong = "wrong" if len(value) == len(accuracies) else "length"
    return say.part(1, same(right), "mode_repair.rates", wrong=wrong, **told)


def _is_two_lists(value: object) -> bool:
    lists = isinstance(value, list) and len(value) == 2
    return lists and all(are_numbers(each, EPOCHS) for each in value)


def _listed(rates: list[float]) -> str:
    return "[" + ", ".join(f"{rate:g}" for rate in rates) + "]"
