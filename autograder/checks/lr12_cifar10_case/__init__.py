"""Checks for assignment lr12_cifar10_case: reading the case, two bug hunts, and the lab.

Repaired programs are compared with runs that the judge makes itself, from weights, batches and
checkpoints of its own. Recipes are trained by the judge; ``lrlab.assignments.lab`` holds the published scale.
"""

import math

import torch

from autograder.checks.choices import choice, selection, shown
from autograder.checks.lr12_cifar10_case.recipes import level_part, reached, trained
from autograder.checks.lr12_cifar10_case.replay import break_off, train_with_sgd
from autograder.checks.numbers import TOLERANCE, close, is_number, number
from autograder.checks.trials import distance, make_trial, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, part
from lrlab.assignments import lab

LOWEST_EPOCH = 15  # of the validation losses in the notebook; a test compares it with the record


def q1_case(student: Student) -> list[Part]:
    """The epoch of the lowest loss, what follows it, and what the numbers support."""
    epoch = number(
        student,
        "answer_q1_epoch",
        1,
        lambda value: value == LOWEST_EPOCH,
        "The validation loss is lower after another epoch. Look at the whole list, and count its "
        "first entry as epoch 1. Read chapter 12, See it.",
    )
    cause = choice(
        student,
        "answer_q1_cause",
        1,
        "C",
        {
            "A": "Print the differences of train_loss from one epoch to the next. An unstable run "
            "jumps. Read chapter 2, Measure.",
            "B": "Compare train_accuracy with the 10 % of guessing: a rate that is too low does "
            "not get that far. Read chapter 12, See it.",
            "C": "Yes: better and better on what it has seen, and not on what it has not.",
            "D": "Print train_accuracy minus validation_accuracy, epoch by epoch. Do the two go "
            "alike? Read chapter 12, See it.",
        },
    )
    supported = selection(
        student,
        "answer_q1_supported",
        0.5,
        {"A", "D"},
        {
            "A": "Yes: the lowest entry of the list is below its last one.",
            "B": "Print the differences of train_loss from one epoch to the next: has it stopped?",
            "C": "Compare the entries of validation_loss for epochs 15 and 20. Read chapter 12, "
            "Mistakes.",
            "D": "Yes: that is how a growing gap looks.",
        },
        "One more sentence is supported: compare it with the lists, entry by entry. Read chapter "
        "12, See it.",
    )
    return [*epoch, *cause, *supported]


def q2_diagnosis(student: Student) -> list[Part]:
    """One letter: where the first rate after the break comes from."""
    return choice(
        student,
        "answer_q2",
        1,
        "B",
        {
            "A": "Print checkpoint['optimizer']['param_groups'][0]['lr']: is that the rate of the "
            "very first step? Read chapter 12, Bug hunt.",
            "B": "Yes: what is restored first is overwritten by what is made after it.",
            "C": "If the schedule began anew, the second rate after the break would be wrong too. "
            "Compare it with the rates before.",
            "D": "Print optimizer.param_groups[0]['lr'] directly after load_state_dict. Read "
            "chapter 12, Bug hunt.",
            "E": "Momentum changes how far a step goes. It does not change the rate, and the rate "
            "is what is printed.",
        },
    )


def q2_repair(student: Student) -> list[Part]:
    """A run of ours is broken off; the student's program goes on from the checkpoint."""
    trial, fresh = make_trial(student, "q2_repair"), make_trial(student, "q2_repair fresh")
    before = int(torch.randint(4, 9, (), generator=student.generator("q2_repair before")))
    ours = break_off(trial, before, after=5)
    reply = student.call(
        "resume_repaired", fresh.model, ours.checkpoint, trial.images, trial.labels, 5
    )
    theirs = reply.value
    if not (isinstance(theirs, list) and len(theirs) == 5 and all(map(is_number, theirs))):
        raise StudentFailure(
            f"`resume_repaired` returned {shown(theirs)} for 5 steps; it should return a list with "
            "the rate of each step"
        )
    rates = [float(rate) for rate in theirs]
    right = [close(rate, expected) for rate, expected in zip(rates, ours.rates, strict=True)]
    change = weight_change(ours.saved, reply.weights[0])
    expected = weight_change(ours.saved, ours.ended)
    return [
        part(
            1,
            right[0],
            "The first rate is the one at which the run would have gone on.",
            f"The first rate after the break is {rates[0]:.4g}, which is "
            f"{rates[0] / ours.rates[0]:.3g} times what the run without a break uses there. Print "
            "the optimizer's rate after each line. Read chapter 12, Bug hunt.",
        ),
        part(
            1,
            all(right[1:]),
            "So are all further rates.",
            f"The rates after the first, {shown([round(rate, 5) for rate in rates[1:]])}, are not "
            "those of the run without a break. What tells the schedule how many steps are done? "
            "Read chapter 12, Bug hunt.",
        ),
        part(
            1,
            distance(change, expected) < TOLERANCE,
            "The weights end where the run without a break ends.",
            "The weights do not end where the run without a break ends. Three things go on: "
            "weights, rates, and what the optimizer remembers of every weight. Read chapter 12, "
            "Bug hunt.",
        ),
    ]


def q3_diagnosis(student: Student) -> list[Part]:
    """One letter: why gradients lead to no learning."""
    return choice(
        student,
        "answer_q3",
        1,
        "C",
        {
            "A": "The loss does not change in its last digit. Try a rate a thousand times higher: "
            "a rate that is only too low would move something. Read chapter 2, Idea.",
            "B": "The program prints the length of the gradient, and it is not zero.",
            "C": "Yes: the optimizer finds nothing to step with.",
            "D": "The optimizer is made from model.parameters(). Compare the two with `is`. Read "
            "chapter 1, Code.",
            "E": "Leave it out and look at the length of the gradient from step to step: whose "
            "gradients are these? Read chapter 2, Bug hunt.",
        },
    )


def q3_repair(student: Student) -> list[Part]:
    """A few SGD steps on a batch of ours: losses, movement, final weights."""
    trial, steps = make_trial(student, "q3_repair"), 6
    losses, weights = train_with_sgd(trial, trial.learning_rate, steps)
    arguments = (trial.model, trial.images, trial.labels, trial.learning_rate, steps)
    reply = student.call("train_repaired", *arguments)
    theirs = reply.value
    is_list = isinstance(theirs, list) and len(theirs) == steps and all(map(is_number, theirs))
    change = weight_change(trial.model.weights, reply.weights[0])
    expected = weight_change(trial.model.weights, weights)
    moved = bool(change.norm() > 0)
    return [
        part(
            1,
            is_list and close(theirs[0], losses[0]),
            "It returns one loss a step, the first of them before any update.",
            f"It returned {shown(theirs)} for {steps} steps; it should return a list with one "
            "number a step, the first of them the mean loss before any update.",
        ),
        part(
            1,
            moved and is_list and float(theirs[-1]) < float(theirs[0]),
            "The weights change and the loss falls.",
            "The weights changed, but the losses that it returned do not fall."
            if moved
            else "The weights did not change: print a gradient just before the step. Read chapter "
            "12, Bug hunt.",
        ),
        part(
            1,
            moved and distance(change, expected) < TOLERANCE,
            "Every step uses the gradient of its own loss.",
            "After some steps the weights are not where SGD takes them with one backward pass a "
            "step, each from cleared gradients. Read chapter 2, Bug hunt.",
        ),
    ]


def lab_recipe(student: Student) -> list[Part]:
    """The recipe, trained by the judge: one part for each level of the published scale."""
    result = trained(student, "my_recipe")
    overfitted = math.isfinite(result.loss) and result.accuracy >= lab.SCALE[-1].accuracy
    advice = (
        "Look at the loss on the validation images after fewer epochs. Read chapter 12, See it."
        if overfitted
        else "Sweep the learning rate over a factor of a thousand. Read chapter 2, Code."
    )
    parts, before, said = [], 0.0, reached(result)
    for level in lab.SCALE:
        parts.append(level_part(level.points - before, level, result, said, advice))
        before, said = level.points, ""
    return parts


def stretch(student: Student) -> list[Part]:
    """The recipe with the one extra change, trained by the judge: all or nothing."""
    result = trained(student, "stretch_recipe", may_augment=True)
    advice = (
        "Does your recipe hold the one extra change, and enough epochs for it? Read chapter 12, "
        "Measure."
    )
    return [level_part(lab.STRETCH.points, lab.STRETCH, result, reached(result), advice)]
