"""Checks for assignment lr01_first_step: what one optimizer step does, and what a rate is.

Choices are compared with the letters below; the tests run what the options claim. Programs are
compared with steps that the judge takes itself, on images, weights and rates of its own.
"""

import math
from functools import partial

import torch

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


def q1_meaning(student: Student) -> list[Part]:
    """One letter: what the rate scales."""
    return choice(
        student,
        "answer_q1",
        1,
        "B",
        {
            "A": "How many images enter one step is the batch size. Read chapter 1, Idea.",
            "B": "Yes: for the same gradient, ten times the rate is ten times the change.",
            "C": "A larger step is not faster learning: it can also overshoot. Read chapter 1, "
            "Mistakes.",
            "D": "The gradient is computed before the optimizer uses the rate. Read chapter 1, Why.",
            "E": "An optimizer does not step after each image, but once a batch. Read chapter 1, "
            "Idea.",
        },
    )


def q2_syntax(student: Student) -> list[Part]:
    """Six lines: which of them set a rate of 0.01."""
    return selection(
        student,
        "answer_q2",
        0.5,
        {"A", "C", "D"},
        {
            "A": "Yes: a float, by name.",
            "B": "This is text, not a number: SGD stops with a TypeError. Try it.",
            "C": "Yes: what counts is the value, and a variable may hold it.",
            "D": "Yes: the second argument of SGD is the rate.",
            "E": "Without a rate SGD takes its default. Print `optimizer.defaults` to see it.",
            "F": "An optimizer wants the model's parameters, not the model. Try it.",
        },
        "One more line belongs here: run each line, then print `optimizer.param_groups[0]['lr']`. "
        "Read chapter 1, Code.",
    )


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
    return choice(
        student,
        "answer_reading",
        1,
        "C",
        {
            "A": "Look at your measured loss factor: the loss before the step did not move with "
            "the rate. Read chapter 1, Measure.",
            "B": "Your change factor is about the size of a step. Neither number says how low the "
            "loss is afterwards. Read chapter 1, Measure.",
            "C": "Yes: the rate enters at the update, after loss and gradient are known.",
            "D": "Both runs had the same weights and the same batch, and so the same gradient. "
            "Read chapter 1, Why.",
        },
    )


def q3_high_rate(student: Student) -> list[Part]:
    """A row of the table, the flat rates, and what a flat loss says."""
    half = choice(
        student,
        "answer_q3_half",
        1,
        "B",
        {
            "A": "Every number in the row of 0.5 is finite. Read chapter 2, See it.",
            "B": "Yes: for this model, batch and optimizer, 0.5 is not too high.",
            "C": "That is what is often said of it; compare the three numbers in its row. Read "
            "chapter 2, Measure.",
            "D": "Compare its first column with its last. Read chapter 2, See it.",
        },
    )
    flat = selection(
        student,
        "answer_q3_flat",
        0.2,
        {0.001, 0.01, 2.0},
        {
            0.001: "Yes: its last column is above 2.",
            0.01: "Yes: the loss has begun to fall, but is still above 2.",
            0.1: "Look at its last column again.",
            0.5: "Look at its last column again.",
            2.0: "Yes: its last column is above 2.",
        },
        "One more rate ends above 2: compare the last column of every row with 2.",
    )
    one_cause = (
        "A very low and a very high rate in your table both end flat, so no single cause holds "
        "for both. Read chapter 2, Idea."
    )
    cause = choice(
        student,
        "answer_q3_cause",
        1,
        "D",
        {
            "A": one_cause,
            "B": one_cause,
            "C": "The same model reaches a low loss at other rates in your table, so it can learn "
            "this. Read chapter 2, Measure.",
            "D": "Yes: opposite causes, one symptom. It takes more evidence.",
        },
    )
    return [*half, *flat, *cause]


def q4_diagnosis(student: Student) -> list[Part]:
    """One letter: why the loss does not move."""
    return choice(
        student,
        "answer_q4",
        1,
        "C",
        {
            "A": "The loss does not move at all. A rate that is too high moves it, and Adam at "
            "0.001 is a common start. Print a weight before and after a step.",
            "B": "Here zero_grad may come after step: what counts is that it lies between two "
            "backward calls. Look for those. Read chapter 1, Bug hunt.",
            "C": "Yes: every gradient stays None, and Adam passes over such parameters.",
            "D": "A constant rate is set once, outside the loop, and that is fine. Read chapter 1, "
            "Code.",
            "E": "An order needs two calls. Print `model.fc2.weight.grad` just before the step: "
            "which call should have filled it? Read chapter 1, Bug hunt.",
        },
    )


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
    return selection(
        student,
        "answer_q5",
        0.5,
        {"A", "C", "E"},
        {
            "A": "Yes: if one batch cannot be learned by heart, look for a bug before a rate.",
            "B": "A loss that stays flat for a good reason stays flat for longer. Find the reason "
            "first. Read chapter 2, Mistakes.",
            "C": "Yes: gradients that are None, zero or NaN point to a bug, not to the rate.",
            "D": "A lower rate is one hypothesis. In question 3 a flat loss had opposite causes. "
            "Read chapter 2, Mistakes.",
            "E": "Yes: a short sweep tells too low from too high.",
            "F": "Without `lr` PyTorch does not search for a rate: it uses a fixed default. Read "
            "chapter 1, Code.",
        },
        "One more step belongs here: which cheap look would tell the hypotheses apart? Read "
        "chapter 2, Mistakes.",
    )


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
