"""Checks for assignment lr06_adaptive_optimizers: what an optimizer makes of a rate.

Choices are compared with the letters below; the tests run what the options claim. Programs are
compared with PyTorch's own optimizers, on weights, gradients, images and rates of the judge.
"""

import math

import torch

from autograder.checks.choices import choice, selection, shown
from autograder.checks.lr06_adaptive_optimizers.adam_paths import (
    Course,
    agrees,
    make_course,
    torch_path,
    what_it_lacks,
)
from autograder.checks.lr06_adaptive_optimizers.decay_feedback import about_decay, decayed
from autograder.checks.lr06_adaptive_optimizers.optimizer_trials import (
    length_of_change,
    make_epoch_trial,
    train_epochs,
)
from autograder.checks.numbers import close, is_number, number
from autograder.checks.trials import distance, make_trial, weight_change
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part


def q1_table(student: Student) -> list[Part]:
    """Six runs: which of them end low; and what one rate for two optimizers shows."""
    stayed = "Look at its last column again: the run has not come down."
    low = "Yes: the mean of its last losses is below 1.5."
    runs = selection(
        student,
        "answer_q1_runs",
        0.5,
        {"C", "D", "E"},
        {
            "A": stayed,
            "B": stayed,
            "C": low,
            "D": low,
            "E": low,
            "F": stayed + " Look at its highest loss, too.",
        },
        "One more run ends below 1.5: compare the last column of every row with 1.5.",
    )
    report = choice(
        student,
        "answer_q1_report",
        1,
        "C",
        {
            "A": "The same rate is not the same step: look at what each optimizer does at 0.22. "
            "Read chapter 6, Mistakes.",
            "B": "That is the report's own mistake, at another rate. Read chapter 6, Mistakes.",
            "C": "Yes: each has a U of its own, and the report compared two different places.",
            "D": "One can, at the best rate of each. Read chapter 6, Measure.",
        },
    )
    return [*runs, *report]


def measurement(student: Student) -> list[Part]:
    """The function on two trials, one point each; three factors."""
    lacks = (
        "That is not what this measurement gives: a fresh model and a fresh optimizer for each "
        "step, the same batch, a rate of 0.001. Read chapter 6, Why."
    )
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
        _path(student, first, "The first step is Adam's.", "one gradient"),
        _path(student, later, "The later steps are Adam's.", "twelve gradients"),
        _path(student, betas, "Other betas are used as they should.", "other betas"),
        _path(student, blunt, "A large epsilon does what it should.", "a large epsilon"),
        _states(student),
    ]


def decay_diagnosis(student: Student) -> list[Part]:
    """One letter: why the decay depends on the gradients."""
    return choice(
        student,
        "answer_decay",
        1,
        "D",
        {
            "A": "The second weight did move, far. Print the weights after every hundred steps.",
            "B": "Set weight_decay to 0 and run it again: does the result stay?",
            "C": "Neither weight is below zero. Look at the first one: did it decay too much?",
            "D": "Yes: so a weight with large gradients hardly decays.",
            "E": "Without decay both weights stay near 1 at this rate: try it. Read chapter 6, "
            "Why, on decay.",
        },
    )


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
    for given, decay, yes in (
        (course, 0.0, "Without decay it is Adam."),
        (still, 0.7, "Without gradients every step shrinks the weights by the part wanted."),
        (course, 0.7, "Weights with large and with small gradients shrink alike."),
    ):
        arguments = (given.weights, list(given.gradients), rate, decay)
        try:
            end = _tensor(student.call("decay_repaired", *arguments).value, (4,), "decay_repaired")
        except StudentFailure as failure:
            parts.append(failed(1, failure))
            continue
        start = given.weights.double()
        right = any(agrees(end, wanted, start) for wanted in decayed(given, decay))
        parts.append(part(1, right, yes, about_decay(end, given, decay)))
    return parts


def forgetful_diagnosis(student: Student) -> list[Part]:
    """One letter: why the first step of each epoch is the longest."""
    return choice(
        student,
        "answer_forgetful",
        1,
        "B",
        {
            "A": "How long a step of Adam is does not depend on how hard a batch is. Shuffle the "
            "images and look at the right half again.",
            "B": "Yes: with its means and its step count gone, Adam repeats its longest step.",
            "C": "`zero_grad` runs before every `backward`. Print a gradient after it.",
            "D": "A constant rate makes no step longer than the one before. Look at which step of "
            "each epoch is long.",
            "E": "The loss goes on falling from epoch to epoch, so the weights live on. What does "
            "not?",
        },
    )


def forgetful_repair(student: Student) -> list[Part]:
    """Three epochs of three batches: losses, the first epoch, the later ones."""
    epochs, rate = 3, 0.002
    trial = make_epoch_trial(student, "forgetful_repair", batches=3)
    losses, weights = train_epochs(trial, rate, epochs)
    arguments = (trial.model, trial.images, trial.labels, rate)
    reply = student.call("train_repaired", *arguments, epochs)
    theirs = reply.value
    right_form = isinstance(theirs, list) and len(theirs) == len(losses)
    right_form = right_form and all(map(is_number, theirs)) and close(theirs[0], losses[0])
    once = student.call("train_repaired", *arguments, 1)
    _, after_one = train_epochs(trial, rate, 1)
    before = trial.model.weights
    first = distance(weight_change(before, once.weights[0]), weight_change(before, after_one))
    later = distance(weight_change(before, reply.weights[0]), weight_change(before, weights))
    return [
        part(
            1,
            right_form,
            "It returns one loss a step, the first of them before any update.",
            f"For {epochs} epochs of 3 batches it returned {shown(theirs)}; it should return a "
            "list with one number a step, the first of them the loss before any update.",
        ),
        part(1, first < 0.02, "The first epoch is Adam's.", _about_first_epoch(first)),
        part(
            1,
            first < 0.02 and later < 0.02,
            "The later epochs go on with the same Adam.",
            "The later epochs count once the first one is right."
            if first >= 0.02
            else "The first epoch is Adam's, but later the weights are not where one Adam would "
            "take them. What does your function make anew in each epoch? Read chapter 6, Why.",
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
    yes = f"first_change is right for {name} with a loss times {factor:g}."
    no = f"For {name} with a loss times {factor:g} first_change returned {shown(value)}. "
    if name == "SGD" and is_number(value) and close(value, plain):
        no += "It is the change with the loss as it is: where does loss_factor enter? "
    elif name != "SGD" and is_number(value) and close(value, factor * plain):
        no += "It is the change that plain SGD makes: where does optimizer_name enter? "
    else:
        no += "It is not the root of the sum of all squared changes in one such step. "
    no += "Read chapter 6, Why."
    return [part(1, is_number(value) and close(value, expected), yes, no)]


def _path(student: Student, course: Course, yes: str, given: str) -> Part:
    """Check one path of ``adam``, for one point."""
    try:
        path = _adam(student, course)
    except StudentFailure as failure:
        return failed(1, failure)
    right = agrees(path, torch_path(course), course.weights.double())
    no = f"With {given} your path is not Adam's. {what_it_lacks(path, course)} Read chapter 6, Why."
    return part(1, right, yes, no)


def _states(student: Student) -> Part:
    """Check that a weight without gradients stays, and that the states differ, for one point."""
    drawn = make_course(student.generator("adam states"))
    gradients = drawn.gradients.clone()
    gradients[:, 0] = 0
    course = Course(drawn.weights, gradients, drawn.learning_rate)
    try:
        path = _adam(student, course)
    except StudentFailure as failure:
        return failed(1, failure)
    stays = bool((path[:, 0] == course.weights[0]).all())
    apart = len({tuple(each.tolist()) for each in path}) == len(path)
    if not stays:
        no = "A weight whose gradient is always zero did not stay where it was. "
    else:
        no = "Entries of your list are equal although the weights moved: are they one tensor? "
    yes = "A weight without gradients stays, and every entry is a state of its own."
    return part(1, stays and apart, yes, no + "Read chapter 6, Why.")


def _adam(student: Student, course: Course) -> torch.Tensor:
    """Return the path that the student's ``adam`` gives, float64, or raise StudentFailure."""
    value = student.call("adam", *course.arguments()).value
    steps, weights = course.gradients.shape
    if not isinstance(value, list) or len(value) != steps:
        raise StudentFailure(
            f"for {steps} gradients `adam` returned {shown(value)}; it should return a list of "
            f"{steps} tensors"
        )
    return torch.stack([_tensor(each, (weights,), "adam") for each in value])


def _tensor(value: object, shape: tuple, name: str) -> torch.Tensor:
    """Return a tensor of this shape as float64, or raise StudentFailure."""
    if isinstance(value, torch.Tensor) and value.shape == shape and value.is_floating_point():
        return value.double()
    raise StudentFailure(
        f"`{name}` returned {shown(value)} where a tensor with the shape of the weights belongs"
    )


def _about_first_epoch(gap: float) -> str:
    """Return what a wrong first epoch looks like."""
    return (
        f"After one epoch the weights are off by {gap:.0%} of the way that Adam takes them. Is it "
        "Adam at the argument learning_rate, with one backward pass and one step for each batch of "
        "64, in the given order, from cleared gradients? Read chapter 6, Code."
    )
