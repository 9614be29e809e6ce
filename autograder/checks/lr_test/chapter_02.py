"""Answers to the questions about chapter 2, rates, curves and sweeps; see ``answers``."""

import math

import torch
from torch.nn.functional import cross_entropy

from autograder.checks.lr_test.answers import Number
from lrlab.history import History
from lrlab.runs.experiment import Run
from lrlab.runs.summary import has_diverged
from lrlab.training import Evaluation


def rate_grid(low: float, high: float, count: int) -> Number:
    """The factor between neighbours on a log grid."""
    grid = torch.logspace(math.log10(low), math.log10(high), count, dtype=torch.float64)
    return (grid[1] / grid[0]).item(), {
        "counted": (high / low) ** (1 / count),
        "even": (high - low) / (count - 1),
        "shared": high / low / (count - 1),
    }


def read_the_curve(losses: list[float]) -> str:
    """What six losses of a run say about its rate."""
    run = Run(0.1, 0, History(loss=losses), Evaluation(losses[-1], 0.0))
    if has_diverged(run):
        return "high"
    return "good" if losses[-1] < 0.5 * losses[0] else "low"


def largest_stable_rate(curvature: float) -> Number:
    """The rate above which gradient descent on a parabola diverges, by bisection."""
    low, high = 0.0, 10.0 / curvature
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        weight = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=middle)
        for _ in range(2):
            weight.grad = curvature * weight.detach()
            optimizer.step()
        low, high = (middle, high) if weight.abs() <= 1 else (low, middle)
    return low, {
        "half": 1 / curvature,
        "upside_down": curvature / 2,
        "product": 2 * curvature,
    }


def where_next(losses: list[float]) -> str:
    """What to do after a sweep: depends on where its best rate lies."""
    best = losses.index(min(losses))
    return {0: "down", len(losses) - 1: "up"}.get(best, "take")


def summed_loss(rate: float, batch_size: int) -> Number:
    """The rate at which a summed loss makes the steps of the mean loss."""
    outputs = torch.linspace(-1, 1, 3 * batch_size, dtype=torch.float64).reshape(batch_size, 3)
    labels = torch.arange(batch_size) % 3
    length = {}
    for reduction in ("mean", "sum"):
        shift = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        cross_entropy(outputs + shift, labels, reduction=reduction).backward()
        length[reduction] = shift.grad.norm().item()
    return rate * length["mean"] / length["sum"], {
        "same": rate,
        "times": rate * batch_size,
        "root": rate / math.sqrt(batch_size),
    }
