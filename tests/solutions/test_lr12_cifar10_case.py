"""What lr12_cifar10_case claims is true: its numbers, its broken programs, its lab's levels."""

from statistics import fmean

import pytest
import torch
from torch import optim

from autograder.checks.lr12_cifar10_case import LOWEST_EPOCH
from lrlab import runs
from lrlab.assignments import lab

NEEDED = (
    "train_loss = [",
    "def fresh_model",
    "def make_schedule",
    "def start",
    "def train_broken",
)


@pytest.fixture(scope="module")
def variables(cells, define) -> dict:
    """The variables after the set-up, the given numbers and the given programs have run."""
    return define(source for source in cells.values() if any(word in source for word in NEEDED))


def test_points_add_up_and_match_the_table(points, promised):
    assert sum(points.values()) == sum(promised) == 20


def test_the_tables_of_the_lab_are_the_levels(cells):
    text = next(source for source in cells.values() if "| points | accuracy at least |" in source)
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")][1:]
    said = [(int(a), int(b.strip(" %")) / 100, float(c)) for a, b, c in rows]
    assert said == [(level.points, level.accuracy, level.loss) for level in lab.SCALE]
    assert (lab.STRETCH.points, lab.STRETCH.accuracy, lab.STRETCH.loss) == (2, 0.8, 0.8)
    assert any("## The stretch: 80 % and 0.8 (2 points)" in source for source in cells.values())
    baseline = next(source for source in cells.values() if source.startswith("baseline = "))
    assert eval(baseline.splitlines()[0].partition("=")[2]) == lab.BASELINE


def test_question_1(variables):
    train, validation = (
        {what: variables[f"{on}_{what}"] for what in ("loss", "accuracy")}
        for on in ("train", "validation")
    )
    loss = validation["loss"]
    assert loss.index(min(loss)) + 1 == LOWEST_EPOCH == 15
    assert sorted(loss)[1] > min(loss)  # one epoch alone is the lowest
    assert train["loss"] == sorted(train["loss"], reverse=True)  # b, A is wrong; c, B too
    assert train["accuracy"][-1] > 0.7  # b, B is wrong
    assert loss[19] > loss[14] + 0.02  # b, D is wrong; c, A; c, C is wrong
    assert min(loss) > 0.8
    assert train["accuracy"][19] - train["accuracy"][14] > 0.02  # b; c, D
    assert validation["accuracy"][19] - validation["accuracy"][14] < 0.01


def test_the_numbers_of_question_1_are_the_recorded_ones(variables):
    recorded = runs.load("cifar_case").at(0.001)
    for name in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"):
        means = [fmean(epoch) for epoch in zip(*recorded[name]["values"], strict=True)]
        assert variables[name] == pytest.approx(means, abs=0.00051)


def test_question_2(variables):
    model = variables["fresh_model"]()
    images, labels = variables["images"], variables["labels"]
    rates, checkpoint = variables["start"](model, images, labels, 0.05, 8)
    after = variables["resume_broken"](
        variables["fresh_model"](1), checkpoint, images, labels, steps=4
    )
    assert rates[-1] == pytest.approx(0.05 * 0.9**7)
    assert after[0] == pytest.approx(0.05)  # the rate of the very first step
    assert after[1:] == pytest.approx([0.05 * 0.9**step for step in (9, 10, 11)])
    saved = checkpoint["optimizer"]["param_groups"][0]["lr"]
    assert saved == pytest.approx(0.05 * 0.9**8)  # a, A is wrong
    optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    optimizer.load_state_dict(checkpoint["optimizer"])
    assert optimizer.param_groups[0]["lr"] == saved  # a, D is wrong
    variables["make_schedule"](optimizer)
    assert optimizer.param_groups[0]["lr"] == 0.05  # a, B


def test_question_3(variables, capsys):
    model = variables["fresh_model"]()
    before = {name: each.clone() for name, each in model.state_dict().items()}
    images, labels = variables["images"], variables["labels"]
    losses = variables["train_broken"](model, images, labels, 0.1, 4)
    assert len(set(losses)) == 1
    assert all(torch.equal(each, before[name]) for name, each in model.state_dict().items())
    said = capsys.readouterr().out.splitlines()
    assert all(float(line.rpartition(" ")[2]) > 0.1 for line in said)  # a, B is wrong
    losses = variables["train_broken"](model, images, labels, 100.0, 4)
    assert len(set(losses)) == 1  # a, A is wrong


def test_the_hidden_images_are_harder_by_about_as_much_as_the_lab_says():
    """About 5 points of a hundred, and about 0.15: measured with the recipe of the master."""
    recipe = {**lab.BASELINE, "learning_rate": 0.1}
    tried = [lab.try_out(recipe, seed)[1] for seed in range(3)]
    judged = lab.judge(recipe, range(3))
    assert 0.02 < fmean(each.accuracy for each in tried) - judged.accuracy < 0.08
    assert 0.05 < judged.loss - fmean(each.loss for each in tried) < 0.25
