"""An experiment as data: its splits, its rules, and a run that goes on where it was."""

from dataclasses import asdict

import pytest
import torch

from lrlab import training
from lrlab.runs.experiment import Experiment

SHORT = Experiment(
    epochs=3, batch_size=50, held_out=100, train_size=200, test_size=50, augment="flip_and_shift"
)


def test_the_last_training_images_are_held_out():
    splits = SHORT.splits()
    whole = Experiment(steps=1).splits().train
    assert [len(split) for split in splits] == [200, 100, 50]
    assert torch.equal(splits.validation.images, whole.images[-100:])
    everything = Experiment(steps=1, held_out=100).splits()
    assert len(everything.train) == len(whole) - 100
    assert Experiment(steps=1).splits().validation is None


def test_validation_is_measured_after_every_epoch():
    history = SHORT.run(0.1, 0).history
    assert [entry["step"] for entry in history.evaluations] == [4, 8, 12]


def test_a_plateau_lowers_the_rate_from_the_next_epoch_on():
    # With this threshold only the first epoch is better, better than none; each other one is not.
    rule = {"patience": 0, "factor": 0.5, "threshold": 0.99}
    experiment = Experiment(**asdict(SHORT) | {"plateau_options": rule})
    rates = experiment.run(0.1, 0).history.learning_rate
    assert rates == pytest.approx([0.1] * 4 + [0.1] * 4 + [0.05] * 4)


def test_a_plateau_multiplies_the_schedule():
    rule = {"patience": 0, "factor": 0.5, "threshold": 0.99}
    changes = {"plateau_options": rule, "schedule": "linear"}
    rates = Experiment(**asdict(SHORT) | changes).run(0.12, 0).history.learning_rate
    assert rates[:8] == pytest.approx([0.12 - 0.01 * step for step in range(8)])
    assert rates[8:] == pytest.approx([(0.12 - 0.01 * step) / 2 for step in range(8, 12)])


def test_a_plateau_without_validation_data_is_refused():
    with pytest.raises(ValueError, match="give held_out"):
        Experiment(steps=1, plateau_options={})
    train = SHORT.splits().train
    model = SHORT.make_model(0)
    optimizer = SHORT.make_optimizer(list(model.parameters()), 0.1)
    with pytest.raises(ValueError, match="give validation data"):
        training.fit(model, train, optimizer, steps=1, plateau=lambda losses: 1.0)


def test_mixed_precision_is_near_and_not_the_same():
    settings = {"steps": 10, "batch_size": 50, "train_size": 500}
    single, mixed = (
        Experiment(**settings, precision=name).run(0.1, 0).history.loss
        for name in ("float32", "bfloat16")
    )
    assert single != mixed and single == pytest.approx(mixed, rel=0.02)


@pytest.mark.parametrize("name", ["augment", "precision"])
def test_unknown_names_are_refused(name):
    with pytest.raises(ValueError, match=f"{name} 'none at all' is unknown"):
        Experiment(steps=1, **{name: "none at all"})


def test_an_interrupted_run_goes_on_and_ends_the_same(tmp_path, monkeypatch):
    rule = {"patience": 0, "factor": 0.5, "threshold": 0.99}
    experiment = Experiment(**asdict(SHORT) | {"plateau_options": rule})
    whole = experiment.run(0.1, 0)
    checkpoint = tmp_path / "run.pt"
    step = training.training_step
    made = []

    def interrupted(*arguments):
        made.append(1)
        if len(made) == 10:
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(training, "training_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        experiment.run(0.1, 0, checkpoint)
    made.clear()
    monkeypatch.setattr(training, "training_step", lambda *all_: made.append(1) or step(*all_))
    assert experiment.run(0.1, 0, checkpoint) == whole
    assert len(made) == 4, "the two finished epochs are not made again"


def test_an_experiment_names_all_that_is_wrong_with_it():
    with pytest.raises(ValueError) as caught:
        Experiment(dataset="imagenet", model="ResNet", optimizer="functional", schedule="up")
    for part in ("'imagenet'", "'ResNet'", "'functional'", "'up'", "steps or as epochs"):
        assert part in str(caught.value)
