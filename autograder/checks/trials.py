"""Steps that the judge takes itself, to compare a student's step with.

A ``Trial`` is one batch of test images, one model and one learning rate, all chosen by the
submission's seed, with the gradient and the losses that belong to them.
"""

from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy

import lrlab.data
import lrlab.models
from autograder.judge.student import Student
from autograder.judge.wire import Model

BATCH_SIZE = 64


@dataclass(frozen=True)
class Trial:
    """One batch, one model, one rate, and what one SGD step does to them."""

    images: torch.Tensor
    labels: torch.Tensor
    model: Model
    learning_rate: float
    gradient: torch.Tensor
    loss_before: float
    loss_after: float


def make_trial(student: Student, purpose: str) -> Trial:
    """Return a trial on test images, its choices made by the submission's seed."""
    generator = student.generator(purpose)
    _, test = lrlab.data.mnist()
    chosen = torch.randint(len(test), (BATCH_SIZE,), generator=generator)
    images, labels = test.images[chosen], test.labels[chosen]
    rate = round(0.05 + 0.1 * torch.rand((), generator=generator).item(), 4)
    with torch.random.fork_rng():
        torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
        network = lrlab.models.SimpleCNN()
    weights = {name: each.detach().clone() for name, each in network.state_dict().items()}
    loss = cross_entropy(network(images), labels)
    gradients = torch.autograd.grad(loss, list(network.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(network.parameters(), gradients, strict=True):
            parameter -= rate * gradient
        after = cross_entropy(network(images), labels).item()
    gradient = torch.cat([each.flatten() for each in gradients]).double()
    model = Model("SimpleCNN", weights)
    return Trial(images, labels, model, rate, gradient, loss.item(), after)


def train_with_adam(trial: Trial, rate: float, steps: int) -> tuple[list[float], dict]:
    """Return the loss before each step, and the weights after the last one."""
    network = lrlab.models.SimpleCNN()
    network.load_state_dict(trial.model.weights)
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = cross_entropy(network(trial.images), trial.labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, network.state_dict()


def weight_change(before: dict, after: dict) -> torch.Tensor:
    """Return the change of all weights as one vector, float64 [72820]."""
    differences = [(after[name].double() - before[name].double()).flatten() for name in before]
    return torch.cat(differences)


def distance(vector: torch.Tensor, expected: torch.Tensor) -> float:
    """Return how far ``vector`` is from ``expected``, as a part of the latter's length."""
    return ((vector - expected).norm() / expected.norm()).item()
