"""The data of the schedule figure: small, and true to the schedules that the runs used."""

import json
from functools import partial
from pathlib import Path

import numpy
import pytest

from lrlab import runs, schedules
from lrlab.figures import schedule_builder

ROOT = Path(__file__).parents[3]
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


@pytest.fixture
def records(monkeypatch):
    monkeypatch.chdir(ROOT)
    return {name: runs.load(f"mnist_schedule_{name}") for name in schedule_builder.TITLES}


@pytest.mark.parametrize("name", schedule_builder.TITLES)
def test_a_record_is_drawn_with_its_own_schedule(name, records):
    record = records[name]
    assert record.experiment["schedule"] == name
    schedule = record.schedule()
    assert max(schedule(step) for step in range(record.steps[-1])) == pytest.approx(1, abs=1e-3)


def test_all_records_fit_together_and_into_a_figure(records):
    state = schedule_builder.state(*records.values())
    assert len(json.dumps(state)) < 50_000
    assert {len(each["results"]) for each in state["schedules"]} == {len(state["learning_rates"])}
    assert state["schedules"][0]["name"] == "constant"  # what the others are compared with
    assert state["steps"][-1] == state["total_steps"]


def test_print_has_a_row_for_each_schedule(records):
    (axes,) = schedule_builder.picture(*records.values()).axes
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == list(schedule_builder.TITLES.values())
    assert axes.get_title() == "Two epochs of SGD (MNIST)"


def test_the_words_name_what_ends_lower_and_what_higher(records):
    assert schedule_builder.alt(*records.values()).endswith(
        "at its best at 0.22, with 0.052. Below it end one cycle (0.042, peak 0.46) and warm-up, "
        "stable, decay (0.038, peak 0.46); above it end step decay (0.066, peak 0.22) and "
        "exponential (0.059, peak 0.46)."
    )
