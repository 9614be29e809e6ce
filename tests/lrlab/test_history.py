"""An interrupted run goes on as if never stopped, and only from a file that fits."""

import pytest
import torch

from lrlab import data, training
from lrlab.models import SimpleCNN


@pytest.fixture(scope="module")
def train():
    return data.mnist()[0].first(500)


def make(seed=0, **options):
    torch.manual_seed(seed)
    model = SimpleCNN()
    return model, torch.optim.SGD(model.parameters(), lr=0.1, **options)


def weights(model):
    return torch.nn.utils.parameters_to_vector(model.parameters()).detach()


def test_goes_on_from_a_checkpoint_as_if_never_interrupted(train, tmp_path):
    whole, optimizer = make(momentum=0.9)
    expected = training.fit(whole, train, optimizer, epochs=3, validation=train, progress=False)

    path = tmp_path / "run.pt"
    schedule_calls = 0

    def interrupted(step):
        nonlocal schedule_calls
        schedule_calls += 1
        if schedule_calls == 12:
            raise KeyboardInterrupt
        return 1.0 if schedule_calls < 11 else 0.5  # the half step is lost with the interruption

    model, optimizer = make(momentum=0.9)
    with pytest.raises(KeyboardInterrupt):
        training.fit(
            *(model, train, optimizer), epochs=3, schedule=interrupted, checkpoint=path,
            validation=train, progress=False,
        )  # fmt: skip
    assert optimizer.param_groups[0]["lr"] == 0.1, "handed back unchanged, even so"
    model, optimizer = make(momentum=0.9, seed=99)
    history = training.fit(
        model, train, optimizer, epochs=3, checkpoint=path, validation=train, progress=False
    )
    assert history == expected
    assert torch.equal(weights(model), weights(whole))


def test_a_checkpoint_of_other_settings_is_refused(train, tmp_path):
    path = tmp_path / "run.pt"
    training.fit(train=train, **dict(zip(("model", "optimizer"), make(), strict=True)),
                 steps=2, checkpoint=path, progress=False)  # fmt: skip
    model, optimizer = make()
    with pytest.raises(ValueError, match="'seed': 0.*'seed': 1.*another checkpoint file"):
        training.fit(model, train, optimizer, steps=2, seed=1, checkpoint=path, progress=False)


def test_a_damaged_checkpoint_is_named(train, tmp_path):
    path = tmp_path / "run.pt"
    path.write_bytes(b"cut short")
    model, optimizer = make()
    with pytest.raises(ValueError, match="run.pt is damaged: delete it"):
        training.fit(model, train, optimizer, steps=2, checkpoint=path, progress=False)
