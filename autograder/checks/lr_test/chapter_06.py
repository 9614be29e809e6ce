"""Answers to the questions about chapter 6, adaptive optimizers; see ``answers``."""

import torch

from autograder.checks.lr_test.answers import Number, first_change, only


def default_rate(optimizer: str) -> Number:
    """The rate of an optimizer that was given none."""
    right = _optimizer(optimizer).param_groups[0]["lr"]
    return right, {"other": 0.01 if right < 0.005 else 0.001, "tenth": 0.1, "folklore": 0.0003}


def optimizer_line(optimizer: str, rate: float) -> str:
    """The line that makes an optimizer with this rate: each is run."""
    model = torch.nn.Linear(2, 2)
    lines = {
        "by_name": lambda make: make(model.parameters(), lr=rate),
        "text": lambda make: make(model.parameters(), lr=f"{rate:g}"),
        "model": lambda make: make(model, lr=rate),
        "no_rate": lambda make: make(model.parameters()),
    }
    ready = []
    for name, line in lines.items():
        try:
            made = line(getattr(torch.optim, optimizer))
        except TypeError:
            continue
        if made.param_groups[0]["lr"] == rate:
            ready.append(name)
    return only(ready)


def matching_rate(rate: float, momentum: float) -> Number:
    """The rate with momentum whose long-run step is that of plain SGD at ``rate``."""
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0, momentum=momentum)
    for _ in range(1000):
        weight.grad = torch.ones(1, dtype=torch.float64)
        before = weight.detach().clone()
        optimizer.step()
    longer = (before - weight.detach()).item()  # than the step of plain SGD at a rate of 1
    return rate / longer, {
        "same": rate,
        "inverse": rate * longer,
        "times": rate * momentum,
    }


def first_rmsprop_step(gradient: float, rate: float) -> Number:
    """The length of RMSprop's first step."""
    right = -first_change("RMSprop", 1.0, gradient, lr=rate)
    return right, {"adam": rate, "sgd": rate * gradient, "inverse": rate / 10}


def decay_step(optimizer: str, weight: float, rate: float, decay: float) -> Number:
    """The first change by weight decay alone."""
    settings = {"lr": rate, "weight_decay": decay}
    other = {"Adam": "AdamW", "AdamW": "Adam"}[optimizer]
    return first_change(optimizer, weight, 0.0, **settings), {
        "other": first_change(other, weight, 0.0, **settings),
        "no_rate": -decay * weight,
        "none": 0.0,
    }


def _optimizer(name: str, **settings: float) -> torch.optim.Optimizer:
    return getattr(torch.optim, name)([torch.nn.Parameter(torch.zeros(1))], **settings)
