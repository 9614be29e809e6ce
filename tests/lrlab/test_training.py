"""The loop against a loop written out by hand, its stops, and what it refuses."""

import math
from functools import partial

import pytest
import torch
from torch.nn import functional

from lrlab import data, schedules, training
from lrlab.batches import shuffled_batches
from lrlab.models import SimpleCNN


@pytest.fixture(scope="module")
def train():
    return data.mnist()[0].first(500)


def make(learning_rate=0.1, optimizer=torch.optim.SGD, seed=0, **options):
    torch.manual_seed(seed)
    model = SimpleCNN()
    return model, optimizer(model.parameters(), lr=learning_rate, **options)


def weights(model):
    return torch.nn.utils.parameters_to_vector(model.parameters()).detach()


def test_equals_a_loop_written_out_by_hand(train):
    model, optimizer = make(momentum=0.9)
    history = training.fit(model, train, optimizer, steps=10, batch_size=100, progress=False)

    by_hand, optimizer = make(momentum=0.9)
    losses = []
    batches = shuffled_batches(train, 100, seed=0)
    for _ in range(10):
        images, labels = next(batches)
        optimizer.zero_grad()
        loss = functional.cross_entropy(by_hand(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert torch.equal(weights(model), weights(by_hand))
    assert history.loss == losses and len(history) == 10


def test_the_schedule_scales_each_groups_own_rate(train):
    torch.manual_seed(0)
    model = SimpleCNN()
    groups = [{"params": model.conv1.parameters(), "lr": 0.2}, {"params": model.fc2.parameters()}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    seen = []
    optimizer.register_step_pre_hook(
        lambda optimizer, *_: seen.append([group["lr"] for group in optimizer.param_groups])
    )
    schedule = partial(schedules.linear, total_steps=4)
    history = training.fit(model, train, optimizer, steps=4, schedule=schedule, progress=False)
    assert history.learning_rate == pytest.approx([0.2, 0.15, 0.1, 0.05])
    assert seen == [pytest.approx([rate, rate / 2]) for rate in history.learning_rate]
    assert [group["lr"] for group in optimizer.param_groups] == [0.2, 0.1], "handed back unchanged"


DENSE = [
    optimizer
    for name, optimizer in vars(torch.optim).items()
    if isinstance(optimizer, type) and name not in ("Optimizer", "SparseAdam")
]


@pytest.mark.parametrize("optimizer", DENSE, ids=lambda optimizer: optimizer.__name__)
def test_takes_any_optimizer_of_torch(train, optimizer):
    if optimizer.__name__ == "Muon":  # made for matrices: give it the two linear layers' weights
        torch.manual_seed(0)
        model = SimpleCNN()
        chosen = optimizer([model.fc1.weight, model.fc2.weight], lr=0.01)
    else:
        model, chosen = make(0.001, optimizer)
    before = weights(model).clone()
    history = training.fit(model, train, chosen, steps=2, progress=False)
    assert len(history) == 2 and not torch.equal(weights(model), before)


def test_stops_with_a_word_when_the_loss_is_not_a_number(train):
    model, optimizer = make(1e30)
    history = training.fit(model, train, optimizer, steps=50, progress=False)
    assert len(history) < 50
    assert history.stopped == f"diverged at step {len(history) - 1}: the loss is nan"


def test_stops_when_the_loss_is_a_thousand_times_the_first(train):
    model, optimizer = make(300.0)
    history = training.fit(model, train, optimizer, steps=50, progress=False)
    assert math.isfinite(history.loss[-1]) and history.loss[-1] > 1000 * history.loss[0]
    assert "diverged at step" in history.stopped


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "either as steps or as epochs"),
        ({"steps": 1, "epochs": 1}, "either as steps or as epochs"),
        ({"steps": 0}, "at least one step, not 0"),
        ({"epochs": 1, "batch_size": 0}, "batch_size is 0: choose 1 to 500"),
        ({"epochs": 1, "batch_size": 501}, "batch_size is 501: choose 1 to 500"),
    ],
)
def test_wrong_settings_are_named(train, wrong, message):
    model, optimizer = make()
    with pytest.raises(ValueError, match=message):
        training.fit(model, train, optimizer, progress=False, **wrong)


def test_evaluate_weighs_a_smaller_last_batch_rightly_and_changes_nothing(train):
    model, _ = make()
    model.train()
    before = weights(model).clone()
    result = training.evaluate(model, train, batch_size=64)
    with torch.no_grad():
        logits = model(train.images)
    assert result.loss == pytest.approx(functional.cross_entropy(logits, train.labels).item())
    assert result.accuracy == (logits.argmax(1) == train.labels).double().mean().item()
    assert model.training and torch.equal(weights(model), before)


def test_one_step_measures_one_step(train):
    images, labels = train.images[:64], train.labels[:64]
    model, optimizer = make(0.1)
    start = weights(model).clone()
    loss = functional.cross_entropy(model(images), labels)
    gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(model.parameters()))])
    step = training.one_step(model, images, labels, optimizer)
    assert step.loss_before == pytest.approx(loss.item())
    assert torch.allclose(weights(model), start - 0.1 * gradient, atol=1e-7)
    assert step.update_ratio == pytest.approx(
        0.1 * (gradient.norm() / start.norm()).item(), rel=1e-4
    )
    assert step.loss_after == pytest.approx(functional.cross_entropy(model(images), labels).item())
    assert step.loss_after < step.loss_before


def test_progress_is_shown_when_asked_for(train, capfd, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    model, optimizer = make()
    training.fit(model, train, optimizer, steps=2)
    shown = capfd.readouterr().err
    training.fit(model, train, optimizer, steps=2, progress=False)
    assert "/2" in shown and "step" in shown and capfd.readouterr().err == ""
