"""Many models at once take the steps that each takes alone: of any experiment, and as a graph."""

import sys
from contextlib import nullcontext
from dataclasses import fields
from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from lrlab.assignments import recipe
from lrlab.runs import experiment as experiments
from lrlab.runs import graph
from lrlab.runs.batched import Stack, fit, run_batch
from lrlab.runs.experiment import Experiment, Run

CPU = torch.device("cpu")
PAIRS = [(0.001, 0), (0.003, 1), (0.002, 0), (1e30, 0)]  # two with one seed; the last one diverges
WATCHED = {
    "held_out": 60,
    "plateau_options": {"patience": 0, "factor": 0.5, "threshold": 0.99},
    "augment": "flip_and_shift",
}
CIFAR = {"dataset": "cifar10", "model": "CifarCNN"}
OPTIMIZERS = {
    "SGD": {},
    "momentum": {"optimizer": "SGD", "optimizer_options": {"momentum": 0.9, "nesterov": True}},
    "RMSprop": {},
    "Adam": {},
    "AdamW": {"optimizer_options": {"weight_decay": 0.1}},
}


def short(optimizer: str, **more) -> Experiment:
    """Return an experiment of 16 steps, which are two epochs and a half."""
    settings = {"optimizer": optimizer} | OPTIMIZERS[optimizer] | more
    sizes = {"batch_size": 32, "train_size": 200, "test_size": 100}
    return Experiment(steps=16, schedule="cosine", **sizes, **settings)


def assert_same(together: Run, alone: Run, rel: float = 1e-4) -> None:
    """Both runs are the same, but for the rounding of float32."""
    assert together.history.learning_rate == alone.history.learning_rate
    assert bool(together.history.stopped) == bool(alone.history.stopped)
    if alone.history.stopped:
        assert len(together.history) == len(alone.history) and together.test is None
        return
    assert together.history.loss == pytest.approx(alone.history.loss, rel=rel)
    assert together.history.accuracy == pytest.approx(alone.history.accuracy, abs=1e-6)
    if alone.test is not None:
        assert vars(together.test) == pytest.approx(vars(alone.test), rel=rel)
    evaluations = zip(together.history.evaluations, alone.history.evaluations, strict=True)
    for one, other in evaluations:
        assert one == pytest.approx(other, rel=rel)


@pytest.mark.parametrize("more", [{}, WATCHED], ids=["plain", "watched"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_batch_of_models_takes_the_same_steps_as_each_alone(optimizer, more):
    experiment = short(optimizer, **more)
    for together, pair in zip(run_batch(experiment, PAIRS, CPU), PAIRS, strict=True):
        assert (together.learning_rate, together.seed) == pair
        assert_same(together, experiment.run(*pair))
        if not together.history.stopped:
            assert len(together.history.evaluations) == (3 if more else 0)
    if optimizer == "SGD":
        assert together.history.stopped and together.test is None


class Linear(nn.Module):
    """A model that takes the images of both data sets."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(28 * 28, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.fc(images.mean(1)[:, :28, :28].flatten(1))


BASE = {
    "model": "Linear",
    "schedule": "linear",
    "batch_size": 20,
    "steps": 12,
    "held_out": 60,
    "train_size": 100,
    "test_size": 50,
}
CHANGES = {  # for every field of an experiment, another value, and what must change with it
    "dataset": {"dataset": "cifar10"},
    "model": {"model": "SimpleCNN"},
    "optimizer": {"optimizer": "Adam"},
    "optimizer_options": {"optimizer_options": {"momentum": 0.9}},
    "schedule": {"schedule": "cosine"},
    "schedule_options": {"schedule_options": {"end": 0.5}},
    "plateau_options": {"plateau_options": WATCHED["plateau_options"]},
    "augment": {"augment": "shift"},
    "precision": {"precision": "bfloat16"},
    "batch_size": {"batch_size": 25},
    "steps": {"steps": 13},
    "epochs": {"steps": None, "epochs": 3},
    "held_out": {"held_out": 50},
    "train_size": {"train_size": 120},
    "test_size": {"test_size": 60},
}


@pytest.fixture
def _linear(monkeypatch):
    monkeypatch.setitem(experiments.MODELS, "Linear", Linear)


@pytest.mark.usefixtures("_linear")
@pytest.mark.parametrize("field", [field.name for field in fields(Experiment)])
def test_every_setting_changes_a_batch_as_it_changes_a_single_run(field):
    base, changed = Experiment(**BASE), Experiment(**BASE | CHANGES[field])
    pairs = [(0.05, 0), (0.02, 1)]
    before, after = (run_batch(each, pairs, CPU) for each in (base, changed))
    for first, together, pair in zip(before, after, pairs, strict=True):
        alone = changed.run(*pair)
        assert alone != base.run(*pair), "the change changes nothing: choose another"
        assert_same(together, alone, rel=0.01 if field == "precision" else 1e-5)
        assert together != first, f"{field} is left out of a batch"


def test_every_parameter_group_follows_the_schedule(monkeypatch):
    def two_groups(self, parameters, learning_rate):
        *others, bias = parameters
        groups = [{"params": others}, {"params": [bias], "lr": 3 * learning_rate}]
        return torch.optim.SGD(groups, lr=learning_rate)

    monkeypatch.setattr(Experiment, "make_optimizer", two_groups)
    experiment = short("SGD")
    for together, pair in zip(run_batch(experiment, PAIRS, CPU), PAIRS, strict=True):
        assert_same(together, experiment.run(*pair))


OTHERS = [
    name
    for name, optimizer in vars(torch.optim).items()
    if isinstance(optimizer, type)
    # LBFGS asks for the loss again, Muon takes matrices alone, SparseAdam sparse gradients.
    and name not in ("Optimizer", "LBFGS", "Muon", "SparseAdam", *OPTIMIZERS)
]


@pytest.mark.parametrize("optimizer", OTHERS)
def test_any_optimizer_of_torch_can_be_batched(optimizer):
    experiment = Experiment(optimizer=optimizer, steps=4, batch_size=32, train_size=100)
    pairs = [(0.003, 0), (0.001, 1)]
    for together, pair in zip(run_batch(experiment, pairs, CPU), pairs, strict=True):
        assert_same(together, experiment.run(*pair))


class RecordedGraph(TorchDispatchMode):
    """What a CUDA graph does, on a CPU: the operations of a step, made again on the same tensors.

    No Python of the step runs again: a number that it computes, such as a rate or a count of steps,
    stays what it was. Reading a number back is refused, as CUDA refuses it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.operations, self.replays = [], 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        assert function is not torch.ops.aten._local_scalar_dense.default, "a number is read back"
        results = function(*args, **kwargs or {})
        self.operations.append((function, args, kwargs or {}, results))
        return results

    @torch.no_grad()
    def replay(self) -> None:
        self.replays += 1
        if self.replays == 1:
            return  # CUDA only notes while it captures; here the step has been made already
        for function, args, kwargs, results in self.operations:
            again = tree_leaves(function(*args, **kwargs))
            for old, new in zip(tree_leaves(results), again, strict=True):
                if isinstance(old, torch.Tensor):
                    old.copy_(new)


@pytest.fixture
def graphs(monkeypatch):
    """Let a CPU stand in for a GPU that captures; return the graphs that are made."""
    made = []
    stream = SimpleNamespace(wait_stream=lambda other: None)
    monkeypatch.setattr(torch.cuda, "Stream", lambda: stream)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: stream)
    monkeypatch.setattr(torch.cuda, "stream", lambda stream: nullcontext())
    monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: made.append(RecordedGraph()) or made[-1])
    monkeypatch.setattr(torch.cuda, "graph", lambda graph: graph)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(
        torch.cuda, "is_current_stream_capturing", lambda: bool(made) and made[-1].replays == 0
    )
    for optimizer in ("adam", "rmsprop"):  # they refuse to be captured on a CPU
        module = sys.modules[f"torch.optim.{optimizer}"]
        monkeypatch.setattr(module, "_get_capturable_supported_devices", lambda *_: ["cpu"])
    return made


def captured(experiment: Experiment, pairs: list, how: dict) -> list:
    """Return the histories of a batch whose step is captured, and the weights of its models."""
    stack = Stack([experiment.make_model(seed) for _, seed in pairs])
    optimizers = [
        experiment.make_optimizer(weights, rate, **how)
        for weights, (rate, _) in zip(stack.models, pairs, strict=True)
    ]
    seeds = [seed for _, seed in pairs]
    histories = fit(stack, optimizers, seeds, graph.captured, **experiment.settings())
    return list(zip(histories, stack.models, strict=True))


# On a GPU an optimizer takes this implementation by itself; here it is asked for.
FOREACH = {"RMSprop": {"foreach": True}}


@pytest.mark.parametrize(
    ("optimizer", "more"),
    [*((name, WATCHED) for name in OPTIMIZERS), ("SGD", CIFAR)],
    ids=[*OPTIMIZERS, "CIFAR"],
)
def test_a_captured_step_goes_on_as_single_runs_do(optimizer, more, graphs):
    experiment = short(optimizer, **more)
    how = graph.OPTIMIZER_OPTIONS[experiment.optimizer] | FOREACH.get(optimizer, {})
    for (history, weights), pair in zip(captured(experiment, PAIRS, how), PAIRS, strict=True):
        model, alone = experiment.train(*pair)
        assert_same(Run(*pair, history, None), Run(*pair, alone, None))
        if not alone.stopped:
            start, together, end = map(
                nn.utils.parameters_to_vector,
                (experiment.make_model(pair[1]).parameters(), weights, model.parameters()),
            )
            # Where a gradient is all but zero, adaptive optimizers make much of its rounding.
            assert (together - end).norm() < 2e-3 * (end - start).norm()
    assert [each.replays for each in graphs] == [16 - graph.WARM_UP], "one graph for all the rest"


@pytest.mark.parametrize("optimizer", ["SGD", "RMSprop", "Adam"])
def test_an_optimizer_that_is_not_made_for_it_cannot_be_captured(optimizer, graphs):
    """What the options of ``graph`` are for: without them a step reads its rate, or its count."""
    with pytest.raises(AssertionError, match="a number is read back"):
        captured(short(optimizer), PAIRS, {})


def test_every_optimizer_of_a_recipe_can_be_captured():
    assert set(recipe.OPTIMIZERS) <= set(graph.OPTIMIZER_OPTIONS)
