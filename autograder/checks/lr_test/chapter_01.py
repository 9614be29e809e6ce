"""Answers to the questions about chapter 1, single steps; see ``answers``."""

import math

import torch
from torch.nn.functional import cross_entropy

from autograder.checks.lr_test.answers import Number, first_change, only


def step_by_hand(weight: float, gradient: float, rate: float) -> Number:
    """The weight after one SGD step."""
    right = weight + first_change("SGD", weight, gradient, lr=rate)
    return right, {
        "uphill": weight + rate * gradient,
        "no_rate": weight - gradient,
        "change_only": rate * gradient,
    }


def what_the_rate_changes(low: float, high: float) -> str:
    """What differs between one step at ``low`` and one at ``high``."""
    seen = []
    for rate in (low, high):
        images = torch.tensor([[1.0, 2.0], [0.5, -1.0], [0.3, 0.1]], dtype=torch.float64)
        weights = torch.tensor([[0.3, -0.2], [0.1, 0.4]], dtype=torch.float64, requires_grad=True)
        before = weights.detach().clone()
        loss = cross_entropy(images @ weights, torch.tensor([0, 1, 0]))
        loss.backward()
        gradient = weights.grad.clone()
        torch.optim.SGD([weights], lr=rate).step()
        change = weights.detach() - before
        seen.append({"loss": loss, "gradient": gradient, "change": change, "images": len(images)})
    differ = [name for name in seen[0] if not _equal(seen[0][name], seen[1][name])]
    return only(differ)


def length_of_the_step(first: float, second: float, length: float) -> Number:
    """The length of a step at another rate, from the same gradient."""
    gradient = torch.tensor([0.6, 0.8], dtype=torch.float64) * length / first
    weights = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    weights.grad = gradient
    torch.optim.SGD([weights], lr=second).step()
    return weights.detach().norm().item(), {
        "same": length,
        "inverse": length * first / second,
        "added": length + second - first,
    }


def loss_of_guessing(classes: int) -> Number:
    """The cross-entropy of equal outputs."""
    right = cross_entropy(torch.zeros(1, classes, dtype=torch.float64), torch.tensor([0])).item()
    return right, {
        "base_two": math.log2(classes),
        "base_ten": math.log10(classes),
        "error": 1 - 1 / classes,
    }


def adam_first_step(gradient: float, rate: float) -> Number:
    """The first change that Adam makes."""
    right = first_change("Adam", 1.0, gradient, lr=rate)
    return right, {
        "sgd": first_change("SGD", 1.0, gradient, lr=rate),
        "uphill": -right,
        "rmsprop": first_change("RMSprop", 1.0, gradient, lr=rate),
    }


def _equal(one: object, other: object) -> bool:
    return torch.equal(torch.as_tensor(one), torch.as_tensor(other))
