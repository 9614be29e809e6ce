"""Runs under a schedule that the judge makes itself, to compare a student's runs with.

The batches come in the given order and the optimizer is plain SGD, so a run is decided by the
images, the starting weights and the rate of each step. All of them are chosen by the submission's
seed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy

import lrlab.data
import lrlab.models
from autograder.checks import messages
from autograder.checks.choices import shown
from autograder.checks.trials import distance, fresh_model, network_of, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, part
from autograder.judge.wire import Model
from lrlab.assignments.answers import is_number

say = messages.load(__file__)


@dataclass(frozen=True)
class Task:
    """What a training function is called with: (model, images, labels, rate, epochs, batch size)."""

    model: Model
    images: torch.Tensor
    labels: torch.Tensor
    learning_rate: float
    epochs: int
    batch_size: int

    @property
    def arguments(self) -> tuple:
        """The arguments of the student's function, in order."""
        sizes = (self.learning_rate, self.epochs, self.batch_size)
        return (self.model, self.images, self.labels, *sizes)

    @property
    def epoch_steps(self) -> int:
        """Steps in one epoch, the one on the incomplete last batch among them."""
        return math.ceil(len(self.images) / self.batch_size)

    @property
    def steps(self) -> int:
        """Steps in the whole run."""
        return self.epochs * self.epoch_steps


def make_task(student: Student, purpose: str, epochs: int) -> Task:
    """Return a task on test images with three whole batches and an incomplete one."""
    generator = student.generator(purpose)
    batch_size = 20 + 4 * int(torch.randint(4, (), generator=generator))
    count = 3 * batch_size + 7 + int(torch.randint(8, (), generator=generator))
    _, test = lrlab.data.mnist()
    chosen = torch.randint(len(test), (count,), generator=generator)
    rate = round(0.05 + 0.05 * torch.rand((), generator=generator).item(), 4)
    model = fresh_model(generator)
    return Task(model, test.images[chosen], test.labels[chosen], rate, epochs, batch_size)


def train(task: Task, rates: Sequence[float]) -> dict[str, torch.Tensor]:
    """Return the weights after one SGD step at each of ``rates``, the batches in order."""
    network = network_of(task.model)
    parameters = list(network.parameters())
    for step, rate in enumerate(rates):
        start = step % task.epoch_steps * task.batch_size
        batch = slice(start, start + task.batch_size)
        loss = cross_entropy(network(task.images[batch]), task.labels[batch])
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= rate * gradient
    return network.state_dict()


def judge_run(
    task: Task,
    value: object,
    weights: dict[str, torch.Tensor],
    planned: list[float],
    about_rates: Callable[[list[float]], str],
) -> list[Part]:
    """Return three parts of one point: one rate a step, the planned rates, and the weights.

    value: what the student's function returned; weights: of the model after it.
    about_rates: what to say of rates, one a step, that are not the planned ones.
    """
    is_list = isinstance(value, list) and all(map(is_number, value))
    whole = is_list and len(value) == task.steps
    rates = [float(rate) for rate in value] if whole else []
    right = whole and same(rates, planned)
    no = about_rates(rates) if whole and not right else say("run.rates.not_yet")
    change = weight_change(task.model.weights, weights)
    expected = weight_change(task.model.weights, train(task, planned))
    moved = change.norm() > 0
    return [
        _length_part(value, is_list, whole, task),
        part(1, right, say("run.rates.right"), no),
        say.part(
            1,
            moved and distance(change, expected) < 0.01,
            "run.weights",
            wrong="wrong" if moved else "still",
        ),
    ]


def same(rates: Sequence[float], planned: Sequence[float]) -> bool:
    """Return whether two traces have the same length and agree at every step."""
    if len(rates) != len(planned):
        return False
    return all(math.isclose(a, b, rel_tol=1e-4) for a, b in zip(rates, planned, strict=True))


def end_loss(schedule: Callable[[int], float], peak: float) -> float:
    """Return what ``end_loss`` of assignment lr08 measures: the loss after 50 steps of SGD."""
    images, test = lrlab.data.mnist()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = lrlab.models.SimpleCNN()
    parameters = list(network.parameters())
    for step in range(50):
        batch = slice(32 * step, 32 * step + 32)
        loss = cross_entropy(network(images.images[batch]), images.labels[batch])
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= peak * schedule(step) * gradient
    with torch.no_grad():
        return cross_entropy(network(test.images[:1000]), test.labels[:1000]).item()


def _length_part(value: object, is_list: bool, whole: bool, task: Task) -> Part:
    """Return the part for one rate a step."""
    if not is_list:
        return Part(1, 0.0, say("run.length.no_list", value=shown(value)))
    return say.part(
        1,
        whole,
        "run.length",
        count=len(value),
        epochs=task.epochs,
        images=len(task.images),
        batch_size=task.batch_size,
    )
