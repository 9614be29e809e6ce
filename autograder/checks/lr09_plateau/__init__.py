"""Checks for assignment lr09_plateau: when the plateau rule lowers the rate, and why not.

Functions are called with curves and data of the judge's own, and compared with what torch's
ReduceLROnPlateau does there. A slip in how epochs are counted is charged once, not in every part.
"""

import torch

from autograder.checks.choices import choice, selection
from autograder.checks.lr09_plateau.plateau_feedback import falls
from autograder.checks.lr09_plateau.plateau_repairs import rates_part, train, why_it_fell
from autograder.checks.lr09_plateau.plateau_trials import held_out
from autograder.checks.lr09_plateau.trigger_feedback import judge_trigger_epochs
from autograder.checks.numbers import number
from autograder.judge.student import Student
from autograder.judge.verdict import Part, part

# The validation loss of a recorded run; the notebook shows the same numbers, and a test compares.
RECORDED = [
    1.468, 1.302, 1.21, 1.138, 1.071, 1.035, 0.9973, 0.9625, 0.9964, 0.9503,
    0.9444, 0.9231, 0.9239, 0.9356, 0.9308, 0.967, 0.9533, 0.9617, 0.9533, 0.9615,
]  # fmt: skip


def q1_replay(student: Student) -> list[Part]:
    """Two numbers from replaying the rule on a recorded curve, and what they say."""
    first, default = falls(RECORDED, 2)[0], len(falls(RECORDED, 10))
    replay = "Hand the losses to a ReduceLROnPlateau one by one, and print the rate after each."
    return [
        *number(
            student,
            "answer_q1_first",
            1,
            lambda value: value == first,
            "The rate does not fall for the first time after that epoch. Count epochs from 1. "
            + replay,
        ),
        *number(
            student,
            "answer_q1_default",
            1,
            lambda value: value == default,
            "With the default patience the rate does not fall that often. " + replay,
        ),
        *choice(
            student,
            "answer_q1_reading",
            1,
            "B",
            {
                "A": "A patience is no number of falls. How many bad epochs in a row does it take "
                "before it acts once? Read chapter 9, Why.",
                "B": "Yes: a fall takes eleven bad epochs in a row, and the first epoch is never bad.",
                "C": "The rule does act on this curve at a shorter patience, so the curve does have "
                "a plateau. Read chapter 9, Measure.",
                "D": "The default threshold is 0.01 % of the best loss. On this curve hardly any "
                "epoch is as close to the best as that. Read chapter 9, Why, part 1.",
            },
        ),
    ]


def trigger_epochs(student: Student) -> list[Part]:
    """The rule itself, one property a curve, then random curves."""
    return judge_trigger_epochs(student)


def metric_diagnosis(student: Student) -> list[Part]:
    """One letter: why the rate falls while the loss does, too."""
    return choice(
        student,
        "answer_metric",
        1,
        "D",
        {
            "A": "A rate that is too high makes the loss rise or jump. Look at the printed losses.",
            "B": "A longer patience only puts the falls off. They would still come at regular "
            "distances, whatever the losses are. Try it.",
            "C": "The scheduler is called once an epoch, after the inner loop has ended. Count the "
            "printed rates.",
            "D": "Yes: a value that never changes is never better than itself.",
            "E": "For a loss lower is better, and that is what 'min' says. Read chapter 9, Why.",
        },
    )


def metric_repair(student: Student) -> list[Part]:
    """A short training on held-out data that gets better, and on data that gets worse."""
    data = held_out(student)
    first = train(student, data, data.better)
    second = train(student, data, data.worse)
    keeps = first.agrees
    return [
        part(
            1,
            first.in_form and second.in_form,
            "It returns one rate and one held-out loss an epoch, the rate before the loss.",
            f"It returned {second.shown if first.in_form else first.shown}. Expected are two lists with one number an epoch: the rate "
            "that the epoch used, and the loss on the held-out images after it.",
        ),
        part(
            1,
            keeps,
            "While the held-out loss gets better, the rate stays.",
            f"Our held-out loss got better in every epoch, and your rates were {first.rates}. "
            + why_it_fell(first.rates, data.rate),
        ),
        part(
            1,
            keeps and second.agrees,
            "When the held-out loss gets worse, the rate falls.",
            "This part counts once the rate stays where the loss gets better."
            if not keeps
            else "With held-out data on which the loss gets worse and worse (the training loss does "
            f"not), your rates were {second.rates}. Which loss does your scheduler see? Read chapter "
            "9, Code.",
        ),
    ]


def mode_diagnosis(student: Student) -> list[Part]:
    """One letter: why the rate falls while the accuracy rises."""
    return choice(
        student,
        "answer_mode",
        1,
        "A",
        {
            "A": "Yes: under 'min' every rise is a bad epoch.",
            "B": "With a longer patience the rate falls later, and still falls on an accuracy that "
            "rises in every epoch. Try it.",
            "C": "The threshold is a hundredth of a percent; these accuracies change by much more. "
            "Read chapter 9, Why, part 1.",
            "D": "The rate before the first call is the one you gave. Look at the first entry of "
            "what is returned.",
            "E": "The scheduler sees numbers. It has no idea that they are accuracies, nor needs "
            "one. Read chapter 9, Mistakes.",
        },
    )


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
        rates_part(student, rising, rate, patience, "rises in every epoch"),
        rates_part(student, still, rate, patience, "rises and then stands still"),
        rates_part(student, [*jumping, *still[4:8]], rate, patience, "jumps up and down"),
    ]


def q4_practice(student: Student) -> list[Part]:
    """Six habits: which of them are sound."""
    return selection(
        student,
        "answer_q4",
        0.5,
        {"A", "C", "F"},
        {
            "A": "Yes: what decides must not be what judges.",
            "B": "Then the test loss has taken part in the training, and promises too much. Read "
            "chapter 9, Why.",
            "C": "Yes: without it the best loss and the count are lost.",
            "D": "The loss of a batch jumps, and the patience would count batches. Read chapter 9, "
            "Mistakes.",
            "E": "The training loss goes on falling while the network learns by heart. Read chapter "
            "9, Mistakes.",
            "F": "Yes: without looking you cannot tell a scheduler that never acts from none.",
        },
        "One more of these is sound: which one guards against something that goes wrong without a "
        "sign? Read chapter 9, Mistakes.",
    )
