"""Checks for assignment lr00_trial, which only the hostile suite knows; copied into its course."""

import torch

from autograder.checks.choices import choice
from autograder.checks.numbers import close, number
from autograder.checks.options import Options
from autograder.judge.student import Student
from autograder.judge.verdict import Part, part
from autograder.judge.wire import Model
from lrlab.models import SimpleCNN

CANARY = "CANARY-of-the-checks"
RATE = 0.4187


def q_number(student: Student) -> list[Part]:
    """One number that nobody guesses."""
    return number(student, "answer_rate", 1, lambda value: close(value, RATE), "It is another.")


def q_choice(student: Student) -> list[Part]:
    """One letter of four."""
    feedback = {"A": "Not this one.", "B": "Nor this one.", "C": "Yes.", "D": "Think again."}
    return choice(student, Options("answer_letter", frozenset("C"), feedback), 1)


def q_function(student: Student) -> list[Part]:
    """A function of two tensors, on numbers that are drawn at grading time: one point a call."""
    numbers = student.generator("q_function")
    parts = []
    for size in (3, 40):
        weights, gradient = torch.randn(2, size, generator=numbers)
        rate = float(torch.rand(1, generator=numbers))
        moved = student.call("moved", weights, gradient, rate).value
        right = isinstance(moved, torch.Tensor) and moved.shape == weights.shape
        right = right and bool(torch.allclose(moved.float(), weights - rate * gradient, atol=1e-5))
        parts.append(part(1, right, "`moved` is right.", "`moved` gives other numbers."))
    return parts


def q_step(student: Student) -> list[Part]:
    """A model whose weights the student's function moves."""
    numbers = student.generator("q_step")
    shapes = {name: each.shape for name, each in SimpleCNN().state_dict().items()}
    weights = {name: torch.randn(shape, generator=numbers) for name, shape in shapes.items()}
    gradients = {name: torch.randn(shape, generator=numbers) for name, shape in shapes.items()}
    reply = student.call("one_step", Model("SimpleCNN", weights, gradients), 0.25)
    right = all(
        torch.allclose(after, weights[name] - 0.25 * gradients[name], atol=1e-5)
        for name, after in reply.weights[0].items()
    )
    return [part(2, right, "`one_step` is right.", "`one_step` leaves other weights.")]
