"""One training run as data: which data, model, optimizer and schedule, and how long.

An ``Experiment`` leaves out only what a sweep varies, the learning rate and the seed. Because it is
plain data it can be written in a file, sent to another process and kept beside its result.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import nn

from lrlab import data, models, schedules, training
from lrlab.batches import steps_per_epoch
from lrlab.history import History

DATASETS: dict[str, Callable] = {"mnist": data.mnist, "cifar10": data.cifar10}
MODELS: dict[str, type[nn.Module]] = {"SimpleCNN": models.SimpleCNN, "CifarCNN": models.CifarCNN}


@dataclass(frozen=True)
class Experiment:
    """The settings of a training run.

    dataset, model: a name in DATASETS, in MODELS; optimizer: a class name in torch.optim, with its
    other settings in optimizer_options; schedule: a name in ``lrlab.schedules``, with its settings
    in schedule_options (``total_steps`` is filled in where a schedule takes it); the length as
    ``epochs`` or as ``steps``; train_size, test_size: use only the first so many images.

    Raises ValueError, with all that is wrong, when a name is unknown or the length is not clear.
    """

    dataset: str = "mnist"
    model: str = "SimpleCNN"
    optimizer: str = "SGD"
    optimizer_options: dict = field(default_factory=dict)
    schedule: str = "constant"
    schedule_options: dict = field(default_factory=dict)
    batch_size: int = 64
    steps: int | None = None
    epochs: int | None = None
    train_size: int | None = None
    test_size: int | None = None

    def __post_init__(self) -> None:
        problems = [
            f"{kind} {name!r} is unknown, choose from {', '.join(known)}"
            for kind, name, known in (
                ("dataset", self.dataset, DATASETS),
                ("model", self.model, MODELS),
                ("schedule", self.schedule, schedules.BY_NAME),
            )
            if name not in known
        ]
        if not isinstance(getattr(torch.optim, self.optimizer, None), type):
            problems.append(f"optimizer {self.optimizer!r} is not a class in torch.optim")
        if (self.steps is None) == (self.epochs is None):
            problems.append("give the length either as steps or as epochs")
        if problems:
            raise ValueError("; ".join(problems))

    def datasets(self) -> tuple[data.Dataset, data.Dataset]:
        """Return the (train, test) splits that the run uses."""
        train, test = DATASETS[self.dataset]()
        if self.train_size is not None:
            train = train.first(self.train_size)
        if self.test_size is not None:
            test = test.first(self.test_size)
        return train, test

    def total_steps(self) -> int:
        """Return the number of optimizer updates in one run."""
        epoch_steps = steps_per_epoch(self.datasets()[0], self.batch_size)
        return training.total_steps(epoch_steps, self.steps, self.epochs)

    def make_model(self, seed: int) -> nn.Module:
        """Return the model with the starting weights that ``seed`` decides."""
        torch.manual_seed(seed)
        return MODELS[self.model]()

    def make_optimizer(self, parameters: list, learning_rate: float) -> torch.optim.Optimizer:
        """Return the optimizer for these parameters at this learning rate."""
        optimizer = getattr(torch.optim, self.optimizer)
        return optimizer(parameters, lr=learning_rate, **self.optimizer_options)

    def make_schedule(self) -> schedules.Schedule:
        """Return the schedule as a function of the step alone."""
        function = schedules.BY_NAME[self.schedule]
        options = dict(self.schedule_options)
        if "total_steps" in inspect.signature(function).parameters:
            options.setdefault("total_steps", self.total_steps())
        return partial(function, **options)


@dataclass(frozen=True)
class Run:
    """One finished run: its learning rate and seed, its history, and the result on the test data.

    test is None when the run diverged: the weights are then no longer numbers worth evaluating.
    """

    learning_rate: float
    seed: int
    history: History
    test: training.Evaluation | None


def run(experiment: Experiment, learning_rate: float, seed: int, progress: bool = False) -> Run:
    """Train and evaluate once, in this process."""
    train, test = experiment.datasets()
    model = experiment.make_model(seed)
    history = training.fit(
        model,
        train,
        experiment.make_optimizer(list(model.parameters()), learning_rate),
        steps=experiment.total_steps(),
        batch_size=experiment.batch_size,
        schedule=experiment.make_schedule(),
        seed=seed,
        progress=progress,
    )
    result = None if history.stopped else training.evaluate(model, test)
    return Run(learning_rate, seed, history, result)
