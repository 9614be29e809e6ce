"""Recorded experiments: what is recorded, that it can be made again, and what is said if not."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from lrlab import runs
from lrlab.runs import recording
from lrlab.runs.experiment import Experiment
from lrlab.runs.summary import summarise
from lrlab.runs.sweep import sweep

ROOT = Path(__file__).resolve().parents[3]
REAL = ("MNIST", "MNIST subset", "MNIST in 16 greys", "CIFAR-10 (JPEG copy)", "CIFAR-10")
RECORDED = sorted((ROOT / "book" / "runs").glob("*.json"))


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder that looks like the course's root, with one tiny experiment described."""
    (tmp_path / "book" / "runs").mkdir(parents=True)
    tiny = {
        "question": "Does it run?",
        "measure": "training",
        "experiment": {"steps": 6, "batch_size": 16, "train_size": 100},
        "learning_rates": [0.01, 1e30],
        "seeds": [0, 1],
    }
    (tmp_path / "book/runs/experiments.yml").write_text(yaml.safe_dump({"tiny": tiny}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_description_is_recorded_and_every_record_described():
    described = yaml.safe_load((ROOT / "book/runs/experiments.yml").read_text())
    assert set(described) == {path.stem for path in RECORDED}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_record_says_where_it_came_from_and_fits_its_description(path):
    recorded = json.loads(path.read_text())
    described = yaml.safe_load((ROOT / "book/runs/experiments.yml").read_text())[path.stem]
    if "learning_rates" in described:
        assert recorded["learning_rates"] == described["learning_rates"]
    assert recorded["seeds"] == described["seeds"] and len(recorded["seeds"]) >= 3
    assert described["experiment"].items() <= recorded["experiment"].items()
    assert recorded["data"]["name"] in REAL
    assert all(text.startswith("sha256:") for text in recorded["data"]["digest"].values())
    assert set(recorded["provenance"]) == {"command", "versions", "hardware", "date", "seconds"}
    assert path.stat().st_size < 50_000, "a figure's data stays under 50 kB"


def test_records_from_the_command_line_and_reads_back(course, capsys):
    assert recording.main(["tiny"]) == 0
    assert "tiny.json" in capsys.readouterr().out
    recorded = runs.load("tiny")
    stable, diverged = recorded.results
    assert recorded.steps[0] == 1 and recorded.steps[-1] == 6
    assert len(stable["train_loss"]["mean"]) == len(recorded.steps)
    assert stable["train_loss"]["low"][0] <= stable["train_loss"]["mean"][0]
    assert len(stable["test_loss"]["values"]) == 2 and stable["diverged"] == 0
    assert diverged["diverged"] == 2 and diverged["test_loss"]["mean"] is None
    assert diverged["train_loss"]["mean"][-1] is None
    assert diverged["peak_loss"]["mean"] is None and stable["peak_loss"]["mean"] > 2
    assert not list(course.glob("_build/runs/*")), "the journal goes when the record is written"


def test_the_same_command_measures_the_same_again(course):
    first, second = (recording.record("tiny", course / f"{n}.jsonl")["results"] for n in range(2))
    assert first == second


def test_a_short_record_is_reproduced_within_its_spread():
    """Another machine computes other last digits; the mean over the seeds stays where it was."""
    recorded = runs.load("mnist_short")
    experiment = Experiment(**recorded.experiment)
    digest = recorded.document["data"]["digest"]["train"]
    assert experiment.splits().train.digest == digest
    again = sweep(experiment, recorded.learning_rates, recorded.seeds, progress=False)
    measured = summarise(experiment, again)
    for then, now in zip(recorded.results, measured.results, strict=True):
        for quantity in ("test_loss", "test_accuracy"):
            spread = then[quantity]["std"]
            assert now[quantity]["mean"] == pytest.approx(then[quantity]["mean"], abs=spread)
    assert measured.best == recorded.best


def test_the_recorded_loss_before_a_step_knows_no_learning_rate():
    before = [result["loss_before"] for result in runs.load("mnist_first_step").results]
    assert all(entry == before[0] for entry in before), "the loss before knows no learning rate"


def test_an_unknown_name_says_what_there_is(course, capsys):
    with pytest.raises(runs.RunError, match=r"'other' is not recorded \(nothing is\)"):
        runs.load("other")
    assert recording.main(["other"]) == 1
    assert "experiments.yml has tiny" in capsys.readouterr().err


def test_a_damaged_record_is_named(course):
    (course / "book/runs/tiny.json").write_text('{"name": ')
    with pytest.raises(runs.RunError, match="tiny.json is damaged .* record it again"):
        runs.load("tiny")


def test_outside_the_course_it_reads_what_came_with_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert runs.load("mnist_sgd_u").document["name"] == "mnist_sgd_u"
    with pytest.raises(runs.RunError, match=r"'tiny' is not recorded \(.*mnist_sgd_u"):
        runs.load("tiny")


def test_outside_the_course_the_wheel_records_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lrlab.runs.record.SHIPPED", tmp_path / "site-packages" / "lrlab" / "book")
    assert recording.main(["tiny"]) == 1
    assert "go to the course's root or to book/" in capsys.readouterr().err


def test_runs_are_found_from_the_book_folder_too(course, monkeypatch):
    shutil.copy(ROOT / "book/runs/mnist_first_step.json", course / "book/runs")
    monkeypatch.chdir(course / "book")
    assert runs.load("mnist_first_step").document["name"] == "mnist_first_step"
