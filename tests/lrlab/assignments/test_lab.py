"""The lab: its levels tell right recipes from the baseline, and its records are its own."""

import random
from statistics import fmean, median

import pytest

from lrlab import runs
from lrlab.assignments import lab
from lrlab.assignments.recipe import experiment_of
from lrlab.training import Evaluation

RIGHT = {"optimizer": "SGD", "learning_rate": 0.1, "schedule": "constant", "epochs": 30}
RUNS = 3  # the judge takes the middle one


def test_a_level_asks_for_both_numbers():
    assert lab.points(Evaluation(loss=1.2, accuracy=0.68)) == 6
    assert lab.points(Evaluation(loss=1.3, accuracy=0.90)) == 4
    assert lab.points(Evaluation(loss=0.5, accuracy=0.62)) == 2
    assert lab.points(Evaluation(loss=1.7, accuracy=0.90)) == 0
    assert lab.points(lab.LOST) == 0


def results(name: str) -> list[Evaluation]:
    """Return the recorded results on the held-out images, one a seed."""
    (recorded,) = runs.load(name).results
    pairs = zip(recorded["test_loss"]["values"], recorded["test_accuracy"]["values"], strict=True)
    return [lab.LOST if loss is None else Evaluation(loss, accuracy) for loss, accuracy in pairs]


def judged(recorded: list[Evaluation], count: int = 20_000) -> list[Evaluation]:
    """Return what the judge would see: the middle of random threes of the recorded seeds."""
    draw = random.Random(0)
    threes = [draw.sample(recorded, RUNS) for _ in range(count)]
    return [
        Evaluation(median(r.loss for r in three), median(r.accuracy for r in three))
        for three in threes
    ]


def share(recorded: list[Evaluation], level: lab.Level) -> float:
    """Return how often the judge would find the level reached."""
    return fmean(level.reached(result) for result in judged(recorded))


def test_a_right_recipe_passes_and_the_baseline_never_does():
    assert min(len(results(name)) for name in ("lab_recipe", "lab_baseline", "lab_stretch")) >= 100
    assert share(results("lab_recipe"), lab.SCALE[-1]) >= 0.99
    assert share(results("lab_stretch"), lab.STRETCH) >= 0.99
    # Not even a single seed of the baseline reaches the lowest level, so no three of them do.
    assert not any(lab.SCALE[0].reached(result) for result in results("lab_baseline"))


def test_without_the_extra_change_no_recorded_run_reaches_the_stretch():
    assert not any(lab.STRETCH.reached(result) for result in results("lab_recipe"))
    for name in ("lab_limit_sgd", "lab_limit_adam"):
        for recorded in runs.load(name).results:
            accuracy = recorded["test_accuracy"]["values"]
            assert max(accuracy) < lab.STRETCH.accuracy


def test_the_records_are_the_labs_own_recipes():
    """One seed of each, live: the recorder and the judge train the same thing."""
    for name, recipe, may_augment in (
        ("lab_baseline", lab.BASELINE, False),
        ("lab_recipe", RIGHT, False),
        (
            "lab_stretch",
            {
                "optimizer": "Adam",
                "learning_rate": 0.006,
                "schedule": "one_cycle",
                "epochs": 100,
                "augment": "shift",
            },
            True,
        ),
    ):
        frozen, rate = experiment_of(recipe, may_augment=may_augment)
        recorded = runs.load(name)
        assert recorded.experiment == {**vars(frozen)}
        assert recorded.learning_rates == [rate]
        live = lab.judge(recipe, [0], may_augment=may_augment)
        # Rounding differs between processors, and a run of hundreds of steps enlarges it.
        assert live.accuracy == pytest.approx(results(name)[0].accuracy, abs=0.05)
        assert live.loss == pytest.approx(results(name)[0].loss, rel=0.2)
