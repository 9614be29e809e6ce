"""Checks for assignment lr01_first_step: what one optimizer step does, and what a rate is.

Right options and their sentences are in ``options.yml``; the tests run what the options claim.
Programs are compared with steps that the judge takes itself, on images, weights and rates of its
own.
"""

import math
from functools import partial

import torch

from autograder.checks import options
from autograder.checks.choices import choice, selection, shown
from autograder.checks.lr01_first_step.step_feedback import (
    about_loss,
    about_loss_after,
    judge_change,
)
from autograder.checks.numbers import TOLERANCE, close, is_number, number
from autograder.checks.trials import distance, make_trial, train_with_adam, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part
from autograder.judge.wire import Model

OPTIONS = options.load(__file__)


def q1_meaning(student: Student) -> list[Part]:
    """One letter: what the rate scales."""
    return choice(student, OPTIONS["answer_q1"], 1)


def q2_syntax(student: Student) -> list[Part]:
    """Six lines: which of them set a rate of 0.01."""
    return selection(student, OPTIONS["answer_q2"], 0.5)


def one_step(student: Student) -> list[Part]:
    """One step on a batch of ours, and once more with old gradients in the model."""
    trial = make_trial(student, "one_step")
    reply = student.call("one_step", trial.model, trial.images, trial.labels, trial.learning_rate)
    before, after = _two_numbers(reply.value)
    change = weight_change(trial.model.weights, reply.weights[0])
    stale = {name: torch.ones_like(each) * 0.01 for name, each in trial.model.weights.items()}
    model = Model("SimpleCNN", trial.model.weights, stale)
    second = student.call("one_step", model, trial.images, trial.labels, trial.learning_rate)
    second_change = weight_change(trial.model.weights, second.weights[0])
    return [
        part(
            1,
            close(before, trial.loss_before),
            "The loss before the step is right.",
            about_loss("before", before, trial.loss_before),
        ),
        *judge_change(change, trial),
        part(
            1,
            close(after, trial.loss_after),
            "The loss after the step is right.",
            about_loss_after(before, after, trial),
        ),
        part(
            1,
            change.norm() > 0 and distance(second_change, change) < TOLERANCE,
            "Old gradients do not disturb the step.",
            "We called one_step with a model whose `.grad` still held old gradients, and the step "
            "was not the same as without them. Read chapter 1, Code: what comes before backward?",
        ),
    ]


def prediction(student: Student) -> list[Part]:
    """Half a point for each prediction that was made, right or not."""
    return [
        each
        for name in ("predicted_loss_factor", "predicted_change_factor")
        for each in number(student, name, 0.5, math.isfinite, "It should be a finite number.")
    ]


def measurement(student: Student) -> list[Part]:
    """The function on two batches, one point each; the two factors, one point each."""
    lacks = (
        "That is not what this measurement gives: both rates need a fresh model with the same "
        "weights, and the same batch; then divide the value at 0.1 by the value at 0.01. Read "
        "chapter 1, Measure."
    )
    exact = 1e-4  # the same weights, the same batch: only rounding; weights carried over give 6e-4
    factors = {"measured_loss_factor": 1.0, "measured_change_factor": 10.0}
    parts = _change_size(student)
    for name, factor in factors.items():
        right = partial(math.isclose, factor, rel_tol=exact)
        parts += number(student, name, 1, right, lacks)
    return parts


def reading(student: Student) -> list[Part]:
    """One letter: what the two factors support."""
    return choice(student, OPTIONS["answer_reading"], 1)


def q3_high_rate(student: Student) -> list[Part]:
    """A row of the table, the flat rates, and what a flat loss says."""
    half = choice(student, OPTIONS["answer_q3_half"], 1)
    flat = selection(student, OPTIONS["answer_q3_flat"], 0.2)
    cause = choice(student, OPTIONS["answer_q3_cause"], 1)
    return [*half, *flat, *cause]


def q4_diagnosis(student: Student) -> list[Part]:
    """One letter: why the loss does not move."""
    return choice(student, OPTIONS["answer_q4"], 1)


def q4_repair(student: Student) -> list[Part]:
    """A few Adam steps on a batch of ours: losses, movement, final weights."""
    trial, steps = make_trial(student, "q4_repair"), 6
    rate = 0.001
    losses, weights = train_with_adam(trial, rate, steps)
    reply = student.call("train_repaired", trial.model, trial.images, trial.labels, rate, steps)
    theirs = reply.value
    is_list = isinstance(theirs, list) and len(theirs) == steps and all(map(is_number, theirs))
    change = weight_change(trial.model.weights, reply.weights[0])
    expected = weight_change(trial.model.weights, weights)
    falls = is_list and float(theirs[-1]) < float(theirs[0]) and change.norm() > 0
    return [
        part(
            1,
            is_list and close(theirs[0], losses[0]),
            "It returns one loss a step, the first of them before any update.",
            f"It returned {shown(theirs)} for {steps} steps; it should return a list with one "
            "number a step, the first of them the loss before any update.",
        ),
        part(
            1,
            falls,
            "The weights change and the loss falls.",
            "The weights did not change: print a gradient just before the step."
            if change.norm() == 0
            else "The weights changed, but the losses that it returned do not fall.",
        ),
        part(
            1,
            change.norm() > 0 and distance(change, expected) < 0.02,
            "Every step uses the gradient of its own loss.",
            "After some steps the weights are not where Adam takes them with one backward pass a "
            "step, each from cleared gradients. Read chapter 1, Bug hunt.",
        ),
    ]


def q5_next_steps(student: Student) -> list[Part]:
    """Six next steps: which of them tell causes apart."""
    return selection(student, OPTIONS["answer_q5"], 0.5)


def _change_size(student: Student) -> list[Part]:
    """Check ``change_size`` on two trials, one point each."""
    parts = []
    for purpose, what in (("small", "one batch"), ("large", "another batch, model and rate")):
        trial = make_trial(student, f"change_size {purpose}")
        expected = (trial.learning_rate * trial.gradient.norm()).item()
        arguments = (trial.model, trial.images, trial.labels, trial.learning_rate)
        try:
            value = student.call("change_size", *arguments).value
        except StudentFailure as failure:
            parts.append(failed(1, failure))
            continue
        yes = f"change_size is right on {what}."
        no = (
            f"On {what} change_size returned {shown(value)}, which is not the length of the vector "
            "of all weight changes in one step: the root of the sum of all squared changes. Read "
            "chapter 1, Measure."
        )
        parts.append(part(1, is_number(value) and close(value, expected), yes, no))
    return parts


def _two_numbers(value: object) -> tuple[float, float]:
    """Return the two losses that one_step should return, or raise StudentFailure."""
    if isinstance(value, list) and len(value) == 2 and all(map(is_number, value)):
        return float(value[0]), float(value[1])
    raise StudentFailure(
        f"`one_step` returned {shown(value)}; it should return two numbers, the loss before the "
        "step and the loss after it"
    )
