"""Answers about single steps, sweeps and optimizers (chapters 1, 2 and 6), computed by PyTorch.

One function a question of the bank, named like it. It takes the numbers that were drawn. It returns
the name of the right option, or a number with the values that known mistakes lead to.
"""

import math

import torch
from torch.nn.functional import cross_entropy

from lrlab.history import History
from lrlab.runs.experiment import Run
from lrlab.runs.summary import has_diverged
from lrlab.training import Evaluation

Number = tuple[float, dict[str, float]]


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
    return _only(differ)


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
    return _only(ready)


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


def first_change(optimizer: str, weight: float, gradient: float, **settings: float) -> float:
    """Return by how much the first step of a torch optimizer changes a weight."""
    parameter = torch.tensor([weight], dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor([gradient], dtype=torch.float64)
    getattr(torch.optim, optimizer)([parameter], **settings).step()
    return parameter.item() - weight


def _optimizer(name: str, **settings: float) -> torch.optim.Optimizer:
    return getattr(torch.optim, name)([torch.nn.Parameter(torch.zeros(1))], **settings)


def _equal(one: object, other: object) -> bool:
    return torch.equal(torch.as_tensor(one), torch.as_tensor(other))


def _only(names: list[str]) -> str:
    """Return the one name there is: a question with none or several right options is wrong."""
    (name,) = names
    return name
