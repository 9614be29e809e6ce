"""Whole runs that the judge makes itself, to compare a student's run with.

``train_with_sgd`` is a few steps on one batch. ``break_off`` is a longer run that is broken off:
it gives the checkpoint to go on from, and where the same run ends without a break.
"""

from dataclasses import dataclass

import torch
from torch import optim
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import LambdaLR

from autograder.checks.trials import Trial
from lrlab.models import SimpleCNN

DECAY = 0.9  # the schedule of the assignment: every step multiplies the rate by it
MOMENTUM = 0.9


@dataclass(frozen=True)
class Break:
    """A run that stopped: its checkpoint, and the rates and weights of the steps after it.

    saved is how the weights were at the break; ended is how they are after the last step.
    """

    checkpoint: dict
    rates: list[float]
    saved: dict[str, torch.Tensor]
    ended: dict[str, torch.Tensor]


def train_with_sgd(trial: Trial, rate: float, steps: int) -> tuple[list[float], dict]:
    """Return the loss before each step, and the weights after the last one."""
    network = _network(trial)
    optimizer = optim.SGD(network.parameters(), lr=rate)
    losses = [_step(network, optimizer, trial) for _ in range(steps)]
    return losses, network.state_dict()


def break_off(trial: Trial, before: int, after: int) -> Break:
    """Make ``before`` steps of SGD with momentum, save, and make ``after`` steps more."""
    network = _network(trial)
    optimizer = optim.SGD(network.parameters(), lr=trial.learning_rate, momentum=MOMENTUM)
    schedule = LambdaLR(optimizer, lambda step: DECAY**step)
    for _ in range(before):
        _step(network, optimizer, trial)
        schedule.step()
    checkpoint = _copied(
        {
            "model": dict(network.state_dict()),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "learning_rate": trial.learning_rate,
        }
    )
    rates = []
    for _ in range(after):
        rates.append(optimizer.param_groups[0]["lr"])
        _step(network, optimizer, trial)
        schedule.step()
    return Break(checkpoint, rates, checkpoint["model"], network.state_dict())


def _network(trial: Trial) -> SimpleCNN:
    network = SimpleCNN()
    network.load_state_dict(trial.model.weights)
    return network


def _step(network: SimpleCNN, optimizer: optim.Optimizer, trial: Trial) -> float:
    loss = cross_entropy(network(trial.images), trial.labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def _copied(value: object) -> object:
    """Return plain data with every tensor copied, so that later steps do not change it."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value
