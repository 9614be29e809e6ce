"""Checks for assignment lr08_schedules: a noise floor, a schedule at every step, two repairs.

A schedule is compared at every step, for lengths, warm-ups and peaks of the judge's own. Repaired
programs are compared by the rates that they return and by the weights that they leave.
"""

import math
from functools import partial

import torch

from autograder.checks import messages, options
from autograder.checks.choices import choice, shown
from autograder.checks.lr08_schedules import scheduled
from autograder.checks.lr08_schedules.schedule_feedback import (
    Run,
    about_fall,
    about_first,
    about_rise,
    planned_rate,
)
from autograder.checks.numbers import close, number
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed, part
from lrlab import schedules
from lrlab.assignments.answers import is_number

OPTIONS = options.load(__file__)
say = messages.load(__file__)


def q1_floor(student: Student) -> list[Part]:
    """What the table says, what more steps change, and how the floor depends on the rate."""
    expected = _floor(0.4) / _floor(0.1)
    ratio = number(
        student,
        "floor_ratio",
        1,
        lambda value: abs(value / expected - 1) < 0.03,
        say("q1_floor.ratio"),
    )
    return [
        *choice(student, OPTIONS["answer_q1_table"], 1),
        *choice(student, OPTIONS["answer_q1_longer"], 1),
        *ratio,
    ]


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
    rise = "" if all(rises) else about_rise(*_first_wrong(rises, rates))
    fall = "" if all(falls) else about_fall(*_first_wrong(falls, rates))
    return [
        part(1, firsts, say("my_schedule.first.right"), about_first(rates[runs[0]][0], runs[0])),
        part(1, all(rises), say("my_schedule.rise.right"), rise),
        part(2, all(falls), say("my_schedule.fall.right"), fall),
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
            say("distance.loss", schedule=which),
        )
    parts += number(
        student,
        "falling_peak",
        1,
        lambda value: abs(value / 0.06 - 1) < 0.04,
        say("distance.peak"),
    )
    return parts + choice(student, OPTIONS["answer_distance"], 1)


def q3_diagnosis(student: Student) -> list[Part]:
    """One letter: why the run stops learning."""
    return choice(student, OPTIONS["answer_q3"], 1)


def q3_repair(student: Student) -> list[Part]:
    """Five epochs on images of ours: the rates of all steps, and the weights at the end."""
    task = scheduled.make_task(student, "q3_repair", epochs=5)
    reply = student.call("train_by_epoch", *task.arguments)

    def falling(calls: list[int]) -> list[float]:
        return [task.learning_rate * 0.1 ** (count // 2) for count in calls]

    epochs = [step // task.epoch_steps for step in range(task.steps)]

    def about(rates: list[float]) -> str:
        if scheduled.same(rates, falling(list(range(task.steps)))):
            return say("q3_repair.per_batch")
        if len(set(rates)) == 1:
            return say("q3_repair.never")
        if scheduled.same(rates, falling([epoch + 1 for epoch in epochs])):
            return say("q3_repair.early")
        step = next(k for k in range(task.steps) if not close(rates[k], falling(epochs)[k]))
        return say("q3_repair.other", epoch_steps=task.epoch_steps, step=step, rate=rates[step])

    return scheduled.judge_run(task, reply.value, reply.weights[0], falling(epochs), about)


def q4_diagnosis(student: Student) -> list[Part]:
    """One letter: why the run stops with an error."""
    return choice(student, OPTIONS["answer_q4"], 1)


def q4_repair(student: Student) -> list[Part]:
    """Four epochs on images of ours: the rates of all steps, and the weights at the end."""
    task = scheduled.make_task(student, "q4_repair", epochs=4)
    reply = student.call("train_one_cycle", *task.arguments)
    peak = task.learning_rate
    planned = [peak * schedules.one_cycle(k, total_steps=task.steps) for k in range(task.steps)]

    def about(rates: list[float]) -> str:
        if len(set(rates[-3:])) == 1:
            return say("q4_repair.over")
        if rates[-1] > 100 * planned[-1]:
            return say("q4_repair.too_long", rate=rates[-1], fraction=rates[-1] / peak)
        return say("q4_repair.other")

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
        raise StudentFailure(say("my_schedule.no_number", value=shown(value), step=step))
    return float(value)


def _first_wrong(right: list[bool], rates: dict[Run, list[float]]) -> tuple[list[float], Run]:
    """Return the rates of the first run that is wrong, and the run."""
    run = list(rates)[right.index(False)]
    return rates[run], run


def _purity(student: Student, run: Run, before: list[float]) -> Part:
    """Ask once more, from the last step to the first; then for a run without a warm-up."""
    again = [_ask(student, step, run) for step in reversed(range(run[0]))][::-1]
    if again != before:
        return Part(1, 0.0, say("my_schedule.pure.remembers"))
    try:
        first, second = (_ask(student, step, (10, 0, 0.2)) for step in (0, 1))
    except StudentFailure as failure:
        return failed(1, StudentFailure(say("my_schedule.pure.failed", failure=failure)))
    right = close(first, 0.2) and 0 < second < 0.2
    return say.part(1, right, "my_schedule.pure", first=first, second=second)
