"""Answers to the questions about chapter 8, schedules; see ``answers``."""

import math

from autograder.checks.lr_test.answers import Number
from lrlab import schedules


def step_decay_rate(rate: float, step_size: int, gamma: float, epoch: int) -> Number:
    """The rate of StepLR in one epoch."""
    right = rate * schedules.step_decay(epoch, step_size=step_size, gamma=gamma)
    return right, {"once": rate * gamma, "one_more": right * gamma, "never": rate}


def multi_step_rate(rate: float, milestones: list[int], gamma: float, epoch: int) -> Number:
    """The rate of MultiStepLR in one epoch."""
    right = rate * schedules.multi_step(epoch, milestones=milestones, gamma=gamma)
    taken_away = rate * schedules.multi_step(epoch, milestones=milestones, gamma=1 - gamma)
    return right, {
        "one_less": right / gamma,
        "one_more": right * gamma,
        "taken_away": taken_away,
    }


def cosine_rate(rate: float, step: int) -> Number:
    """The rate of a cosine schedule of 200 steps."""
    right = rate * schedules.cosine(step, total_steps=200)
    return right, {
        "linear": rate * schedules.linear(step, total_steps=200),
        "rising": rate - right,
        "quarter_wave": rate * math.cos(math.pi / 2 * step / 200),
    }


def exponential_gamma(start: float, end: float, epochs: int) -> Number:
    """The factor an epoch that leads from ``start`` in epoch 0 to ``end`` in ``epochs``, by bisection."""
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        too_far = start * schedules.exponential(epochs, gamma=middle) < end
        low, high = (middle, high) if too_far else (low, middle)
    return high, {
        "whole": end / start,
        "shared": end / start / epochs,
        "straight": 1 - (1 - end / start) / epochs,
    }


def per_batch_stepping(rate: float, batches: int, step_size: int, gamma: float) -> Number:
    """The rate after one epoch in which StepLR was stepped at every batch."""
    right = rate * schedules.step_decay(batches, step_size=step_size, gamma=gamma)
    return right, {"as_meant": rate, "once": rate * gamma, "one_more": right * gamma}


def warmup_rate(peak: float, warmup_steps: int, step: int) -> Number:
    """The rate of one step of a warm-up."""
    right = peak * schedules.warmup_stable_decay(
        step, total_steps=1000, warmup_steps=warmup_steps, decay_steps=0
    )
    return right, {
        "from_zero": peak * step / warmup_steps,
        "peak_at_once": peak,
        "whole_run": peak * (step + 1) / 1000,
    }
