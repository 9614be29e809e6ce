"""What to tell a student about a schedule that is wrong somewhere: what it gave, what it lacks.

The schedule is that of assignment lr08: a linear warm-up to the peak, then half a cosine wave.
"""

import math

from autograder.checks.lr08_schedules import scheduled
from autograder.checks.numbers import close
from lrlab import schedules

Run = tuple[int, int, float]  # total steps, warm-up steps, peak


def planned_rate(step: int, total_steps: int, warmup_steps: int, peak: float) -> float:
    """Return the rate that ``my_schedule`` should give."""
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    return peak * schedules.cosine(step - warmup_steps, total_steps=total_steps - warmup_steps)


def about_first(rate: float, run: Run) -> str:
    """Return what the first rate of a run lacks."""
    total, warmup, peak = run
    said = f"For {total} steps, {warmup} of them warm-up, and a peak of {peak}, step 0 has a rate "
    if rate == 0:
        return said + "of 0: a step of size zero is a wasted step. Read chapter 8, Code."
    return said + f"of {rate:.3g}, which is not the first step of an even rise. Read the question."


def about_rise(rates: list[float], run: Run) -> str:
    """Return what the rates of a warm-up lack; ``rates`` are those of the whole run."""
    _, warmup, peak = run
    said = f"In a warm-up of {warmup} steps to a peak of {peak} your rates are "
    said += ", ".join(f"{rate:.3g}" for rate in rates[:warmup])
    if rates[warmup - 1] < 0.99 * peak:
        return said + ": the last of them should be the peak. Read chapter 8, Code."
    return said + ": they should rise by the same amount at each step. Read chapter 8, Code."


def about_fall(rates: list[float], run: Run) -> str:
    """Return what the rates after the warm-up lack; ``rates`` are those of the whole run."""
    total, warmup, peak = run
    plan = [planned_rate(step, *run) for step in range(total)]
    theirs, rest = rates[warmup:], total - warmup
    said = f"For {total} steps, {warmup} of them warm-up, and a peak of {peak}: "

    def wave(start: int, length: int) -> list[float]:
        return [peak * (1 + math.cos(math.pi * (start + k) / length)) / 2 for k in range(rest)]

    if scheduled.same([rate * peak for rate in theirs], plan[warmup:]):
        return said + "you return the fraction of the peak, not the rate."
    if len({round(rate, 9) for rate in theirs}) <= rest / 2:
        return said + (
            "several steps in a row have the same rate. A schedule here counts steps, not epochs. "
            "Read chapter 8, Code."
        )
    if scheduled.same(theirs[:-1], wave(1, rest)[:-1]):
        return said + "the wave comes one step early: its first step should still have the peak."
    if abs(theirs[-1]) < 1e-9 * peak:
        return said + (
            "the last step has a rate of 0, so the wave ends one step too early. Read the question."
        )
    if scheduled.same(theirs, wave(warmup, total)):
        return said + (
            "the wave begins at step 0, so a part of it is over when the warm-up ends. It should "
            "begin after the warm-up."
        )
    if scheduled.same(theirs, [peak * (1 - k / rest) for k in range(rest)]):
        return said + "the rate falls along a straight line, not along half a cosine wave."
    step = next(k for k in range(warmup, total) if not close(rates[k], plan[k]))
    return said + (
        f"step {step} has a rate of {rates[step]:.4g}, which does not lie on half a cosine wave "
        "from the end of the warm-up to one step after the last. Read chapter 8, Code."
    )
