"""The parts of one SGD step: the change of the weights, and the two losses."""

import torch

from autograder.checks import messages
from autograder.checks.numbers import TOLERANCE, close
from autograder.checks.trials import BATCH_SIZE, Trial
from autograder.judge.verdict import Part

say = messages.load(__file__)


def change_parts(change: torch.Tensor, trial: Trial) -> list[Part]:
    """Return two parts: the direction of the weights' change, and its size."""
    expected = -trial.learning_rate * trial.gradient
    size = (change.norm() / expected.norm()).item()
    cosine = (torch.dot(change, expected) / (change.norm() * expected.norm() + 1e-300)).item()
    along = cosine > 1 - TOLERANCE
    wrong = "still" if size == 0 else "uphill" if cosine < -0.9 else "wrong"
    return [
        say.part(1, along, "one_step.direction", wrong=wrong),
        say.part(
            1,
            along and abs(size - 1) < TOLERANCE,
            "one_step.size",
            wrong="wrong" if along else "not_yet",
            ratio=size,
        ),
    ]


def before_part(before: float, trial: Trial) -> Part:
    """Return the part for the loss before the step."""
    expected = trial.loss_before
    wrong = "summed" if _is_sum(before, expected) else "wrong"
    return say.part(1, close(before, expected), "one_step.before", wrong=wrong, loss=before)


def after_part(before: float, after: float, trial: Trial) -> Part:
    """Return the part for the loss after the step."""
    expected = trial.loss_after
    wrong = "unchanged" if close(after, before) else "wrong"
    if wrong == "wrong" and _is_sum(after, expected):
        wrong = "summed"
    return say.part(1, close(after, expected), "one_step.after", wrong=wrong, loss=after)


def _is_sum(loss: float, mean: float) -> bool:
    return close(loss, mean * BATCH_SIZE)
