"""The plateau figure's curves, and how often the rule acts on them in print."""

from pathlib import Path

import pytest

from lrlab import plateau, runs
from lrlab.figures import plateau as figure


@pytest.fixture
def record(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])
    return runs.load("cifar_case")


def test_every_curve_covers_the_run_and_says_where_it_is_from(record):
    curves = figure.state(record)["curves"]
    assert {len(curve["loss"]) for curve in curves} == {record.experiment["epochs"]}
    recorded = [curve["name"].endswith(", recorded") for curve in curves]
    assert recorded == [True] * 3 + [False] * 2
    assert all(curve["name"].endswith(", made up") for curve in curves[3:])
    assert curves[0]["loss"] == record.at(0.001)["validation_loss"]["values"][0]


def test_print_counts_the_falls_of_each_curve(record):
    (axes,) = figure.picture(record).axes
    for line, curve in zip(axes.lines, figure.state(record)["curves"], strict=True):
        counts = [len(plateau.reductions(curve["loss"], patience=each)) for each in range(11)]
        assert line.get_label() == curve["name"] and list(line.get_ydata()) == counts


def test_the_words_hold_for_every_curve(record):
    assert figure.alt(record).endswith("with a patience of 10 at most once.")
    for curve in figure.state(record)["curves"]:
        assert len(plateau.reductions(curve["loss"], patience=10)) <= 1
