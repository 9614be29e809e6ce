"""Answers to the questions about chapter 12, whole runs; see ``answers``."""

import math

import torch

from autograder.checks.lr_test.answers import Number
from lrlab.batches import steps_per_epoch
from lrlab.data import Dataset

IMAGES = 50_000  # CIFAR-10's training images in `steps_of_a_run`


def best_epoch(curves: dict[str, list[float]]) -> Number:
    """The epoch with the lowest validation loss."""
    losses, accuracies = curves["loss"], curves["accuracy"]
    right = losses.index(min(losses)) + 1
    by_accuracy = accuracies.index(max(accuracies)) + 1
    return right, {"last": len(losses), "by_accuracy": by_accuracy, "from_zero": right - 1}


def diagnosis(curves: dict[str, list[float]]) -> str:
    """What a run's two loss curves say."""
    train, validation = curves["train"], curves["validation"]
    if train[0] > 1.5 * math.log(10) and train[-1] > 0.98 * math.log(10):
        return "high"
    if train[-1] < 0.5 * train[0] and validation[-1] > 1.1 * min(validation):
        return "overfitting"
    return "low" if train[-1] > 0.9 * train[0] and validation[-1] == min(validation) else "sound"


def steps_of_a_run(held_out: int, batch_size: int, epochs: int) -> Number:
    """The optimizer steps of a run on what is left of CIFAR-10."""

    def steps(images: int) -> int:
        empty = Dataset("no pixels", torch.empty(images, 0), torch.empty(images), "")
        return steps_per_epoch(empty, batch_size)

    one = steps(IMAGES - held_out)
    return one * epochs, {
        "all_images": steps(IMAGES) * epochs,
        "rounded_up": (one + 1) * epochs,
        "one_epoch": one,
    }


def call_order(trace: list[float]) -> str:
    """The order of calls that leads to these weights: each is run."""
    orders = {
        "clean": ("zero_grad", "backward", "step"),
        "wiped": ("backward", "zero_grad", "step"),
        "piled": ("backward", "step"),
        "late": ("step", "zero_grad", "backward"),
    }
    (found,) = (name for name, calls in orders.items() if _close(_trace(calls, len(trace)), trace))
    return found


def loaded_rate(saved: float, new: float, place: str) -> Number:
    """The rate of an optimizer after a checkpoint was loaded."""
    weight = torch.nn.Parameter(torch.zeros(1))
    checkpoint = torch.optim.SGD([weight], lr=saved).state_dict()
    optimizer = torch.optim.SGD([weight])
    default = optimizer.param_groups[0]["lr"]
    if place == "before":
        optimizer.param_groups[0]["lr"] = new
    optimizer.load_state_dict(checkpoint)
    if place == "after":
        optimizer.param_groups[0]["lr"] = new
    right = optimizer.param_groups[0]["lr"]
    other = saved if right == new else new
    return right, {"other": other, "default": default, "product": saved * new}


def _trace(calls: tuple[str, ...], turns: int) -> list[float]:
    """Return the weight at the top of each turn of a loop that makes these calls."""
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    seen = []
    for _ in range(turns):
        seen.append(weight.item())
        for call in calls:
            if call == "backward":
                (weight**2 / 2).sum().backward()
            else:
                getattr(optimizer, call)()
    return seen


def _close(one: list[float], other: list[float]) -> bool:
    return all(abs(a - b) < 1e-3 for a, b in zip(one, other, strict=True))
