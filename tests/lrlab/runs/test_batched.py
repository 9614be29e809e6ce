"""All runs of an experiment at once: each takes the steps that it would take alone."""

import pytest
import torch

from lrlab.runs.batched import run_batch
from lrlab.runs.experiment import Experiment, run

WATCHED = {
    "held_out": 60,
    "plateau_options": {"patience": 0, "factor": 0.5, "threshold": 0.99},
    "augment": "flip_and_shift",
}


@pytest.mark.parametrize("more", [{}, WATCHED], ids=["plain", "watched"])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_batch_of_models_takes_the_same_steps_as_each_alone(optimizer, more):
    experiment = Experiment(
        optimizer=optimizer, steps=16, batch_size=32, train_size=200, schedule="cosine", **more
    )
    pairs = [(0.001, 0), (0.003, 1), (1e30, 0)]
    together = list(run_batch(experiment, pairs, torch.device("cpu")))
    for batched, (learning_rate, seed) in zip(together, pairs, strict=True):
        alone = run(experiment, learning_rate, seed)
        assert batched.history.learning_rate == alone.history.learning_rate
        assert bool(batched.history.stopped) == bool(alone.history.stopped)
        if not alone.history.stopped:
            assert batched.history.loss == pytest.approx(alone.history.loss, rel=1e-4)
            assert batched.test.loss == pytest.approx(alone.test.loss, rel=1e-4)
            assert len(batched.history.evaluations) == (3 if more else 0)
            for one, other in zip(
                batched.history.evaluations, alone.history.evaluations, strict=True
            ):
                assert one == pytest.approx(other, rel=1e-4)
    if optimizer == "SGD":
        assert together[2].history.stopped and together[2].test is None
