"""What to tell a student about one SGD step: the change of the weights, and the two losses.

Each sentence says what the student's value was and which property it lacks, never the right value.
"""

import torch

from autograder.checks.numbers import TOLERANCE, close
from autograder.checks.trials import BATCH_SIZE, Trial
from autograder.judge.verdict import Part, part


def judge_change(change: torch.Tensor, trial: Trial) -> list[Part]:
    """Return two parts: the direction of the weights' change, and its size."""
    expected = -trial.learning_rate * trial.gradient
    size = (change.norm() / expected.norm()).item()
    cosine = (torch.dot(change, expected) / (change.norm() * expected.norm() + 1e-300)).item()
    along = cosine > 1 - TOLERANCE
    if size == 0:
        no = "Your weights did not change. Read chapter 1, Code: which call changes them?"
    elif cosine < -0.9:
        no = "Your weights moved up the gradient, so the loss grows. Read chapter 1, Why."
    else:
        no = "Your weights did not move along this batch's gradient. Read chapter 1, Why."
    ratio = f"The change is {size:.3g} times what one SGD step with our learning_rate makes. "
    size_no = ratio + "Does the step use the argument learning_rate, once? Read chapter 1, Code."
    return [
        part(1, along, "The weights move down the gradient.", no),
        part(
            1,
            along and abs(size - 1) < TOLERANCE,
            "The change has the size that the rate says.",
            size_no if along else "The size of the change counts once its direction is right.",
        ),
    ]


def about_loss(when: str, value: float, expected: float) -> str:
    """Return what a wrong loss looks like, without the right one."""
    said = f"Your loss {when} the step is {value:.4g}. "
    if close(value, expected * BATCH_SIZE):
        return said + "It is summed over the batch; the course uses the mean. Read chapter 1, Code."
    return said + (
        "It should be the mean cross-entropy of the model's outputs on the given batch, with the "
        f"weights as they are {when} the step. Read chapter 1, Measure."
    )


def about_loss_after(before: float, after: float, trial: Trial) -> str:
    """Return what a wrong loss after the step looks like."""
    if close(after, before):
        return (
            f"Your loss after the step, {after:.4g}, is the loss before it: the images must go "
            "through the changed model again. Read chapter 1, Measure."
        )
    return about_loss("after", after, trial.loss_after)
