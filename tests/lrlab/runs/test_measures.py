"""What a recorded experiment measures, on runs of a second."""

import json

import pytest

from lrlab.runs.measures import MEASURES, MeasureError

BASE = {"epochs": 2, "held_out": 200, "train_size": 640, "test_size": 100}


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    """What ``epochs`` measures of two rates and two seeds."""
    described = {"experiment": BASE, "learning_rates": [0.1, 1e30], "seeds": [0, 1]}
    return MEASURES["epochs"](described, tmp_path_factory.mktemp("epochs") / "journal.jsonl")


def test_epochs_gives_curves_a_seed_and_the_best_epoch(curves):
    json.dumps(curves, allow_nan=False)
    trained, diverged = curves["results"]
    assert trained["epochs"] == [1, 2]
    for name in ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy", "rate"):
        assert [len(values) for values in trained[name]["values"]] == [2, 2]
        assert [len(values) for values in diverged[name]["values"]] == [0, 0]
    for seed in (0, 1):
        losses = trained["validation_loss"]["values"][seed]
        assert trained["lowest_loss"]["values"][seed] == min(losses)
        assert trained["lowest_loss"]["epochs"][seed] == losses.index(min(losses)) + 1
        assert trained["last_loss"]["values"][seed] == losses[-1]
        accuracies = trained["validation_accuracy"]["values"][seed]
        assert trained["highest_accuracy"]["values"][seed] == max(accuracies)
    assert diverged["diverged"] == 2 and diverged["lowest_loss"]["values"] == [None, None]
    assert diverged["last_loss"]["mean"] is None


def test_ends_gives_each_variant_its_rates_and_its_ends_on_clean_training_images(tmp_path, curves):
    described = {
        "experiment": BASE,
        "variants": {
            "as they are": {"learning_rates": [0.1, 1e30], "experiment": {}},
            "shifted": {"learning_rates": [0.1], "experiment": {"augment": "shift"}},
        },
        "seeds": [0, 1],
    }
    measured = MEASURES["ends"](described, tmp_path / "journal.jsonl")
    json.dumps(measured, allow_nan=False)
    plain, shifted = measured["variants"].values()
    assert [each["learning_rate"] for each in plain["results"]] == [0.1, 1e30]
    trained, diverged = plain["results"]
    for name in ("last_loss", "last_accuracy", "clean_loss", "clean_accuracy", "test_loss"):
        assert trained[name] == curves["results"][0][name]
    assert diverged["diverged"] == 2 and diverged["clean_loss"]["mean"] is None
    assert shifted["experiment"]["augment"] == "shift"
    augmented = shifted["results"][0]
    assert augmented["clean_accuracy"]["mean"] != trained["clean_accuracy"]["mean"]
    # The images as they are: the last weights know them better than the changing weights knew the
    # shifted ones on the way.
    assert augmented["clean_loss"]["mean"] < augmented["train_loss"]["mean"]


def test_failed_runs_are_counted_and_nothing_is_recorded(tmp_path, capsys):
    described = {
        "experiment": BASE | {"optimizer": "Adadelta", "optimizer_options": {"rho": -1.0}},
        "learning_rates": [0.1],
        "seeds": [0, 1],
    }
    with pytest.raises(MeasureError, match="2 runs failed"):
        MEASURES["training"](described, tmp_path / "journal.jsonl")
