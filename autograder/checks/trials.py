"""Steps that the judge takes itself, to compare a student's step with.

A ``Trial`` is one batch of test images, one model and one learning rate, all chosen by the
submission's seed, with the gradient and the losses that belong to them. ``train`` goes on from it,
and ``training_parts`` judges a student's training beside that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy

import lrlab.data
import lrlab.models
from autograder.checks.choices import shown
from autograder.checks.messages import Messages
from autograder.checks.numbers import are_numbers, close
from autograder.judge.student import Reply, Student
from autograder.judge.verdict import Part
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
    model = fresh_model(generator)
    network = network_of(model)
    loss = cross_entropy(network(images), labels)
    gradients = torch.autograd.grad(loss, list(network.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(network.parameters(), gradients, strict=True):
            parameter -= rate * gradient
        after = cross_entropy(network(images), labels).item()
    gradient = torch.cat([each.flatten() for each in gradients]).double()
    return Trial(images, labels, model, rate, gradient, loss.item(), after)


def fresh_model(generator: torch.Generator) -> Model:
    """Return a SimpleCNN with new weights, chosen by ``generator``."""
    with torch.random.fork_rng():
        torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
        network = lrlab.models.SimpleCNN()
    weights = {name: each.detach().clone() for name, each in network.state_dict().items()}
    return Model("SimpleCNN", weights)


def network_of(model: Model) -> torch.nn.Module:
    """Return a network of the judge's own with the weights of ``model``."""
    network = getattr(lrlab.models, model.class_name)()
    network.load_state_dict(model.weights)
    return network


def take_steps(
    network: torch.nn.Module, optimizer: torch.optim.Optimizer, batches: Iterable[tuple]
) -> list[float]:
    """Take one step for each (images, labels); return the loss before each step."""
    losses = []
    for images, labels in batches:
        loss = cross_entropy(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train(trial: Trial, optimizer_class: type, rate: float, steps: int) -> tuple[list[float], dict]:
    """Return the loss before each step, and the weights after the last one."""
    network = network_of(trial.model)
    optimizer = optimizer_class(network.parameters(), lr=rate)
    losses = take_steps(network, optimizer, [(trial.images, trial.labels)] * steps)
    return losses, network.state_dict()


def training_parts(
    reply: Reply,
    trial: Trial,
    own: tuple[list[float], dict],
    tolerance: float,
    say: Messages,
    name: str,
) -> list[Part]:
    """Return three parts of one point: the losses that were returned, the fall, the final weights.

    own: what ``train`` gives for the same. tolerance: how far off the change of the weights may be,
    as a part of its length. say: has the sentences, in the group ``name``.
    """
    theirs, (losses, weights) = reply.value, own
    whole = are_numbers(theirs, len(losses))
    change = weight_change(trial.model.weights, reply.weights[0])
    right = whole and close(theirs[0], losses[0])
    moved = change.norm() > 0
    falls = whole and float(theirs[-1]) < float(theirs[0])
    near = distance(change, weight_change(trial.model.weights, weights)) < tolerance
    wrong = "still" if change.norm() == 0 else "wrong"
    return [
        say.part(1, right, f"{name}.losses", value=shown(theirs), steps=len(losses)),
        say.part(1, moved and falls, f"{name}.moves", wrong=wrong),
        say.part(1, moved and near, f"{name}.gradient"),
    ]


def weight_change(before: dict, after: dict) -> torch.Tensor:
    """Return the change of all weights as one vector, float64 [72820]."""
    differences = [(after[name].double() - before[name].double()).flatten() for name in before]
    return torch.cat(differences)


def distance(vector: torch.Tensor, expected: torch.Tensor) -> float:
    """Return how far ``vector`` is from ``expected``, as a part of the latter's length."""
    return ((vector - expected).norm() / expected.norm()).item()
