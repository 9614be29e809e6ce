"""Checks for assignment lr12_cifar10_case: reading the case, two bug hunts, and the lab.

Repaired programs are compared with runs that the judge makes itself, from weights, batches and
checkpoints of its own. Recipes are trained by the judge; ``lrlab.assignments.lab`` holds the
published scale.
"""

import math

import torch

from autograder.checks import messages, options
from autograder.checks.choices import choice, selection, shown
from autograder.checks.lr12_cifar10_case.recipes import level_part, reached, trained
from autograder.checks.lr12_cifar10_case.replay import break_off
from autograder.checks.numbers import TOLERANCE, are_numbers, close, number
from autograder.checks.trials import distance, make_trial, train, training_parts, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure
from lrlab.assignments import lab

OPTIONS = options.load(__file__)
say = messages.load(__file__)
LOWEST_EPOCH = 15  # of the validation losses in the notebook; a test compares it with the record


def q1_case(student: Student) -> list[Part]:
    """The epoch of the lowest loss, what follows it, and what the numbers support."""
    return [
        *number(
            student, "answer_q1_epoch", 1, lambda value: value == LOWEST_EPOCH, say("q1_case.epoch")
        ),
        *choice(student, OPTIONS["answer_q1_cause"], 1),
        *selection(student, OPTIONS["answer_q1_supported"], 0.5),
    ]


def q2_diagnosis(student: Student) -> list[Part]:
    """One letter: where the first rate after the break comes from."""
    return choice(student, OPTIONS["answer_q2"], 1)


def q2_repair(student: Student) -> list[Part]:
    """A run of ours is broken off; the student's program goes on from the checkpoint."""
    trial, fresh = make_trial(student, "q2_repair"), make_trial(student, "q2_repair fresh")
    before = int(torch.randint(4, 9, (), generator=student.generator("q2_repair before")))
    steps = 5
    ours = break_off(trial, before, after=steps)
    arguments = (ours.checkpoint, trial.images, trial.labels, steps)
    reply = student.call("resume_repaired", fresh.model, *arguments)
    theirs = reply.value
    if not are_numbers(theirs, steps):
        raise StudentFailure(say("q2_repair.no_rates", value=shown(theirs), steps=steps))
    rates = [float(rate) for rate in theirs]
    right = [close(rate, expected) for rate, expected in zip(rates, ours.rates, strict=True)]
    change = weight_change(ours.saved, reply.weights[0])
    expected = weight_change(ours.saved, ours.ended)
    later = shown([round(rate, 5) for rate in rates[1:]])
    return [
        say.part(
            1, right[0], "q2_repair.first_rate", rate=rates[0], times=rates[0] / ours.rates[0]
        ),
        say.part(1, all(right[1:]), "q2_repair.later_rates", rates=later),
        say.part(1, distance(change, expected) < TOLERANCE, "q2_repair.weights"),
    ]


def q3_diagnosis(student: Student) -> list[Part]:
    """One letter: why gradients lead to no learning."""
    return choice(student, OPTIONS["answer_q3"], 1)


def q3_repair(student: Student) -> list[Part]:
    """A few SGD steps on a batch of ours: losses, movement, final weights."""
    trial, steps = make_trial(student, "q3_repair"), 6
    rate = trial.learning_rate
    own = train(trial, torch.optim.SGD, rate, steps)
    reply = student.call("train_repaired", trial.model, trial.images, trial.labels, rate, steps)
    return training_parts(reply, trial, own, TOLERANCE, say, "q3_repair")


def lab_recipe(student: Student) -> list[Part]:
    """The recipe, trained by the judge: one part for each level of the published scale."""
    result = trained(student, "my_recipe")
    overfitted = math.isfinite(result.loss) and result.accuracy >= lab.SCALE[-1].accuracy
    advice = say("recipe.advice.overfitted" if overfitted else "recipe.advice.sweep")
    parts, before, said = [], 0.0, reached(result)
    for level in lab.SCALE:
        parts.append(level_part(level.points - before, level, result, said, advice))
        before, said = level.points, ""
    return parts


def stretch(student: Student) -> list[Part]:
    """The recipe with the one extra change, trained by the judge: all or nothing."""
    result = trained(student, "stretch_recipe", may_augment=True)
    advice = say("recipe.advice.stretch")
    return [level_part(lab.STRETCH.points, lab.STRETCH, result, reached(result), advice)]
