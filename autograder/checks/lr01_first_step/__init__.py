"""Checks for assignment lr01_first_step: what one optimizer step does, and what a rate is.

Right options and their sentences are in ``options.yml``; the tests run what the options claim.
Programs are compared with steps that the judge takes itself, on images, weights and rates of its
own.
"""

import math
from functools import partial

import torch

from autograder.checks import messages, options
from autograder.checks.choices import choice, selection, shown
from autograder.checks.lr01_first_step.step_feedback import after_part, before_part, change_parts
from autograder.checks.numbers import TOLERANCE, are_numbers, close, number
from autograder.checks.trials import distance, make_trial, train, training_parts, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed
from autograder.judge.wire import Model
from lrlab.assignments.answers import is_number

OPTIONS = options.load(__file__)
say = messages.load(__file__)


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
    alike = change.norm() > 0 and distance(second_change, change) < TOLERANCE
    return [
        before_part(before, trial),
        *change_parts(change, trial),
        after_part(before, after, trial),
        say.part(1, alike, "one_step.old_gradients"),
    ]


def prediction(student: Student) -> list[Part]:
    """Half a point for each prediction that was made, right or not."""
    no = say("prediction.not_finite")
    return [
        *number(student, "predicted_loss_factor", 0.5, math.isfinite, no),
        *number(student, "predicted_change_factor", 0.5, math.isfinite, no),
    ]


def measurement(student: Student) -> list[Part]:
    """The function on two batches, one point each; the two factors, one point each."""
    lacks = say("measurement.factor")
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
    trial, steps, rate = make_trial(student, "q4_repair"), 6, 0.001
    own = train(trial, torch.optim.Adam, rate, steps)
    reply = student.call("train_repaired", trial.model, trial.images, trial.labels, rate, steps)
    return training_parts(reply, trial, own, 0.02, say, "q4_repair")


def q5_next_steps(student: Student) -> list[Part]:
    """Six next steps: which of them tell causes apart."""
    return selection(student, OPTIONS["answer_q5"], 0.5)


def _change_size(student: Student) -> list[Part]:
    """Check ``change_size`` on two trials, one point each."""
    parts = []
    for purpose in ("small", "large"):
        trial = make_trial(student, f"change_size {purpose}")
        expected = (trial.learning_rate * trial.gradient.norm()).item()
        arguments = (trial.model, trial.images, trial.labels, trial.learning_rate)
        try:
            value = student.call("change_size", *arguments).value
        except StudentFailure as failure:
            parts.append(failed(1, failure))
            continue
        right = is_number(value) and close(value, expected)
        batch = say(f"measurement.{purpose}")
        parts.append(say.part(1, right, "measurement.change_size", batch=batch, value=shown(value)))
    return parts


def _two_numbers(value: object) -> tuple[float, float]:
    """Return the two losses that one_step should return, or raise StudentFailure."""
    if are_numbers(value, 2):
        return float(value[0]), float(value[1])
    raise StudentFailure(say("one_step.no_numbers", value=shown(value)))
