"""The data of the schedule figure: small, and true to the schedules that the runs used."""

import json
from functools import partial

import numpy
import pytest

from lrlab import schedules
from lrlab.figures import schedule_builder

STEPS = 1000
SHAPES = {
    "constant": schedules.constant,
    "step_decay": partial(schedules.step_decay, step_size=333),
    "exponential": partial(schedules.exponential, gamma=0.995),
    "cosine": partial(schedules.cosine, total_steps=STEPS),
    "one_cycle": partial(schedules.one_cycle, total_steps=STEPS),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_line_through_the_corners_is_the_schedule(name):
    fractions = [SHAPES[name](step) for step in range(STEPS)]
    corners = schedule_builder.corners(fractions)
    steps, values = zip(*corners, strict=True)
    assert steps[0] == 0 and steps[-1] == STEPS - 1 and len(steps) < 40
    gaps = abs(numpy.interp(range(STEPS), steps, values) - fractions)
    assert gaps.max() < schedule_builder.CLOSE + 0.001  # three digits are kept


@pytest.mark.parametrize("name", schedule_builder.TITLES)
def test_a_record_is_drawn_with_its_own_schedule(name):
    record = schedule_builder.recorded(name)
    assert record["experiment"]["schedule"] == name
    schedule = schedule_builder.schedule_of(record)
    assert max(schedule(step) for step in range(record["steps"][-1])) == pytest.approx(1, abs=1e-3)


def test_all_records_fit_together_and_into_a_figure():
    state = schedule_builder.together()
    assert len(json.dumps(state)) < 50_000
    assert {len(each["results"]) for each in state["schedules"]} == {len(state["learning_rates"])}
    assert state["schedules"][0]["name"] == "constant"  # what the others are compared with
    assert state["steps"][-1] == state["total_steps"]
