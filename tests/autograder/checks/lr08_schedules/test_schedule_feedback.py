"""What a student is told of a schedule that is wrong at some step."""

import math

import pytest

from autograder.checks.lr08_schedules.schedule_feedback import (
    about_fall,
    about_first,
    about_rise,
    planned_rate,
)

RUN = (24, 5, 0.3)  # total steps, warm-up steps, peak


def half_wave(progress: float) -> float:
    return RUN[2] * (1 + math.cos(math.pi * progress)) / 2


WRONG = {
    "you return the fraction of the peak": lambda step: planned_rate(step, 24, 5, 1.0),
    "A schedule here counts steps, not epochs": lambda step: planned_rate(step // 4 * 4, *RUN),
    "the last step has a rate of 0": lambda step: half_wave((step - 5) / 18),
    "the wave begins at step 0": lambda step: half_wave(step / 24),
    "the wave comes one step early": lambda step: half_wave((step - 4) / 19),
    "along a straight line": lambda step: RUN[2] * (1 - (step - 5) / 19),
    "step 6 has a rate of 0.2": lambda step: RUN[2] if step == 5 else 0.2 + step / 1e4,
}


@pytest.mark.parametrize("piece", WRONG)
def test_a_wrong_fall_is_recognised(piece):
    assert piece in about_fall([WRONG[piece](step) for step in range(24)], RUN)


def test_a_wrong_rise_and_a_first_step_of_zero():
    assert "a step of size zero is a wasted step" in about_first(0.0, RUN)
    assert "not the first step of an even rise" in about_first(0.3, RUN)
    assert "the last of them should be the peak" in about_rise([0, 0.06, 0.12, 0.18, 0.24], RUN)
    assert "by the same amount" in about_rise([0.06, 0.1, 0.2, 0.28, 0.3], RUN)


def test_no_message_holds_the_right_rate():
    told = about_fall([WRONG["along a straight line"](step) for step in range(24)], RUN)
    assert f"{planned_rate(9, *RUN):.3g}" not in told
