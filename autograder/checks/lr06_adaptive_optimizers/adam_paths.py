"""The path of weights under Adam, right and with one known mistake, to compare a student's with.

A path is the weights after each step, float64 [steps, weights]. ``torch_path`` is PyTorch's own and
decides what is right; ``adam_path`` is written out, so that a mistake can be put into it: a
student's path that equals one of those is recognised, and told what it lacks.
"""

from dataclasses import dataclass

import torch

from autograder.checks import messages

say = messages.load(__file__)
TOLERANCE = (
    1e-3  # of the path's length: float32 stays below 1e-5, the smallest mistake is above 1e-2
)


@dataclass(frozen=True)
class Course:
    """Weights [n], their gradients [steps, n] and Adam's settings: what a path is computed from."""

    weights: torch.Tensor
    gradients: torch.Tensor
    learning_rate: float
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def arguments(self) -> list:
        """Return what the student's ``adam`` gets."""
        settings = [self.learning_rate, self.beta1, self.beta2, self.epsilon]
        return [self.weights, list(self.gradients), *settings]


def make_course(
    generator: torch.Generator, steps: int = 8, size: float = 1.0, **settings
) -> Course:
    """Return a course of six weights, its gradients of typical ``size`` drawn by ``generator``."""
    weights = torch.randn(6, generator=generator)
    gradients = size * (0.5 + torch.randn(steps, 6, generator=generator))
    rate = round(0.02 + 0.05 * torch.rand((), generator=generator).item(), 4)
    return Course(weights, gradients, rate, **settings)


def torch_path(course: Course, optimizer_class: type = torch.optim.Adam, **options) -> torch.Tensor:
    """Return the path by an optimizer of ``torch.optim``, with the course's settings."""
    parameter = torch.nn.Parameter(course.weights.double())
    options |= {"betas": (course.beta1, course.beta2), "eps": course.epsilon}
    optimizer = optimizer_class([parameter], lr=course.learning_rate, **options)
    path = []
    for gradient in course.gradients.double():
        parameter.grad = gradient.clone()
        optimizer.step()
        path.append(parameter.detach().clone())
    return torch.stack(path)


def adam_path(course: Course, mistake: str = "") -> torch.Tensor:
    """Return Adam's path with one ``mistake``, a key of MISTAKES, or none."""
    beta1, beta2 = course.beta1, course.beta2
    if mistake == "swapped":
        beta1, beta2 = beta2, beta1
    new1, new2 = (1.0, 1.0) if mistake == "sums" else (1 - beta1, 1 - beta2)
    weights, path = course.weights.double(), []
    mean, square = torch.zeros_like(weights), torch.zeros_like(weights)
    for step, gradient in enumerate(course.gradients.double(), start=1):
        if mistake == "forgets":
            mean, square = torch.zeros_like(weights), torch.zeros_like(weights)
        counted = 1 if mistake in ("not counted", "forgets") else step
        mean = beta1 * mean + new1 * gradient
        square = beta2 * square + new2 * gradient**2
        first = mean / (1 if mistake in ("uncorrected", "mean raw") else 1 - beta1**counted)
        second = square / (1 if mistake in ("uncorrected", "square raw") else 1 - beta2**counted)
        root = second if mistake == "no root" else second.sqrt()
        below = (second + course.epsilon).sqrt() if mistake == "inside" else root + course.epsilon
        sign = -1 if mistake == "uphill" else 1
        weights = weights - sign * course.learning_rate * first / below
        path.append(weights)
    return torch.stack(path)


MISTAKES = say.group("adam.mistakes")  # what a path with each of them lacks


def agrees(path: torch.Tensor, expected: torch.Tensor, start: torch.Tensor) -> bool:
    """Return whether two paths from ``start`` agree to TOLERANCE of the way that one goes."""
    way = (expected - start).norm()
    return bool((path - expected).norm() <= TOLERANCE * way)  # NaN agrees with nothing


def what_it_lacks(path: torch.Tensor, course: Course) -> str:
    """Return the sentence for a path that is wrong."""
    start = course.weights.double()
    for mistake, sentence in MISTAKES.items():
        if agrees(path, adam_path(course, mistake), start):
            return sentence
    if not path.isfinite().all():
        return say("adam.not_finite")
    if len(path) > 1 and bool((path == path[0]).all()):
        return say("adam.one_state")
    return say("adam.other")
