"""What several chapters read in a record."""

import pytest

from evidence.tampering import diverge
from lrlab import runs
from lrlab.evidence import readings
from lrlab.evidence.readings import U_CURVES, gain_at, good_width, mean_and_spread
from lrlab.runs.record import GOOD_GAIN
from lrlab.runs.spread import Difference


def test_a_spread_is_said_with_its_digits():
    assert mean_and_spread({"mean": 0.07123, "std": 0.0062}) == "0.071 ± 0.006"
    assert mean_and_spread({"mean": 0.575, "std": 0.0041}, 2) == "0.57 ± 0.00"


def test_a_paired_difference_is_said_with_its_interval():
    difference = Difference(0.2476, 0.14, 0.3552)
    assert readings.interval(difference) == "+0.248 (+0.140 to +0.355)"
    assert readings.interval(difference, 1) == "+0.2 (+0.1 to +0.4)"


def test_rates_that_cannot_be_told_apart_are_one_or_another():
    assert readings.either([0.22, 0.46]) == "0.22 or 0.46"
    assert readings.either([2.0]) == "2"


@pytest.mark.parametrize("name", U_CURVES)
def test_good_is_what_a_record_calls_good(name):
    record = runs.load(name)
    good = [rate for rate in record.learning_rates if gain_at(record, rate) >= GOOD_GAIN]
    assert (good[0], good[-1]) == record.good
    assert good_width(record) == good[-1] / good[0]
    assert gain_at(record, record.best) == 1


def test_nothing_is_gained_where_a_seed_diverged():
    record = runs.load("mnist_adam_u")
    diverge(record, 1, 0.001)
    assert gain_at(record, 0.001) == 0 and record.good[0] == 0.0022


def test_momentum_has_a_name_of_its_own():
    names = [readings.optimizer(runs.load(name)) for name in U_CURVES]
    assert names == ["SGD", "momentum", "RMSprop", "Adam", "AdamW"]
