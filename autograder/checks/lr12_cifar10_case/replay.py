"""A run that the judge breaks off itself, to compare with the one that a student goes on with."""

from dataclasses import dataclass

import torch
from torch import optim
from torch.optim.lr_scheduler import LambdaLR

from autograder.checks.trials import Trial, network_of, take_steps

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


def break_off(trial: Trial, before: int, after: int) -> Break:
    """Make ``before`` steps of SGD with momentum, save, and make ``after`` steps more."""
    network, batch = network_of(trial.model), [(trial.images, trial.labels)]
    optimizer = optim.SGD(network.parameters(), lr=trial.learning_rate, momentum=MOMENTUM)
    schedule = LambdaLR(optimizer, lambda step: DECAY**step)
    for _ in range(before):
        take_steps(network, optimizer, batch)
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
        take_steps(network, optimizer, batch)
        schedule.step()
    return Break(checkpoint, rates, checkpoint["model"], network.state_dict())


def _copied(value: object) -> object:
    """Return plain data with every tensor copied, so that later steps do not change it."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value
