"""Curves and short trainings with a plateau rule, which the judge makes itself.

A ``Curve`` asks one thing of ``trigger_epochs`` and leaves the others out, so that each slip costs
the points of what it breaks. All numbers come from the submission's seed.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import ReduceLROnPlateau

import lrlab.models
from autograder.checks.trials import Trial, make_trial, network_of, take_steps
from autograder.judge.student import Student
from autograder.judge.verdict import CheckError

EPOCHS = 7
STEPS = 5  # steps an epoch
PATIENCE = 1

# Parts of the first loss. With a threshold of 1 % only the fourth, the tenth and the last one are
# better; with another idea of "better", others are, too.
CREEPING = (1, 0.996, 0.992, 0.988, 0.9875, 0.987, 1.01, 0.985, 0.981, 0.977, 0.973, 0.969, 0.965)


@dataclass(frozen=True)
class Curve:
    """Losses, one an epoch, and the settings of the rule that watches them."""

    values: list[float]
    patience: int
    threshold: float = 1e-4


def worsening(start: float, count: int) -> list[float]:
    """Return ``count`` losses above ``start``, each worse than the one before it."""
    return [round(start * (1.05 + 0.01 * step), 4) for step in range(count)]


def curves(student: Student) -> dict[str, Curve]:
    """Return the curve of each part of ``trigger_epochs``, by the part's name."""
    generator = student.generator("trigger_epochs")

    def number(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=generator))

    patience, top = number(2, 4), 0.5 + number(10, 90) / 100
    down = [round(top * 0.9**step, 4) for step in range(number(3, 6))]
    lower, lowest = round(down[-1] * 0.9, 4), round(down[-1] * 0.8, 4)
    streak = patience + 1
    resting = [
        *down, *worsening(down[-1], patience), lower, *worsening(lower, patience), lowest,
        *worsening(lowest, 3 * streak),
    ]  # fmt: skip
    lucky = down[-1] * 0.5
    sinking = [round(lucky * (1.6 - 0.05 * step), 4) for step in range(2 * streak)]
    scale = 4.0 + number(1, 9) / 10
    creeping = [round(scale * part, 6) for part in CREEPING]
    nan = math.nan
    return {
        "plateau": Curve([*down, *worsening(down[-1], streak)], patience),
        "reset": Curve(resting, patience),
        "best": Curve([*down, round(lucky, 4), *sinking], patience),
        "threshold": Curve(creeping, 1, 0.01),
        "nan": Curve([nan, *down, *[nan] * streak, lowest, *worsening(lowest, 1)], patience),
    }


def random_curves(student: Student) -> list[Curve]:
    """Return three curves of 40 losses that fall and jump."""
    generator = student.generator("random curves")
    made = []
    for patience in (1, 2, 3):
        noise = torch.rand(40, generator=generator).tolist()
        values = [round(math.exp(-step / 15) + 0.3 * each, 4) for step, each in enumerate(noise)]
        made.append(Curve(values, patience, 0.02))
    return made


@dataclass(frozen=True)
class HeldOut:
    """A trial with a rate, and held-out images with labels that get better and some that do not."""

    trial: Trial
    rate: float
    images: torch.Tensor
    better: torch.Tensor
    worse: torch.Tensor


def held_out(student: Student) -> HeldOut:
    """Return data on which the held-out loss falls in every epoch, or else never again.

    The rate is low enough for losses without jumps, and the first of a few trials is taken on which
    that is so by a margin that rounding cannot close. Raises CheckError when there is none.
    """
    for attempt in range(40):
        trial = make_trial(student, f"train {attempt}")
        held = make_trial(student, f"hold out {attempt}")
        rate = round(trial.learning_rate / 2, 4)
        data = HeldOut(trial, rate, held.images, held.labels, (held.labels + 1) % 10)
        _, falling, _ = train_with_plateau(trial, rate, data.images, data.better)
        _, rising, _ = train_with_plateau(trial, rate, data.images, data.worse)
        falls = all(after < 0.999 * before for before, after in pairwise(falling))
        if falls and min(rising[1:]) > 1.001 * rising[0]:
            return data
    raise CheckError("no held-out data on which the plateau rule's answer is beyond doubt")


def train_with_plateau(
    trial: Trial, rate: float, images: torch.Tensor, labels: torch.Tensor
) -> tuple[list[float], list[float], dict[str, torch.Tensor]]:
    """Train with the rule on the held-out loss; return rates, held-out losses, final weights."""
    network = network_of(trial.model)
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    scheduler = ReduceLROnPlateau(optimizer, patience=PATIENCE)
    rates, losses = [], []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        take_steps(network, optimizer, [(trial.images, trial.labels)] * STEPS)
        losses.append(loss_of(network.state_dict(), images, labels))
        scheduler.step(losses[-1])
    return rates, losses, network.state_dict()


@torch.no_grad()
def loss_of(weights: dict[str, torch.Tensor], images: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the mean cross-entropy of a SimpleCNN with these weights."""
    network = lrlab.models.SimpleCNN()
    network.load_state_dict(weights)
    return cross_entropy(network(images), labels).item()
