"""What a recipe's parts say: what was reached, what is asked, and what is missed."""

import math

import pytest
import torch

from autograder.checks import lr12_cifar10_case as checks
from autograder.checks.lr12_cifar10_case import recipes
from autograder.judge.verdict import StudentFailure
from lrlab.assignments import lab
from lrlab.training import Evaluation

RECIPE = {"optimizer": "SGD", "learning_rate": 0.1, "schedule": "constant", "epochs": 1}


class FakeStudent:
    """A submission whose variables are all the same value."""

    def __init__(self, value: object) -> None:
        self.value = value

    def variable(self, name: str) -> object:
        return self.value

    def generator(self, purpose: str) -> torch.Generator:
        return torch.Generator().manual_seed(len(purpose))


@pytest.mark.parametrize(
    ("result", "points", "said"),
    [
        (Evaluation(loss=0.9, accuracy=0.73), 6, "73.0% of the held-out images right"),
        (Evaluation(loss=1.3, accuracy=0.75), 4, "your loss missed it. Look at the loss"),
        (Evaluation(loss=1.7, accuracy=0.75), 0, "your loss missed it. Look at the loss"),
        (Evaluation(loss=1.1, accuracy=0.66), 4, "your accuracy missed it. Sweep"),
        (Evaluation(loss=1.5, accuracy=0.62), 2, "your accuracy and your loss missed it. Sweep"),
        (lab.LOST, 0, "at a loss of inf"),
    ],
)
def test_each_level_that_is_reached_counts(monkeypatch, result, points, said):
    monkeypatch.setattr(checks, "trained", lambda student, name: result)
    parts = checks.lab_recipe(FakeStudent(RECIPE))
    assert math.fsum(part.earned for part in parts) == points == lab.points(result)
    assert math.fsum(part.points for part in parts) == 6
    assert said in " ".join(part.message for part in parts)


def test_the_stretch_is_all_or_nothing(monkeypatch):
    for result, points in (
        (Evaluation(loss=0.80, accuracy=0.80), 2),
        (Evaluation(loss=0.81, accuracy=0.90), 0),
        (Evaluation(loss=0.50, accuracy=0.79), 0),
    ):
        monkeypatch.setattr(checks, "trained", lambda *_, result=result, **__: result)
        (part,) = checks.stretch(FakeStudent(RECIPE))
        assert part.earned == points


def test_the_judge_trains_with_the_submissions_seeds_and_one_thread(monkeypatch):
    calls = []

    def judge(recipe, seeds, *, may_augment):
        calls.append((seeds, torch.get_num_threads(), may_augment))
        return Evaluation(loss=1.0, accuracy=0.7)

    monkeypatch.setattr(recipes.lab, "judge", judge)
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    for name in ("my_recipe", "my_recipe", "stretch_recipe"):
        recipes.trained(FakeStudent(RECIPE), name, may_augment=name != "my_recipe")
    first, again, other = calls
    assert first == again
    assert first[0] != other[0]
    assert len(set(first[0])) == recipes.RUNS and first[1] == 1
    assert (first[2], other[2]) == (False, True)
    assert torch.get_num_threads() == 2
    torch.set_num_threads(threads)


@pytest.mark.parametrize("value", [None, 3, {}, {**RECIPE, "epochs": 10**9}])
def test_what_cannot_be_trained_is_never_trained(monkeypatch, value):
    monkeypatch.setattr(recipes.lab, "judge", None)
    with pytest.raises(StudentFailure, match="my_recipe"):
        recipes.trained(FakeStudent(value), "my_recipe")
