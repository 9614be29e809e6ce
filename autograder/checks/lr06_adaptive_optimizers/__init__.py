"""Checks for assignment lr06_adaptive_optimizers: what an optimizer makes of a rate.

Which options are right stands in ``options.yml``; the tests run what the options claim. Programs
are compared with PyTorch's own optimizers, on weights, gradients, images and rates of the judge.
"""

import math

import torch

from autograder.checks import messages, options
from autograder.checks.choices import choice, selection, shown
from autograder.checks.lr06_adaptive_optimizers.adam_parts import path_part, states_part, weights_of
from autograder.checks.lr06_adaptive_optimizers.adam_paths import Course, agrees, make_course
from autograder.checks.lr06_adaptive_optimizers.decay_feedback import about_decay, decayed
from autograder.checks.lr06_adaptive_optimizers.optimizer_trials import (
    length_of_change,
    make_epoch_trial,
    train_epochs,
)
from autograder.checks.numbers import are_numbers, close, number
from autograder.checks.trials import distance, make_trial, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part
from lrlab.assignments.answers import is_number

OPTIONS = options.load(__file__)
say = messages.load(__file__)


def q1_table(student: Student) -> list[Part]:
    """Six runs: which of them end low; and what one rate for two optimizers shows."""
    return [
        *selection(student, OPTIONS["answer_q1_runs"], 0.5),
        *choice(student, OPTIONS["answer_q1_report"], 1),
    ]


def measurement(student: Student) -> list[Part]:
    """The function on two trials, one point each; three factors."""
    lacks = say("measurement.factor")
    return [
        *_first_change(student, "SGD", 3.0),
        *_first_change(student, "Adam", 40.0),
        *number(student, "sgd_factor", 0.5, lambda v: math.isclose(v, 100, rel_tol=1e-3), lacks),
        *number(student, "adam_factor", 0.5, lambda v: math.isclose(v, 1, rel_tol=5e-3), lacks),
        *number(
            student, "rmsprop_over_adam", 1, lambda v: math.isclose(v, 10, rel_tol=0.01), lacks
        ),
    ]


def adam(student: Student) -> list[Part]:
    """The path on courses of the judge: five properties, one point each."""
    first = make_course(student.generator("adam first"), steps=1)
    later = make_course(student.generator("adam later"), steps=12)
    betas = make_course(student.generator("adam betas"), beta1=0.6, beta2=0.9)
    blunt = make_course(student.generator("adam epsilon"), size=0.01, epsilon=0.01)
    return [
        path_part(student, first, "first"),
        path_part(student, later, "later"),
        path_part(student, betas, "betas"),
        path_part(student, blunt, "epsilon"),
        states_part(student),
    ]


def decay_diagnosis(student: Student) -> list[Part]:
    """One letter: why the decay depends on the gradients."""
    return choice(student, OPTIONS["answer_decay"], 1)


def decay_repair(student: Student) -> list[Part]:
    """Adam without decay, pure decay, and both together on gradients of very different sizes."""
    generator = student.generator("decay")
    sizes = torch.tensor([30.0, 3.0, 0.3, 0.03])
    gradients = sizes * (0.3 + torch.randn(15, 4, generator=generator))
    weights = 1 + torch.rand(4, generator=generator)
    rate = round(0.02 + 0.02 * torch.rand((), generator=generator).item(), 4)
    course = Course(weights, gradients, rate)
    still = Course(weights, torch.zeros_like(gradients), rate)
    parts = []
    for given, decay, name in (
        (course, 0.0, "no_decay"),
        (still, 0.7, "no_gradients"),
        (course, 0.7, "both"),
    ):
        arguments = (given.weights, list(given.gradients), rate, decay)
        try:
            end = weights_of(
                student.call("decay_repaired", *arguments).value, (4,), "decay_repaired"
            )
        except StudentFailure as failure:
            parts.append(failed(1, failure))
            continue
        start = given.weights.double()
        right = any(agrees(end, wanted, start) for wanted in decayed(given, decay))
        yes = say(f"decay_repair.right.{name}")
        parts.append(part(1, right, yes, about_decay(end, given, decay)))
    return parts


def forgetful_diagnosis(student: Student) -> list[Part]:
    """One letter: why the first step of each epoch is the longest."""
    return choice(student, OPTIONS["answer_forgetful"], 1)


def forgetful_repair(student: Student) -> list[Part]:
    """Three epochs of three batches: losses, the first epoch, the later ones."""
    epochs, rate = 3, 0.002
    trial = make_epoch_trial(student, "forgetful_repair", batches=3)
    losses, weights = train_epochs(trial, rate, epochs)
    arguments = (trial.model, trial.images, trial.labels, rate)
    reply = student.call("train_repaired", *arguments, epochs)
    theirs = reply.value
    right_form = are_numbers(theirs, len(losses)) and close(theirs[0], losses[0])
    once = student.call("train_repaired", *arguments, 1)
    _, after_one = train_epochs(trial, rate, 1)
    before = trial.model.weights
    first = distance(weight_change(before, once.weights[0]), weight_change(before, after_one))
    later = distance(weight_change(before, reply.weights[0]), weight_change(before, weights))
    return [
        say.part(1, right_form, "forgetful_repair.losses", epochs=epochs, value=shown(theirs)),
        say.part(1, first < 0.02, "forgetful_repair.first_epoch", gap=first),
        say.part(
            1,
            first < 0.02 and later < 0.02,
            "forgetful_repair.later_epochs",
            wrong="wrong" if first < 0.02 else "not_yet",
        ),
    ]


def _first_change(student: Student, name: str, factor: float) -> list[Part]:
    """Check ``first_change`` with one optimizer on a trial, for one point."""
    trial = make_trial(student, f"first_change {name}")
    expected = length_of_change(trial, name, factor)
    plain = length_of_change(trial, "SGD", 1.0)  # what neither the name nor the factor changes
    arguments = (trial.model, trial.images, trial.labels, name, trial.learning_rate, factor)
    try:
        value = student.call("first_change", *arguments).value
    except StudentFailure as failure:
        return [failed(1, failure)]
    if name == "SGD" and is_number(value) and close(value, plain):
        wrong = "plain_loss"
    elif name != "SGD" and is_number(value) and close(value, factor * plain):
        wrong = "plain_sgd"
    else:
        wrong = "wrong"
    right = is_number(value) and close(value, expected)
    return [
        say.part(
            1,
            right,
            "measurement.change",
            wrong=wrong,
            optimizer=name,
            factor=factor,
            value=shown(value),
        )
    ]
