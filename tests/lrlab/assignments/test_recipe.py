"""Recipes: what may be handed in, and that the rest stays frozen."""

import math

import pytest
import torch

from lrlab.assignments.recipe import RecipeError, experiment_of

RIGHT = {"optimizer": "SGD", "learning_rate": 0.1, "schedule": "constant", "epochs": 30}


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
