"""Many runs as one batch: for a GPU, which a single small model leaves nearly idle.

The weights of all models are stacked into one tensor a layer, and ``torch.func.vmap`` runs every
model on its own batch at once. Each model keeps its own, ordinary optimizer, whose parameters are
views of the stack, so it takes the same steps as alone. On a GPU the whole step, with all
optimizers in it, is captured (``lrlab.runs.graph``), and nothing is read back within an epoch.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count

import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn import functional

from lrlab import augment as augmentation
from lrlab import training
from lrlab.batches import shuffled_batches, steps_per_epoch
from lrlab.data import Dataset
from lrlab.history import History
from lrlab.runs import graph
from lrlab.runs.experiment import Experiment, Run
from lrlab.schedules import Schedule


def run_batch(
    experiment: Experiment, pairs: list[tuple[float, int]], device: torch.device
) -> list[Run]:
    """Train one model a (learning rate, seed) pair, all at once, and return the finished runs."""
    seeds = [seed for _, seed in pairs]
    stack = Stack([experiment.make_model(seed).to(device) for seed in seeds])
    how = graph.OPTIMIZER_OPTIONS.get(experiment.optimizer) if device.type == "cuda" else None
    optimizers = [
        experiment.make_optimizer(weights, learning_rate, **how or {})
        for weights, (learning_rate, _) in zip(stack.models, pairs, strict=True)
    ]
    repeat = graph.captured if how else graph.repeated
    histories = fit(stack, optimizers, seeds, repeat, **experiment.settings())
    results = zip(*map(stack.evaluate, experiment.judged_on()), strict=True)
    return [
        Run(*pair, history, *((None,) if history.stopped else result))
        for pair, history, result in zip(pairs, histories, results, strict=True)
    ]


class Stack:
    """Models of one kind whose weights are stacked.

    weights: one tensor a layer, [models, ...]; models: the weights of each model, as views of it.
    """

    def __init__(self, models: list[nn.Module]) -> None:
        self._skeleton = models[0]
        self.weights, _ = stack_module_state(models)
        self.models = [
            [layer[index].detach().requires_grad_() for layer in self.weights.values()]
            for index in range(len(models))
        ]

    def forward(
        self, images: torch.Tensor, labels: torch.Tensor, precision: torch.dtype
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return each model's mean loss, and how many labels it gets right, on its own batch.

        images: [models, n, channels, height, width], labels: [models, n]; or without the first
        dimension, the same for all models.
        """
        shared = None if labels.dim() == 1 else 0

        def one(weights: dict, images: torch.Tensor, labels: torch.Tensor) -> tuple:
            with torch.autocast(images.device.type, precision, enabled=precision != torch.float32):
                logits = functional_call(self._skeleton, weights, (images,)).float()
            return functional.cross_entropy(logits, labels), (logits.argmax(1) == labels).sum()

        return vmap(one, in_dims=(0, shared, shared))(self.weights, images, labels)

    @torch.no_grad()
    def evaluate(self, dataset: Dataset) -> list[training.Evaluation]:
        """Return what ``training.evaluate`` says of each model."""
        self._skeleton.eval()
        on_device = dataset.to(next(iter(self.weights.values())).device)
        total = torch.zeros(2, len(self.models), dtype=torch.float64)
        for images, labels in zip(
            on_device.images.split(training.EVALUATION_BATCH),
            on_device.labels.split(training.EVALUATION_BATCH),
            strict=True,
        ):
            losses, right = self.forward(images, labels, torch.float32)
            total = total.to(losses.device) + torch.stack([losses.double() * len(labels), right])
        self._skeleton.train()
        return [training.Evaluation(*pair) for pair in (total / len(dataset)).T.tolist()]


def fit(
    stack: Stack,
    optimizers: list[torch.optim.Optimizer],
    seeds: list[int],
    repeat: Callable[[graph.Step], Iterator[torch.Tensor]],
    *,
    train: Dataset,
    validation: Dataset | None,
    steps: int,
    batch_size: int,
    schedule: Schedule,
    plateau: training.Plateau | None,
    augment: augmentation.Augment,
    precision: torch.dtype,
) -> list[History]:
    """Do for all models at once what ``training.fit`` does for one, and return their histories.

    optimizers, seeds: one a model; repeat: ``graph.captured`` or ``graph.repeated``. A model that
    diverged goes on with the others, but its history ends there.
    """
    layers = list(stack.weights.values())
    train, validation = (part and part.to(layers[0].device) for part in (train, validation))
    once = sorted(set(seeds))  # models with the same seed see the same batches
    batches = _stacked_batches(train, batch_size, once, augment)
    images = train.images.new_empty(len(once), batch_size, *train.images.shape[1:])
    labels = train.labels.new_empty(len(once), batch_size)
    place = torch.tensor([once.index(seed) for seed in seeds], device=labels.device)

    own_rates, rates = _join_rates(optimizers, layers[0])

    def step() -> torch.Tensor:
        losses, right = stack.forward(images[place], labels[place], precision)
        # Laid out as the weights are: a fused optimizer takes number after number of both.
        gradients = [each.contiguous() for each in torch.autograd.grad(losses.sum(), layers)]
        for index, weights in enumerate(stack.models):
            for parameter, gradient in zip(weights, gradients, strict=True):
                parameter.grad = gradient[index]
        graph.side_by_side([optimizer.step for optimizer in optimizers])
        return torch.stack([losses.detach(), right])

    histories = [History() for _ in seeds]
    results = repeat(step)
    epoch_steps = steps_per_epoch(train, batch_size)
    for start in range(0, steps, epoch_steps):
        epoch = range(start, min(start + epoch_steps, steps))
        # A plateau rule looks at the epochs before this one, so all rates of this one are known.
        falls = [training.plateau_fraction(history, plateau) for history in histories]
        fractions = [[schedule(number) * fall for fall in falls] for number in epoch]
        planned = torch.tensor(fractions, dtype=torch.float64)[:, :, None] * own_rates
        measured = torch.empty(len(epoch), 2, len(seeds), device=rates.device)
        for step_rates, result, drawn in zip(planned.to(rates), measured, batches, strict=False):
            images.copy_(drawn[0])
            labels.copy_(drawn[1])
            rates.copy_(step_rates)
            result.copy_(next(results))
        _extend(histories, planned[:, :, 0].tolist(), measured.tolist(), batch_size)
        if validation is not None:
            for history, result in zip(histories, stack.evaluate(validation), strict=True):
                if not history.stopped:
                    history.evaluations.append({"step": epoch.stop, **asdict(result)})
    return histories


def _join_rates(
    optimizers: list[torch.optim.Optimizer], like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the rates of all optimizers, [models, groups], and a tensor where they now read them.

    The first is float64; the second, ``like`` another in type and device, takes each step's rates.
    """
    own = [[group["lr"] for group in optimizer.param_groups] for optimizer in optimizers]
    own_rates = torch.tensor(own, dtype=torch.float64)
    rates = own_rates.to(like)
    for optimizer, row in zip(optimizers, rates, strict=True):
        for group, rate in zip(optimizer.param_groups, row, strict=True):
            group["lr"] = rate
    return own_rates, rates


def _extend(
    histories: list[History], rates: list[list], measured: list[list], batch_size: int
) -> None:
    """Add an epoch to the histories: each step's rates, and its losses and right answers."""
    for step_rates, (losses, right) in zip(rates, measured, strict=True):
        for index, history in enumerate(histories):
            if not history.stopped:
                history.add(step_rates[index], losses[index], right[index] / batch_size)


def _stacked_batches(
    train: Dataset, batch_size: int, seeds: list[int], augment: augmentation.Augment
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield the batches of all seeds, step by step: images [seeds, n, ...], labels [seeds, n]."""
    batches = [shuffled_batches(train, batch_size, seed) for seed in seeds]
    for step in count():
        drawn = [next(each) for each in batches]
        images = [
            augment(images, augmentation.generator(seed, step))
            for seed, (images, _) in zip(seeds, drawn, strict=True)
        ]
        yield torch.stack(images), torch.stack([labels for _, labels in drawn])
