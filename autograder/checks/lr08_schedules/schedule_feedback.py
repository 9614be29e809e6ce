"""What to tell a student about a schedule that is wrong somewhere: what it gave, what it lacks.

The schedule is that of assignment lr08: a linear warm-up to the peak, then half a cosine wave.
"""

import math

from autograder.checks import messages
from autograder.checks.lr08_schedules import scheduled
from autograder.checks.numbers import close
from lrlab import schedules

say = messages.load(__file__)
Run = tuple[int, int, float]  # total steps, warm-up steps, peak


def planned_rate(step: int, total_steps: int, warmup_steps: int, peak: float) -> float:
    """Return the rate that ``my_schedule`` should give."""
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    return peak * schedules.cosine(step - warmup_steps, total_steps=total_steps - warmup_steps)


def about_first(rate: float, run: Run) -> str:
    """Return what the first rate of a run lacks."""
    total, warmup, peak = run
    lacks = "zero" if rate == 0 else "wrong"
    return say(f"my_schedule.first.{lacks}", total=total, warmup=warmup, peak=peak, rate=rate)


def about_rise(rates: list[float], run: Run) -> str:
    """Return what the rates of a warm-up lack; ``rates`` are those of the whole run."""
    _, warmup, peak = run
    lacks = "low" if rates[warmup - 1] < 0.99 * peak else "wrong"
    listed = ", ".join(f"{rate:.3g}" for rate in rates[:warmup])
    return say(f"my_schedule.rise.{lacks}", warmup=warmup, peak=peak, rates=listed)


def about_fall(rates: list[float], run: Run) -> str:
    """Return what the rates after the warm-up lack; ``rates`` are those of the whole run."""
    total, warmup, peak = run
    why = _no_half_wave(rates, run)
    return say("my_schedule.fall.wrong", total=total, warmup=warmup, peak=peak, why=why)


def _no_half_wave(rates: list[float], run: Run) -> str:
    total, warmup, peak = run
    plan = [planned_rate(step, *run) for step in range(total)]
    theirs, rest = rates[warmup:], total - warmup

    def wave(start: int, length: int) -> list[float]:
        return [peak * (1 + math.cos(math.pi * (start + k) / length)) / 2 for k in range(rest)]

    if scheduled.same([rate * peak for rate in theirs], plan[warmup:]):
        return say("my_schedule.fall.fraction")
    if len({round(rate, 9) for rate in theirs}) <= rest / 2:
        return say("my_schedule.fall.epochs")
    if scheduled.same(theirs[:-1], wave(1, rest)[:-1]):
        return say("my_schedule.fall.early")
    if abs(theirs[-1]) < 1e-9 * peak:
        return say("my_schedule.fall.zero")
    if scheduled.same(theirs, wave(warmup, total)):
        return say("my_schedule.fall.from_zero")
    if scheduled.same(theirs, [peak * (1 - k / rest) for k in range(rest)]):
        return say("my_schedule.fall.line")
    step = next(k for k in range(warmup, total) if not close(rates[k], plan[k]))
    return say("my_schedule.fall.other", step=step, rate=rates[step])
