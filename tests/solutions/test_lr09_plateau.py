"""What lr09_plateau says is true: the recorded run, the two bugs, and the points."""

from itertools import pairwise
from pathlib import Path

import pytest

from autograder.checks.lr09_plateau import RECORDED
from autograder.checks.lr09_plateau.plateau_feedback import falls
from lrlab import plateau, runs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def variables(master, points, define) -> dict:
    """The variables after all cells but the visible checks have run."""
    return define(
        cell.source for cell in master.cells if cell.cell_type == "code" and cell.id not in points
    )


def test_points_add_up_and_match_the_table(points, promised):
    assert sum(points.values()) == sum(promised) == 20


def test_the_losses_of_question_1_are_those_that_were_recorded(cells, variables, monkeypatch):
    monkeypatch.chdir(ROOT)
    case = runs.load("cifar_case")
    first_seed = case.at(0.001)["validation_loss"]["values"][0]
    assert variables["recorded"] == RECORDED == pytest.approx(first_seed, rel=1e-3)
    for patience in range(12):  # rounded to four digits, they still say the same
        assert falls(RECORDED, patience) == falls(first_seed, patience)
    assert any(case.caption in source for source in cells.values())
    assert case.experiment["held_out"] == 10_000 and case.experiment["batch_size"] == 64


def test_question_1(variables):
    found = {patience: falls(RECORDED, patience) for patience in (2, 10)}
    assert variables["answer_q1_first"] == found[2][0]
    assert variables["answer_q1_default"] == len(found[10])
    assert len(found[10]) <= 1 < len(found[2])  # B explains it; C is wrong, there is a plateau
    for patience in (2, 10):  # D: without a threshold the rate falls after the same epochs
        assert falls(RECORDED, patience, 0.0) == found[patience]


@pytest.mark.parametrize("patience", [0, 2, 5])
def test_the_master_and_the_library_and_torch_agree(variables, patience):
    expected = falls(RECORDED, patience, 0.01)
    assert variables["trigger_epochs"](RECORDED, patience, 0.01) == expected
    found = plateau.reductions(RECORDED, patience=patience, threshold=0.01)
    assert [index + 1 for index in found] == expected


def test_bug_hunt_1_falls_while_the_loss_does(variables):
    names = ("images", "labels", "held_images", "held_labels")
    arguments = [variables[name] for name in names]
    broken = variables["train_broken"](variables["fresh_model"](), *arguments, 0.05, 7)
    rates, losses = broken
    assert losses == sorted(losses, reverse=True)  # A: it falls all the time
    assert rates == pytest.approx([0.05] * 3 + [0.005] * 2 + [0.0005] * 2)  # C: once an epoch
    fixed = variables["train_repaired"](variables["fresh_model"](), *arguments, 0.05, 7)
    assert fixed[0] == [0.05] * 7 and fixed[1][-1] < losses[-1]
    # B: with the metric that never changes, a patience of 3 puts the falls off and keeps them.
    assert falls([0] * 20, 1)[:3] == [3, 5, 7] and falls([0] * 20, 3)[:3] == [5, 9, 13]


def test_bug_hunt_2_falls_while_the_accuracy_rises(variables):
    rising = [0.50, 0.58, 0.63, 0.67, 0.70, 0.72, 0.74, 0.75]
    rates = variables["rates_broken"](rising, 0.1, 2)
    assert rates[0] == 0.1 and rates[-1] == pytest.approx(0.001)  # D: the first one is the given
    assert variables["rates_repaired"](rising, 0.1, 2) == [0.1] * 8
    assert len(variables["rates_broken"](rising, 0.1, 4)) == 8
    assert falls(rising, 4) != []  # B: a longer patience keeps the falls
    assert all(b - a > 0.0001 * b for a, b in pairwise(rising))  # C
