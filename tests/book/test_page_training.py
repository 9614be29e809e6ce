"""The network that trains in the page, held against PyTorch: the same numbers, not only alike.

`page_training.mjs` beside this file does in Node what the Worker of the page does.
"""

import base64
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
import train_images
from torch.nn import functional
from torch.nn.utils import parameters_to_vector

from lrlab import data, runs, schedules, training
from lrlab.models import SimpleCNN
from lrlab.runs.experiment import Experiment

MOST = 400_000  # bytes of the images' script
STEPS = 50
# What the page calls an optimizer, what PyTorch does, and a good rate for it.
OPTIMIZERS = {
    "sgd": ("SGD", {}, 0.22),
    "momentum": ("SGD", {"momentum": 0.9}, 0.046),
    "rmsprop": ("RMSprop", {}, 0.001),
    "adam": ("Adam", {}, 0.0046),
    "adamw": ("AdamW", {}, 0.0046),
}
# Where ends are held against the records: the optimizer, its rate, and how far from the recorded run with
# the same seed, in standard deviations of that rate over its seeds. Measured: at most 0.013, and 0.27 near
# the cliff, where a last digit grows within a few steps.
ENDS = [
    ("sgd", 0.022, 0.1),
    ("sgd", 0.22, 0.1),
    ("sgd", 0.46, 1.0),  # near the cliff: at 1.0 nearly all diverge
    ("momentum", 0.046, 0.1),
    ("rmsprop", 0.001, 0.1),
    ("adam", 0.0046, 0.1),
]


def ask(**job) -> dict | list:
    """Let Node do a job."""
    command = ["node", str(Path(__file__).with_name("page_training.mjs"))]
    done = subprocess.run(
        command, check=False, input=json.dumps(job), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def to_base64(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.numpy().tobytes()).decode()


def to_tensor(text: str) -> torch.Tensor:
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), np.float32).copy())


@pytest.fixture(scope="module")
def script(tmp_path_factory) -> Path:
    """The images' script, as the build of the site writes it."""
    path = tmp_path_factory.mktemp("images") / "train_images.js"
    path.write_text(train_images.script())
    return path


@pytest.fixture(scope="module")
def run(script):
    """Return a function that makes runs in Node, each with its seed, optimizer and rates."""
    return lambda described: ask(kind="runs", script=str(script), runs=described)


def test_the_site_has_the_images_in_one_small_script(site, script):
    built = site / "_static" / "train_images.js"
    assert built.read_text() == script.read_text()
    assert built.stat().st_size <= MOST


def test_the_page_unpacks_exactly_the_images_of_the_records(script):
    unpacked = ask(kind="unpack", script=str(script))
    for name, part in zip(("train", "test"), data.mnist_in_page(), strict=True):
        images = part.images.contiguous().numpy().tobytes()
        labels = part.labels.to(torch.uint8).numpy().tobytes()
        assert unpacked[name] == hashlib.sha256(images + labels).hexdigest()
        for optimizer in OPTIMIZERS.keys() - {"adamw"}:
            recorded = runs.load(f"page_{optimizer}_u").document["data"]
            assert recorded["digest"][name] == part.digest


@pytest.mark.parametrize("seed", [0, 19 * 1_000_003 + 2, 2**32 + 5])
def test_a_seed_gives_the_weights_and_the_order_that_it_gives_in_pytorch(seed):
    drawn = ask(kind="draw", seed=seed, count=2500)
    torch.manual_seed(seed)
    weights = parameters_to_vector(SimpleCNN().parameters()).detach()
    assert torch.allclose(to_tensor(drawn["weights"]), weights, rtol=0, atol=3e-8)
    order = torch.randperm(2500, generator=torch.Generator().manual_seed(seed))
    assert drawn["order"] == order.tolist()


@pytest.mark.parametrize("count", [64, 7])
def test_the_gradients_of_a_batch_are_those_of_pytorch(count):
    torch.manual_seed(count)
    model = SimpleCNN()
    with torch.no_grad():  # as far from its start as training takes it
        for layer in model.parameters():
            layer.mul_(3)
    some = data.mnist_in_page()[0].first(count)
    loss = functional.cross_entropy(model(some.images), some.labels)
    loss.backward()
    answer = ask(
        kind="batch",
        weights=to_base64(parameters_to_vector(model.parameters()).detach()),
        images=to_base64(some.images.contiguous()),
        labels=some.labels.tolist(),
    )
    assert answer["loss"] == pytest.approx(loss.item(), rel=1e-6)
    sizes = [layer.numel() for layer in model.parameters()]
    for layer, ours in zip(
        model.parameters(), to_tensor(answer["gradients"]).split(sizes), strict=True
    ):
        wrong = (ours - layer.grad.flatten()).norm() / layer.grad.norm()
        assert wrong < 1e-5
    expected = training.evaluate(model, some)
    assert answer["evaluation"]["loss"] == pytest.approx(expected.loss, rel=1e-6)
    assert answer["evaluation"]["accuracy"] == pytest.approx(expected.accuracy)


def test_fifty_steps_have_the_losses_that_they_have_in_pytorch(run):
    """Of each optimizer, and along a schedule: batches, loss, gradients, formula and order."""
    falling = schedules.make("cosine", {}, STEPS)
    described = [
        {
            "seed": seed,
            "optimizer": name,
            "rates": [rate * falling(step) for step in range(STEPS)],
        }
        for seed, (name, (_, _, rate)) in enumerate(OPTIMIZERS.items())
    ]
    for asked, answer in zip(described, run(described), strict=True):
        optimizer, options, rate = OPTIMIZERS[asked["optimizer"]]
        experiment = Experiment(
            "mnist_in_page", "SimpleCNN", optimizer, options, "cosine", steps=STEPS
        )
        _, history = experiment.train(rate, asked["seed"])
        assert len(history.loss) == len(answer["losses"]) == STEPS
        assert history.loss[0] - history.loss[-1] > 1, "it learned"
        wrong = [
            abs(float(ours) - theirs)
            for ours, theirs in zip(answer["losses"], history.loss, strict=True)
        ]
        assert max(wrong) < 1e-4, asked["optimizer"]


def test_a_run_whose_loss_is_no_number_ends_there(run):
    (answer,) = run([{"seed": 0, "optimizer": "sgd", "rates": [1e30] * 10}])
    assert len(answer["losses"]) < 10
    assert answer["losses"][-1] in ("NaN", "Infinity")


def test_over_twenty_seeds_runs_end_where_the_recorded_ones_did(run):
    """Each seed has its partner in a record: far sharper than two spreads side by side."""
    places = [(seed, *ENDS[seed % len(ENDS)]) for seed in range(20)]
    described = [
        {"seed": seed, "optimizer": optimizer, "rates": [rate] * 93}
        for seed, optimizer, rate, _ in places
    ]
    for (seed, optimizer, rate, margin), answer in zip(places, run(described), strict=True):
        recorded = runs.load(f"page_{optimizer}_u")
        assert recorded.seeds[seed] == seed
        loss = recorded.at(rate)["test_loss"]
        away = abs(answer["test"]["loss"] - loss["values"][seed]) / loss["std"]
        assert away < margin, f"{optimizer} at {rate}, seed {seed}"
