"""One training run as data: which data, model, optimizer and schedule, and how long.

An ``Experiment`` leaves out only what a sweep varies, the learning rate and the seed. Because it is
plain data it can be written in a file, sent to another process and kept beside its result.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from lrlab import augment, data, models, plateau, schedules, training
from lrlab.batches import steps_per_epoch
from lrlab.history import History

DATASETS: dict[str, Callable] = {
    dataset.__name__: dataset for dataset in (data.mnist, data.mnist_in_page, data.cifar10)
}
MODELS: dict[str, type[nn.Module]] = {"SimpleCNN": models.SimpleCNN, "CifarCNN": models.CifarCNN}
PRECISIONS: dict[str, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class Splits(NamedTuple):
    """The data of a run: what it learns from, what decides in the meantime, what judges it last."""

    train: data.Dataset
    validation: data.Dataset | None
    test: data.Dataset


@dataclass(frozen=True)
class Run:
    """One finished run: its learning rate and seed, its history, and the results at its end.

    test: on the test data; train: on the training images as they are, not augmented, of runs that
    hold validation data out, and None of others. Both are None when the run diverged: the weights
    are then no longer numbers worth evaluating.
    """

    learning_rate: float
    seed: int
    history: History
    test: training.Evaluation | None
    train: training.Evaluation | None = None


@dataclass(frozen=True)
class Experiment:
    """The settings of a training run.

    dataset, model: a name in DATASETS, in MODELS; optimizer: a class name in torch.optim, with its
    other settings in optimizer_options; schedule: a name in ``lrlab.schedules``, with its settings
    in schedule_options (``total_steps`` is filled in where a schedule takes it); plateau_options:
    the settings of ``plateau.fraction``, or None for no such rule; augment: a name in
    ``lrlab.augment``; precision: a name in PRECISIONS; the length as ``epochs`` or as ``steps``;
    held_out: so many of the last training images become the validation data; train_size, test_size:
    use only the first so many images of what is left.

    Raises ValueError, with all that is wrong, when a name is unknown or the length is not clear.
    """

    dataset: str = "mnist"
    model: str = "SimpleCNN"
    optimizer: str = "SGD"
    optimizer_options: dict = field(default_factory=dict)
    schedule: str = "constant"
    schedule_options: dict = field(default_factory=dict)
    plateau_options: dict | None = None
    augment: str = "none"
    precision: str = "float32"
    batch_size: int = 64
    steps: int | None = None
    epochs: int | None = None
    held_out: int = 0
    train_size: int | None = None
    test_size: int | None = None

    def __post_init__(self) -> None:
        problems = [
            f"{kind} {name!r} is unknown, choose from {', '.join(known)}"
            for kind, name, known in (
                ("dataset", self.dataset, DATASETS),
                ("model", self.model, MODELS),
                ("schedule", self.schedule, schedules.BY_NAME),
                ("augment", self.augment, augment.BY_NAME),
                ("precision", self.precision, PRECISIONS),
            )
            if name not in known
        ]
        if not isinstance(getattr(torch.optim, self.optimizer, None), type):
            problems.append(f"optimizer {self.optimizer!r} is not a class in torch.optim")
        if (self.steps is None) == (self.epochs is None):
            problems.append("give the length either as steps or as epochs")
        if self.plateau_options is not None and not self.held_out:
            problems.append("a plateau rule needs validation data: give held_out")
        if problems:
            raise ValueError("; ".join(problems))

    def splits(self) -> Splits:
        """Return the training, validation and test data that the run uses."""
        train, test = DATASETS[self.dataset]()
        validation = None
        if self.held_out:
            validation = train.last(self.held_out)
            train = train.first(len(train) - self.held_out)
        if self.train_size is not None:
            train = train.first(self.train_size)
        if self.test_size is not None:
            test = test.first(self.test_size)
        return Splits(train, validation, test)

    def total_steps(self) -> int:
        """Return the number of optimizer updates in one run."""
        epoch_steps = steps_per_epoch(self.splits().train, self.batch_size)
        return training.total_steps(epoch_steps, self.steps, self.epochs)

    def make_model(self, seed: int) -> nn.Module:
        """Return the model with the starting weights that ``seed`` decides."""
        torch.manual_seed(seed)
        return MODELS[self.model]()

    def make_optimizer(
        self, parameters: list, learning_rate: float, **implementation: bool
    ) -> torch.optim.Optimizer:
        """Return the optimizer for these parameters at this learning rate.

        implementation: which of torch's implementations does it, such as ``fused=True``.
        """
        optimizer = getattr(torch.optim, self.optimizer)
        return optimizer(parameters, lr=learning_rate, **self.optimizer_options, **implementation)

    def make_schedule(self) -> schedules.Schedule:
        """Return the schedule as a function of the step alone."""
        return schedules.make(self.schedule, self.schedule_options, self.total_steps())

    def make_plateau(self) -> training.Plateau | None:
        """Return the plateau rule as a function of the validation losses so far, if there is one."""
        if self.plateau_options is None:
            return None
        return partial(plateau.fraction, **self.plateau_options)

    def settings(self) -> dict:
        """Return all that a training loop needs beside model, optimizer and seed.

        They are keyword arguments of ``training.fit`` and of ``batched.fit``, without defaults in
        the latter: neither can leave one out.
        """
        splits = self.splits()
        return {
            "train": splits.train,
            "validation": splits.validation,
            "steps": self.total_steps(),
            "batch_size": self.batch_size,
            "schedule": self.make_schedule(),
            "plateau": self.make_plateau(),
            "augment": augment.BY_NAME[self.augment],
            "precision": PRECISIONS[self.precision],
        }

    def train(
        self, learning_rate: float, seed: int, checkpoint: str | Path | None = None
    ) -> tuple[nn.Module, History]:
        """Train once, in this process; return the network, and what happened at every step.

        With ``checkpoint``, a file, it goes on where it was.
        """
        model = self.make_model(seed)
        history = training.fit(
            model,
            optimizer=self.make_optimizer(list(model.parameters()), learning_rate),
            seed=seed,
            checkpoint=checkpoint,
            progress=False,
            **self.settings(),
        )
        return model, history

    def run(self, learning_rate: float, seed: int, checkpoint: str | Path | None = None) -> Run:
        """Train once, as ``train`` does, and evaluate what came of it."""
        model, history = self.train(learning_rate, seed, checkpoint)
        if history.stopped:
            return Run(learning_rate, seed, history, None)
        results = (training.evaluate(model, each) for each in self.judged_on())
        return Run(learning_rate, seed, history, *results)

    def judged_on(self) -> list[data.Dataset]:
        """Return the data on which a run is evaluated at its end, in the order of ``Run``'s fields."""
        splits = self.splits()
        return [splits.test] if splits.validation is None else [splits.test, splits.train]
