"""What is read back from a record, what is a good rate in it, and what reading loads."""

import json
import math
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lrlab import runs
from lrlab.runs.record import GOOD_GAIN, GUESSING, Record, gain

ROOT = Path(__file__).resolve().parents[3]


def record_of(losses: dict[float, float | None], diverged: tuple[float, ...] = ()) -> Record:
    """Return a record with these mean test losses by rate."""
    return Record(
        {
            "learning_rates": sorted(losses),
            "results": [
                {
                    "learning_rate": rate,
                    "test_loss": {"mean": loss, "values": [loss]},
                    "diverged": int(rate in diverged or loss is None),
                }
                for rate, loss in sorted(losses.items())
            ],
        }
    )


def test_the_attributes_are_what_the_file_says():
    recorded = runs.load("mnist_schedule_cosine")
    plain = json.loads((ROOT / "book/runs/mnist_schedule_cosine.json").read_text())
    assert recorded.document == plain
    for name in ("results", "learning_rates", "seeds", "steps", "experiment"):
        assert getattr(recorded, name) == plain[name]
    assert recorded.caption == plain["data"]["name"]
    assert recorded.at(0.22)["learning_rate"] == 0.22
    schedule = recorded.schedule()
    assert schedule(0) == 1 and schedule(plain["steps"][-1] // 2) == pytest.approx(0.5, abs=0.01)


def test_a_rate_that_was_not_recorded_is_named_with_those_that_were():
    with pytest.raises(KeyError, match=r"0\.2 is not among the recorded rates: .*0\.1, 0\.22"):
        runs.load("mnist_sgd_u").at(0.2)


def test_the_best_rates_are_all_that_the_seeds_cannot_tell_from_the_best():
    """At 0.1 every seed is a little worse, at 0.5 one is better and one worse, at 1.0 one is lost."""
    losses = {
        0.1: [0.21, 0.31, 0.41],
        0.2: [0.20, 0.30, 0.40],
        0.5: [0.10, 0.45, 0.42],
        1.0: [0.01, 0.01, 2.3],
    }
    record = record_of({rate: sum(values) / 3 for rate, values in losses.items()}, diverged=(1.0,))
    for rate, values in losses.items():
        record.at(rate)["test_loss"]["values"] = values
    assert record.best == 0.2 and record.best_rates == [0.2, 0.5]


def test_a_variant_is_a_record_of_its_own():
    recorded = runs.load("mnist_lengths")
    variants = recorded.variants
    assert variants.keys() == recorded.document["variants"].keys()
    short = variants["30 steps"]
    assert short.experiment["steps"] == 30 and short.seeds == recorded.seeds
    assert short.best in short.best_rates and short.caption == "MNIST"


@pytest.mark.parametrize(
    ("name", "best", "good"),
    [
        ("mnist_sgd_u", 0.22, (0.1, 0.46)),
        ("mnist_momentum_u", 0.046, (0.01, 0.1)),
        ("mnist_rmsprop_u", 0.0022, (0.001, 0.01)),
        ("mnist_adam_u", 0.01, (0.001, 0.022)),
        ("mnist_adamw_u", 0.0046, (0.001, 0.022)),
        ("cifar_sgd_u", 0.22, (0.1, 0.22)),
        ("cifar_momentum_u", 0.022, (0.022, 0.046)),
        ("cifar_rmsprop_u", 0.001, (0.00046, 0.0022)),
        ("cifar_adam_u", 0.0022, (0.001, 0.0046)),
        ("cifar_adamw_u", 0.0022, (0.00046, 0.0046)),
    ],
)
def test_the_good_rates_of_both_atlases(name, best, good):
    recorded = runs.load(name)
    assert (recorded.best, recorded.good) == (best, good)
    lowest = recorded.at(best)["test_loss"]["mean"]
    for rate in good:
        loss = recorded.at(rate)["test_loss"]["mean"]
        assert gain(loss, lowest) >= GOOD_GAIN
        assert loss < GUESSING, "at no good rate was nothing learned"


def test_on_mnist_good_is_about_twice_the_lowest_loss_and_on_cifar_10_well_below_guessing():
    """The numbers in the module's docstring."""
    for name, lowest, highest in (("mnist_sgd_u", 0.072, 0.144), ("cifar_adamw_u", 1.42, 1.566)):
        best = runs.load(name).at(runs.load(name).best)["test_loss"]["mean"]
        assert best == pytest.approx(lowest, rel=0.005)
        assert gain(highest, best) == pytest.approx(GOOD_GAIN, abs=0.01)


def test_a_rate_at_which_nothing_was_learned_is_never_good():
    assert record_of({1e-5: 2.29, 1e-3: 1.40, 1e-2: 1.50}).good == (1e-3, 1e-2)


def test_gain_is_one_at_the_best_and_nothing_at_guessing():
    assert gain(0.1, 0.1) == 1
    assert gain(GUESSING, 0.1) == 0
    assert gain(5.0, 0.1) < 0
    assert math.isnan(gain(GUESSING, GUESSING)) and math.isnan(gain(2.4, 2.4))


def test_a_rate_at_which_a_seed_diverged_is_neither_best_nor_good():
    recorded = record_of({0.1: 0.5, 0.3: 0.4, 1.0: 0.2, 3.0: None}, diverged=(1.0,))
    assert recorded.best == 0.3 and recorded.good == (0.1, 0.3)


def test_where_no_rate_beat_guessing_none_is_good():
    assert record_of({0.1: 2.31, 0.3: 2.35}).good is None
    nothing = record_of({0.1: None, 0.3: None})
    assert nothing.best is None and nothing.good is None


def test_whoever_reads_a_record_loads_no_trainer():
    """In a fresh process; every figure and every table of claims there is or will be."""
    program = textwrap.dedent("""
        import importlib, pkgutil, sys
        import lrlab.evidence, lrlab.figures, lrlab.plots, lrlab.quiz, lrlab.runs
        for package in (lrlab.evidence, lrlab.figures):
            for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
                importlib.import_module(module.name)
        lrlab.runs.load("mnist_sgd_u").good
        print({"torch", "lrlab.runs.pool", "lrlab.runs.experiment"} & set(sys.modules))
    """)
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert finished.stdout == "set()\n"


def test_the_bare_record_needs_no_package_at_all():
    program = (
        "import sys, lrlab.runs; lrlab.runs.load('mnist_sgd_u'); print('numpy' in sys.modules)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert finished.stdout == "False\n"
