"""The lab: only recipes are trained, and its levels tell right ones from the baseline."""

import math
import random
from statistics import fmean, median

import pytest
import torch

from lrlab import augment, runs
from lrlab.assignments import lab
from lrlab.assignments.recipe import RecipeError, experiment_of
from lrlab.training import Evaluation

RIGHT = {"optimizer": "SGD", "learning_rate": 0.1, "schedule": "constant", "epochs": 30}
RUNS = 3  # the judge takes the middle one


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (None, "a recipe is a dictionary"),
        ({}, "`optimizer` is missing; `learning_rate` is missing"),
        ({**RIGHT, "optimizer": "LBFGS"}, "`optimizer` is 'LBFGS'; choose from SGD"),
        ({**RIGHT, "optimizer": ["SGD"]}, "`optimizer` is ['SGD']"),
        ({**RIGHT, "learning_rate": math.nan}, "`learning_rate` is nan"),
        ({**RIGHT, "learning_rate": math.inf}, "`learning_rate` is inf"),
        ({**RIGHT, "learning_rate": "0.1"}, "`learning_rate` is '0.1'"),
        ({**RIGHT, "learning_rate": True}, "`learning_rate` is True"),
        ({**RIGHT, "learning_rate": 0}, "a number above 0"),
        ({**RIGHT, "learning_rate": torch.tensor(0.1)}, "`learning_rate` is tensor"),
        ({**RIGHT, "epochs": 101}, "`epochs` is 101; give a whole number from 1 to 100"),
        ({**RIGHT, "epochs": 3.0}, "`epochs` is 3.0"),
        ({**RIGHT, "momentum": 1.0}, "`momentum` is 1.0"),
        ({**RIGHT, "momentum": torch.ones(2)}, "`momentum` is tensor"),
        ({**RIGHT, "optimizer": "Adam", "momentum": 0.9}, "a setting of SGD and RMSprop"),
        ({**RIGHT, "schedule": "steps"}, "`schedule` is 'steps'; choose from constant"),
        ({**RIGHT, "schedule": ["cosine"]}, "`schedule` is ['cosine']"),
        ({**RIGHT, "schedule": "step_decay"}, "'step_decay' needs `step_size`"),
        ({**RIGHT, "schedule_options": {"final": 0}}, "'constant' has no setting 'final'"),
        ({**RIGHT, "schedule_options": 3}, "`schedule_options` is 3"),
        ({**RIGHT, "batch_size": 8}, "'batch_size' is not part of a recipe"),
        ({**RIGHT, "train_size": 6000}, "'train_size' is not part of a recipe"),
        ({**RIGHT, "augment": "shift"}, "`augment` changes the images"),
    ],
)
def test_what_is_not_a_recipe_is_refused_with_the_reason(recipe, said):
    with pytest.raises(RecipeError) as refusal:
        experiment_of(recipe)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("schedule", "options", "said"),
    [
        ("step_decay", {"step_size": 0}, "cannot be computed at step 0"),
        ("step_decay", {"step_size": "3"}, "`step_size` is '3'"),
        ("exponential", {"gamma": 1e300}, "cannot be computed at step 2"),
        ("exponential", {"gamma": -1.0}, "gives -1.0 at step 1"),
        ("linear", {"total_steps": 5}, "has no setting 'total_steps'"),
        ("warmup_stable_decay", {"warmup_steps": 80, "decay_steps": 80}, "cannot be computed"),
    ],
)
def test_a_schedule_that_cannot_be_used_is_refused(schedule, options, said):
    with pytest.raises(RecipeError, match=said):
        experiment_of({**RIGHT, "schedule": schedule, "schedule_options": options})


def test_a_recipe_changes_nothing_that_is_frozen():
    frozen, rate = experiment_of(
        {
            **RIGHT,
            "momentum": 0.9,
            "schedule": "multi_step",
            "schedule_options": {"milestones": [30, 60]},
        }
    )
    assert rate == 0.1
    assert (frozen.dataset, frozen.model, frozen.batch_size) == ("mnist", "SimpleCNN", 64)
    assert (frozen.train_size, frozen.test_size, frozen.augment) == (192, 1000, "none")
    assert frozen.optimizer_options == {"momentum": 0.9}
    assert frozen.make_schedule()(31) == pytest.approx(0.1)
    shifted, _ = experiment_of({**RIGHT, "augment": "shift"}, may_augment=True)
    assert shifted.augment == "shift"


def test_a_level_asks_for_both_numbers():
    assert lab.points(Evaluation(loss=1.2, accuracy=0.68)) == 6
    assert lab.points(Evaluation(loss=1.3, accuracy=0.90)) == 4
    assert lab.points(Evaluation(loss=0.5, accuracy=0.62)) == 2
    assert lab.points(Evaluation(loss=1.7, accuracy=0.90)) == 0
    assert lab.points(lab.LOST) == 0


def test_a_shift_moves_each_image_and_mirrors_none():
    images = torch.zeros(300, 1, 28, 28)
    images[:, 0, 10, 8] = 1.0
    changed = augment.shift(images, augment.generator(0, 0))
    places = changed.flatten(1).argmax(1)
    rows, columns = places // 28, places % 28
    assert set(rows.tolist()) == set(range(7, 14))
    assert set(columns.tolist()) == set(range(5, 12))  # mirrored, it would be at 16 to 22


def results(name: str) -> list[Evaluation]:
    """Return the recorded results on the held-out images, one a seed."""
    (recorded,) = runs.load(name)["results"]
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
        for recorded in runs.load(name)["results"]:
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
        assert recorded["experiment"] == {**vars(frozen)}
        assert recorded["learning_rates"] == [rate]
        live = lab.judge(recipe, [0], may_augment=may_augment)
        # Rounding differs between processors, and a run of hundreds of steps enlarges it.
        assert live.accuracy == pytest.approx(results(name)[0].accuracy, abs=0.05)
        assert live.loss == pytest.approx(results(name)[0].loss, rel=0.2)
