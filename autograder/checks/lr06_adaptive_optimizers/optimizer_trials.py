"""Steps and epochs that the judge takes with a named optimizer, to compare a student's with."""

from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy

import lrlab.data
from autograder.checks.trials import (
    BATCH_SIZE,
    Trial,
    make_trial,
    network_of,
    take_steps,
    weight_change,
)
from autograder.judge.student import Student
from autograder.judge.wire import Model


@dataclass(frozen=True)
class EpochTrial:
    """A model and a few batches of test images, the images in one fixed order."""

    images: torch.Tensor
    labels: torch.Tensor
    model: Model


def make_epoch_trial(student: Student, purpose: str, batches: int) -> EpochTrial:
    """Return a trial of ``batches`` batches, its choices made by the submission's seed."""
    _, test = lrlab.data.mnist()
    generator = student.generator(f"{purpose} images")
    chosen = torch.randint(len(test), (batches * BATCH_SIZE,), generator=generator)
    model = make_trial(student, purpose).model
    return EpochTrial(test.images[chosen], test.labels[chosen], model)


def train_epochs(trial: EpochTrial, rate: float, epochs: int) -> tuple[list[float], dict]:
    """Train with one Adam; return the loss before each step, and the weights at the end."""
    network = network_of(trial.model)
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    batches = list(zip(trial.images.split(BATCH_SIZE), trial.labels.split(BATCH_SIZE), strict=True))
    return take_steps(network, optimizer, batches * epochs), network.state_dict()


def length_of_change(trial: Trial, optimizer_name: str, factor: float) -> float:
    """Return how far one step moves all weights, on the trial's loss times ``factor``."""
    network = network_of(trial.model)
    optimizer_class = getattr(torch.optim, optimizer_name)
    optimizer = optimizer_class(network.parameters(), lr=trial.learning_rate)
    (factor * cross_entropy(network(trial.images), trial.labels)).backward()
    optimizer.step()
    return weight_change(trial.model.weights, network.state_dict()).norm().item()
