"""Checks for assignment lr08_schedules: a noise floor, a schedule at every step, two repairs.

A schedule is compared at every step, for lengths, warm-ups and peaks of the judge's own. Repaired
programs are compared by the rates that they return and by the weights that they leave.
"""

import math
from functools import partial

import torch

from autograder.checks.choices import choice, shown
from autograder.checks.lr08_schedules import scheduled
from autograder.checks.lr08_schedules.schedule_feedback import (
    Run,
    about_fall,
    about_first,
    about_rise,
    planned_rate,
)
from autograder.checks.numbers import close, is_number, number
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part
from lrlab import schedules


def q1_floor(student: Student) -> list[Part]:
    """What the table says, what more steps change, and how the floor depends on the rate."""
    table = choice(
        student,
        "answer_q1_table",
        1,
        "B",
        {
            "A": "Its floor is the lowest, but look at its row: after 100 steps it is not there "
            "yet. Read chapter 8, Why.",
            "B": "Yes: they travel with long steps and settle with short ones.",
            "C": "It travels farthest, and then stays on a high floor: compare its row with the "
            "others. Read chapter 8, Why.",
            "D": "The valley is the same; the numbers in the table are not. Read them again.",
        },
    )
    longer = choice(
        student,
        "answer_q1_longer",
        1,
        "C",
        {
            "A": "More steps bring a run closer to where it settles. This one has settled. Try it: "
            "walk([0.4] * 1000).",
            "B": "A lower rate has a lower floor; more steps at the same rate do not lower it. Try "
            "it: walk([0.4] * 1000).",
            "C": "Yes: it is on its noise floor, where pull and kick balance.",
            "D": "The rate is below 2/curvature, so nothing grows. Try it: walk([0.4] * 1000).",
        },
    )
    expected = _floor(0.4) / _floor(0.1)
    ratio = number(
        student,
        "floor_ratio",
        1,
        lambda value: abs(value / expected - 1) < 0.03,
        "That is not what the measurement gives: the mean of the last 100 losses of 300 at a rate "
        "of 0.4, divided by the same at 0.1. The ratio of the rates is only a rule of thumb, for "
        "rates far below 1/curvature. Read chapter 8, Why.",
    )
    return [*table, *longer, *ratio]


def my_schedule(student: Student) -> list[Part]:
    """The schedule at every step of two runs, in two orders, and without a warm-up."""
    generator = student.generator("my_schedule")

    def draw(low: int, high: int) -> int:
        return int(torch.randint(low, high, (), generator=generator))

    runs = []
    for low, high in ((14, 20), (24, 32)):
        peak = round(0.1 + 0.4 * torch.rand((), generator=generator).item(), 4)
        runs.append((draw(low, high), draw(3, 6), peak))
    rates = {run: [_ask(student, step, run) for step in range(run[0])] for run in runs}
    plans = {run: [planned_rate(step, *run) for step in range(run[0])] for run in runs}
    firsts = all(close(rates[run][0], plans[run][0]) for run in runs)
    rises = [scheduled.same(rates[run][1 : run[1]], plans[run][1 : run[1]]) for run in runs]
    falls = [scheduled.same(rates[run][run[1] :], plans[run][run[1] :]) for run in runs]
    return [
        part(
            1,
            firsts,
            "The first step uses the rate that it should.",
            about_first(rates[runs[0]][0], runs[0]),
        ),
        part(
            1,
            all(rises),
            "The warm-up rises evenly to the peak.",
            "" if all(rises) else about_rise(*_first_wrong(rises, rates)),
        ),
        part(
            2,
            all(falls),
            "The cosine is right at every step.",
            "" if all(falls) else about_fall(*_first_wrong(falls, rates)),
        ),
        _purity(student, runs[0], rates[runs[0]]),
    ]


def distance(student: Student) -> list[Part]:
    """Two measured losses, the peak of an equal distance, and what the losses show."""
    falling = partial(schedules.linear, total_steps=50)
    measured = {
        "loss_constant": ("constant", scheduled.end_loss(schedules.constant, 0.04)),
        "loss_falling": ("falling", scheduled.end_loss(falling, 0.08)),
    }
    parts = []
    for name, (which, expected) in measured.items():
        parts += number(
            student,
            name,
            1,
            partial(math.isclose, expected, rel_tol=2e-3),
            f"That is not the loss that end_loss measures for the {which} schedule at the peak of "
            "the question. Read chapter 8, Why.",
        )
    parts += number(
        student,
        "falling_peak",
        1,
        lambda value: abs(value / 0.06 - 1) < 0.04,
        "A straight fall from there to zero does not add up to the same sum of rates: compare the "
        "two areas. Read chapter 8, Why.",
    )
    return parts + choice(
        student,
        "answer_distance",
        1,
        "D",
        {
            "A": "The two peaks differ by a factor of two: compare the two losses. Read chapter 8, "
            "Why.",
            "B": "The last rates are 0.04 and almost zero: compare the two losses. Read chapter 8, "
            "Why.",
            "C": "Measure end_loss(falling, 0.04) as well, and compare: the same number of steps, "
            "another schedule.",
            "D": "Yes: the two areas are almost the same, and so are the losses.",
        },
    )


def q3_diagnosis(student: Student) -> list[Part]:
    """One letter: why the run stops learning."""
    return choice(
        student,
        "answer_q3",
        1,
        "D",
        {
            "A": "The first rates in the list are those that were asked for, and the loss falls "
            "while they last. Look at the tenth rate.",
            "B": "That order would use each rate one step earlier. It would not change how often "
            "the rate falls. Read chapter 8, Code.",
            "C": "A gentler factor falls as often. Count how many times the rate falls in one "
            "epoch. Read chapter 8, Code.",
            "D": "Yes: a scheduler counts its calls, and does not know what an epoch is.",
            "E": "A scheduler sees no images. Count how often it is called. Read chapter 8, Code.",
        },
    )


def q3_repair(student: Student) -> list[Part]:
    """Five epochs on images of ours: the rates of all steps, and the weights at the end."""
    task = scheduled.make_task(student, "q3_repair", epochs=5)
    reply = student.call("train_by_epoch", *task.arguments)

    def falling(calls: list[int]) -> list[float]:
        return [task.learning_rate * 0.1 ** (count // 2) for count in calls]

    epochs = [step // task.epoch_steps for step in range(task.steps)]

    def about(rates: list[float]) -> str:
        if scheduled.same(rates, falling(list(range(task.steps)))):
            return "The rate still falls after every second batch. Read chapter 8, Code."
        if len(set(rates)) == 1:
            return "The rate never falls: the plan divides it by ten after every second epoch."
        if scheduled.same(rates, falling([epoch + 1 for epoch in epochs])):
            return (
                "The rates are right but come one epoch early: the scheduler is called before the "
                "first epoch has been trained. Read chapter 8, Code."
            )
        step = next(k for k in range(task.steps) if not close(rates[k], falling(epochs)[k]))
        return (
            f"With {task.epoch_steps} steps an epoch, step {step} used a rate of {rates[step]:.3g}, "
            "which is not what the plan says: a tenth after every second epoch. Read chapter 8, "
            "Code."
        )

    return scheduled.judge_run(task, reply.value, reply.weights[0], falling(epochs), about)


def q4_diagnosis(student: Student) -> list[Part]:
    """One letter: why the run stops with an error."""
    return choice(
        student,
        "answer_q4",
        1,
        "A",
        {
            "A": "Yes: 150 images are four whole batches of 32 and an incomplete one.",
            "B": "One cycle may count epochs or batches, as long as its length is in the same unit. "
            "Compare the two numbers in the message. Read chapter 8, Code.",
            "C": "A diverged run would show it in its losses. The message speaks of numbers of "
            "steps: count the steps of the loop.",
            "D": "The number of calls is the same in either order. Count them. Read chapter 8, "
            "Code.",
            "E": "The scheduler is called once a batch, so that would make the plan still shorter. "
            "Read chapter 8, Code.",
        },
    )


def q4_repair(student: Student) -> list[Part]:
    """Four epochs on images of ours: the rates of all steps, and the weights at the end."""
    task = scheduled.make_task(student, "q4_repair", epochs=4)
    reply = student.call("train_one_cycle", *task.arguments)
    peak = task.learning_rate
    planned = [peak * schedules.one_cycle(k, total_steps=task.steps) for k in range(task.steps)]

    def about(rates: list[float]) -> str:
        if len(set(rates[-3:])) == 1:
            return (
                "The cycle is over before the run is: the last steps all use the same rate. Read "
                "chapter 8, Mistakes."
            )
        if rates[-1] > 100 * planned[-1]:
            return (
                f"At the last step the rate is {rates[-1]:.3g}, still {rates[-1] / peak:.2g} of "
                "the peak: the cycle is longer than the run. Read chapter 8, Mistakes."
            )
        return (
            "The rates are not those of one cycle over all steps of the run. Read chapter 8, Code."
        )

    return scheduled.judge_run(task, reply.value, reply.weights[0], planned, about)


def _floor(rate: float) -> float:
    """Return the mean of the last 100 losses of 300, as the notebook's ``walk`` gives them."""
    generator = torch.Generator().manual_seed(0)
    weights, losses = torch.full((4000,), 3.0), []
    for _ in range(300):
        weights = weights - rate * (weights + torch.randn(4000, generator=generator))
        losses.append(weights.square().mean().item() / 2)
    return sum(losses[-100:]) / 100


def _ask(student: Student, step: int, run: Run) -> float:
    value = student.call("my_schedule", step, *run).value
    if not is_number(value):
        raise StudentFailure(
            f"`my_schedule` returned {shown(value)} for step {step}; it should return one number"
        )
    return float(value)


def _first_wrong(right: list[bool], rates: dict[Run, list[float]]) -> tuple[list[float], Run]:
    """Return the rates of the first run that is wrong, and the run."""
    run = list(rates)[right.index(False)]
    return rates[run], run


def _purity(student: Student, run: Run, before: list[float]) -> Part:
    """Ask once more, from the last step to the first; then for a run without a warm-up."""
    again = [_ask(student, step, run) for step in reversed(range(run[0]))][::-1]
    if again != before:
        return part(
            1,
            False,
            "",
            "Asked a second time, from the last step to the first, my_schedule gave other rates: "
            "it should depend on its arguments alone. Read chapter 8, Code.",
        )
    try:
        first, second = (_ask(student, step, (10, 0, 0.2)) for step in (0, 1))
    except StudentFailure as failure:
        return failed(1, StudentFailure(f"without a warm-up: {failure}"))
    return part(
        1,
        close(first, 0.2) and 0 < second < 0.2,
        "The order of the questions does not matter, nor that there is no warm-up.",
        f"With warmup_steps=0 the first two rates are {first:.3g} and {second:.3g}: the run should "
        "begin at the peak and fall at once.",
    )
