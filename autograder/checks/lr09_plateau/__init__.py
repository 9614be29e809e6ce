"""Checks for assignment lr09_plateau: when the plateau rule lowers the rate, and why not.

Functions are called with curves and data of the judge's own, and compared with what torch's
ReduceLROnPlateau does there. A slip in how epochs are counted is charged once, not in every part.
"""

import torch

from autograder.checks import messages, options
from autograder.checks.choices import choice, selection
from autograder.checks.lr09_plateau.plateau_feedback import falls
from autograder.checks.lr09_plateau.plateau_repairs import rates_part, train, why_it_fell
from autograder.checks.lr09_plateau.plateau_trials import held_out
from autograder.checks.lr09_plateau.trigger_feedback import judge_trigger_epochs
from autograder.checks.numbers import number
from autograder.judge.student import Student
from autograder.judge.verdict import Part

OPTIONS = options.load(__file__)
say = messages.load(__file__)

# The validation loss of a recorded run; the notebook shows the same numbers, and a test compares.
RECORDED = [
    1.468, 1.302, 1.21, 1.138, 1.071, 1.035, 0.9973, 0.9625, 0.9964, 0.9503,
    0.9444, 0.9231, 0.9239, 0.9356, 0.9308, 0.967, 0.9533, 0.9617, 0.9533, 0.9615,
]  # fmt: skip


def q1_replay(student: Student) -> list[Part]:
    """Two numbers from replaying the rule on a recorded curve, and what they say."""
    first, default = falls(RECORDED, 2)[0], len(falls(RECORDED, 10))
    return [
        *number(
            student, "answer_q1_first", 1, lambda value: value == first, say("q1_replay.first")
        ),
        *number(
            student,
            "answer_q1_default",
            1,
            lambda value: value == default,
            say("q1_replay.default"),
        ),
        *choice(student, OPTIONS["answer_q1_reading"], 1),
    ]


def trigger_epochs(student: Student) -> list[Part]:
    """The rule itself, one property a curve, then random curves."""
    return judge_trigger_epochs(student)


def metric_diagnosis(student: Student) -> list[Part]:
    """One letter: why the rate falls while the loss does, too."""
    return choice(student, OPTIONS["answer_metric"], 1)


def metric_repair(student: Student) -> list[Part]:
    """A short training on held-out data that gets better, and on data that gets worse."""
    data = held_out(student)
    first = train(student, data, data.better)
    second = train(student, data, data.worse)
    form = second.shown if first.in_form else first.shown
    return [
        say.part(1, first.in_form and second.in_form, "metric_repair.form", value=form),
        say.part(
            1,
            first.agrees,
            "metric_repair.keeps",
            wrong=why_it_fell(first.rates, data.rate),
            rates=first.rates,
        ),
        say.part(
            1,
            first.agrees and second.agrees,
            "metric_repair.falls",
            wrong="wrong" if first.agrees else "not_yet",
            rates=second.rates,
        ),
    ]


def mode_diagnosis(student: Student) -> list[Part]:
    """One letter: why the rate falls while the accuracy rises."""
    return choice(student, OPTIONS["answer_mode"], 1)


def mode_repair(student: Student) -> list[Part]:
    """Accuracies that rise, rise and then stand still, and jump: the rate used in each epoch."""
    generator = student.generator("mode_repair")
    patience = int(torch.randint(1, 4, (), generator=generator))
    start = 0.3 + 0.1 * torch.rand((), generator=generator).item()
    rising = [round(start + 0.03 * epoch, 4) for epoch in range(12)]
    still = rising[:5] + [rising[4]] * 8
    jumps = (0.2 * torch.rand(14, generator=generator)).tolist()
    jumping = [round(0.4 + 0.02 * epoch + jump, 4) for epoch, jump in enumerate(jumps)]
    rate = 0.1
    return [
        rates_part(student, rising, rate, patience, say("mode_repair.rising")),
        rates_part(student, still, rate, patience, say("mode_repair.still")),
        rates_part(student, [*jumping, *still[4:8]], rate, patience, say("mode_repair.jumping")),
    ]


def q4_practice(student: Student) -> list[Part]:
    """Six habits: which of them are sound."""
    return selection(student, OPTIONS["answer_q4"], 0.5)
