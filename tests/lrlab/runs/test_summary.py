"""Mean, spread, and when a run counts as diverged."""

import json
import math

import pytest

from lrlab.runs.experiment import Experiment, Run
from lrlab.runs.spread import spread
from lrlab.runs.summary import has_diverged, log_spaced_steps, summarise
from lrlab.runs.sweep import Sweep
from lrlab.training import Evaluation, History

LN10 = math.log(10)


def make_run(learning_rate=0.1, seed=0, losses=(2.3, 1.0, 0.5), test_loss=0.5, stopped=""):
    history = History([learning_rate] * len(losses), list(losses), [0.1] * len(losses))
    history.stopped = stopped
    return Run(learning_rate, seed, history, None if stopped else Evaluation(test_loss, 0.9))


@pytest.mark.parametrize(
    ("run", "diverged"),
    [
        (make_run(), False),
        (make_run(losses=[2.3, 2.3], test_loss=2.29), False),  # slow: it never rose
        (make_run(losses=[2.3, 9.0, 0.4], test_loss=0.4), False),  # rose and came back
        (make_run(losses=[2.3, 9.0, 2.3], test_loss=LN10), True),  # fell silent
        (make_run(losses=[2.3, math.nan], stopped="diverged at step 1"), True),
        (make_run(losses=[2.3, 2.3], test_loss=math.nan), True),  # lost by its very last step
    ],
)
def test_diverged_is_risen_and_never_back_below_guessing(run, diverged):
    assert has_diverged(run) is diverged


def test_the_best_rate_never_diverged_and_the_good_ones_gained_nearly_as_much():
    runs = [
        make_run(0.01, 0, test_loss=2.7),
        make_run(0.1, 0, test_loss=1.4),
        make_run(0.3, 0, test_loss=1.3),
        make_run(1.0, 0, test_loss=0.1),  # with the next, the lowest mean: 1.2
        make_run(1.0, 1, losses=[2.3, 99.0, 2.3], test_loss=LN10),
    ]
    summary = summarise(Experiment(steps=3, train_size=100, batch_size=10), Sweep(runs, []))
    assert summary.best == 0.3 and summary.good == (0.1, 0.3)
    assert [result["diverged"] for result in summary.results] == [0, 0, 0, 1]
    assert summary.seeds == [0, 1] and summary.learning_rates == [0.01, 0.1, 0.3, 1.0]


def test_a_test_loss_that_is_no_number_counts_in_no_mean_and_can_be_written():
    runs = [make_run(0.1), make_run(9.0, losses=[2.3, 2.4], test_loss=math.nan)]
    summary = summarise(Experiment(steps=3, train_size=100, batch_size=10), Sweep(runs, []))
    json.dumps(summary.document, allow_nan=False)
    assert summary.at(9.0)["test_loss"]["mean"] is None and summary.best == 0.1


def test_a_curve_is_the_mean_since_the_last_point_and_ends_where_a_seed_does():
    runs = [
        make_run(seed=0, losses=[4.0, 2.0, 1.0]),
        make_run(seed=1, losses=[2.0, math.nan], stopped="diverged at step 1"),
    ]
    summary = summarise(Experiment(steps=3, train_size=100, batch_size=10), Sweep(runs, []))
    assert summary.steps == [1, 2, 3]
    curve = summary.results[0]["train_loss"]
    assert curve == {"mean": [3.0, None, None], "low": [2.0, None, None], "high": [4.0, None, None]}


def test_steps_are_spread_evenly_on_a_log_axis():
    steps = log_spaced_steps(1000, 61)
    assert steps[0] == 1 and steps[-1] == 1000 and steps == sorted(set(steps))
    assert 100 in steps and len(steps) > 40


def test_spread_shows_a_run_without_a_result_and_counts_it_in_no_mean():
    assert spread([1.0, None, 3.0]) == {
        "mean": 2.0,
        "std": pytest.approx(1.4142),
        "values": [1.0, None, 3.0],
    }
    assert spread([None])["mean"] is None
