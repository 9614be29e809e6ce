"""The curves of the CIFAR-10 case: as many points a run, and words that follow the numbers."""

import json
from pathlib import Path

import pytest

from lrlab import runs
from lrlab.figures import case_curves


@pytest.fixture
def records(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])
    return [runs.load(name) for name in ("cifar_case", "cifar_augmented", "cifar_augmented_decay")]


def test_all_runs_have_as_many_points_because_they_share_a_slider(records):
    state = case_curves.state(*records)
    assert {len(run["epochs"]) for run in state["runs"]} == {20}
    assert [run["epochs"][-1] for run in state["runs"]] == [20, 20, 20, 40, 40]
    for run in state["runs"]:
        assert {len(run[quantity]["mean"]) for quantity in case_curves.QUANTITIES} == {20}
    assert len(json.dumps(state)) < 15_000


def test_a_band_reaches_from_the_lowest_to_the_highest_seed():
    result = {"train_loss": {"values": [[2.0, 1.0], [4.0, 1.5]]}}
    assert case_curves.band(result, "train_loss") == {
        "mean": [3.0, 1.25],
        "low": [2.0, 1.0],
        "high": [4.0, 1.5],
    }


def test_print_shows_the_usual_rate_with_what_is_asked_for(records):
    loss, accuracy = case_curves.picture(*records).axes
    assert loss.get_title(loc="left") == "Adam at 0.001 (CIFAR-10 (JPEG copy))"
    for panel in (loss, accuracy):
        assert panel.lines[-1].get_ydata()[0] == 0.8 and panel.lines[-1].get_linestyle() == "--"


def test_the_words_say_when_the_loss_turns(records):
    words = case_curves.alt(*records)
    assert "over 20 epochs of Adam at 0.001" in words and "turns after about 15 epochs" in words
    assert "climbs to 77 %, validation accuracy stays below 80 %." in words
