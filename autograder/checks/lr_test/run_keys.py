"""Answers about schedules, plateaus and whole runs (chapters 8, 9 and 12), computed by lrlab.

One function a question of the bank, as in ``optimizer_keys``.
"""

import math

import torch

from autograder.checks.lr_test.optimizer_keys import Number
from lrlab import plateau, schedules
from lrlab.batches import steps_per_epoch
from lrlab.data import Dataset

EPOCHS = 20  # the length of the run in `falls_in_a_run`, and CIFAR-10's images in `steps_of_a_run`
IMAGES = 50_000


def step_decay_rate(rate: float, step_size: int, gamma: float, epoch: int) -> Number:
    """The rate of StepLR in one epoch."""
    right = rate * schedules.step_decay(epoch, step_size=step_size, gamma=gamma)
    return right, {"once": rate * gamma, "one_more": right * gamma, "never": rate}


def multi_step_rate(rate: float, milestones: list[int], gamma: float, epoch: int) -> Number:
    """The rate of MultiStepLR in one epoch."""
    right = rate * schedules.multi_step(epoch, milestones=milestones, gamma=gamma)
    taken_away = rate * schedules.multi_step(epoch, milestones=milestones, gamma=1 - gamma)
    return right, {
        "one_less": right / gamma,
        "one_more": right * gamma,
        "taken_away": taken_away,
    }


def cosine_rate(rate: float, step: int) -> Number:
    """The rate of a cosine schedule of 200 steps."""
    right = rate * schedules.cosine(step, total_steps=200)
    return right, {
        "linear": rate * schedules.linear(step, total_steps=200),
        "rising": rate - right,
        "quarter_wave": rate * math.cos(math.pi / 2 * step / 200),
    }


def exponential_gamma(start: float, end: float, epochs: int) -> Number:
    """The factor an epoch that leads from ``start`` to ``end``, by bisection."""
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        too_far = start * schedules.exponential(epochs, gamma=middle) < end
        low, high = (middle, high) if too_far else (low, middle)
    return high, {
        "whole": end / start,
        "shared": end / start / epochs,
        "straight": 1 - (1 - end / start) / epochs,
    }


def per_batch_stepping(rate: float, batches: int, step_size: int, gamma: float) -> Number:
    """The rate after one epoch in which StepLR was stepped at every batch."""
    right = rate * schedules.step_decay(batches, step_size=step_size, gamma=gamma)
    return right, {"as_meant": rate, "once": rate * gamma, "one_more": right * gamma}


def warmup_rate(peak: float, warmup_steps: int, step: int) -> Number:
    """The rate of one step of a warm-up."""
    right = peak * schedules.warmup_stable_decay(
        step, total_steps=1000, warmup_steps=warmup_steps, decay_steps=0
    )
    return right, {
        "from_zero": peak * step / warmup_steps,
        "peak_at_once": peak,
        "whole_run": peak * (step + 1) / 1000,
    }


def rate_after_falls(rate: float, factor: float, falls: int) -> Number:
    """The rate after a plateau rule has fired: a flat curve on which it fires at every value."""
    flat = [1.0] * (falls + 1)
    right = rate * plateau.fraction(flat, factor=factor, patience=0)
    return right, {
        "once": rate * factor,
        "product": rate * factor * falls,
        "taken_away": rate * (1 - factor) ** falls,
    }


def first_fall(losses: list[float], patience: int) -> Number:
    """The epoch after which the rate first falls."""
    right = plateau.reductions(losses, patience=patience, threshold=0)[0] + 1
    first_worse = next(n for n, loss in enumerate(losses, 1) if loss > min(losses[:n]))
    return right, {"early": right - 1, "late": right + 1, "first_worse": first_worse}


def falls_in_a_run(best: int, patience: int) -> Number:
    """How often a plateau rule fires in 20 epochs."""
    losses = [2.0 - 0.1 * epoch for epoch in range(best)] + [2.5] * (EPOCHS - best)
    right = len(plateau.reductions(losses, patience=patience))
    return right, {
        "patience": (EPOCHS - best) // patience,
        "every": EPOCHS - best,
        "once": 1,
    }


def wrong_mode(accuracies: list[float], patience: int) -> Number:
    """The epoch after which the rate falls when an accuracy is taken for a loss."""
    right = _first(plateau.reductions(accuracies, patience=patience, mode="min"))
    return right, {"never": 0, "early": right - 1, "late": right + 1}


def small_gains(losses: list[float], patience: int, threshold: float) -> Number:
    """The epoch after which the rate falls on a loss that falls too little."""
    right = _first(plateau.reductions(losses, patience=patience, threshold=threshold))
    return right, {"never": 0, "early": right - 1, "late": right + 1}


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


def _first(indices: list[int]) -> int:
    """Return the first epoch, counted from 1, or 0 when there is none."""
    return indices[0] + 1 if indices else 0


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
