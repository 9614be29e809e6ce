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
    return {name: runs.load(run) for name, run in schedule_builder.RUNS.items()}


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


def test_print_has_a_row_for_each_schedule_and_every_dot_in_sight(records):
    (axes,) = schedule_builder.picture(*records.values()).axes
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == list(schedule_builder.TITLES.values())
    low, high = axes.get_xlim()
    drawn = [x for line in axes.lines if line.get_marker() in "oX" for x in line.get_xdata()]
    assert len(drawn) == 8 * (4 * 20 + 1)  # twenty seeds at four peaks, and a cross at the fifth
    assert low < min(drawn) and max(drawn) < high


def test_every_result_says_how_it_compares_with_the_constant_rate_at_its_best(records):
    state = schedule_builder.state(*records.values())
    constant, *_, cosine, _, _ = state["schedules"]
    assert constant["results"][2]["outcome"] == schedule_builder.ALIKE  # it is that rate
    outcomes = [each["outcome"] for each in cosine["results"]]
    assert outcomes == ["higher", "higher", "about the same", "lower", "higher"]
    assert cosine["results"][-1]["difference"] is None and cosine["results"][-1]["diverged"]
    mean, low, high = cosine["results"][3]["difference"]
    assert 0 < low < mean < high < 0.02
    least, most = state["range"]
    kept = [each for one in state["schedules"] for each in one["results"] if not each["diverged"]]
    assert all(least <= value <= most for each in kept for value in each["test_loss"]["values"])


def test_the_words_name_what_ends_lower_and_what_does_not(records):
    assert schedule_builder.alt(*records.values()).endswith(
        "at its best at 0.22, with 0.054. Compared with it, each at its own best peak, paired by seed, "
        "end lower: multi-step (0.050, peak 0.46), exponential (0.049, peak 0.46), linear (0.045, peak "
        "0.46), cosine (0.045, peak 0.46), one cycle (0.041, peak 0.46), warm-up, stable, decay (0.038, "
        "peak 0.46); about the same: step decay (0.055, peak 0.46)."
    )
