"""Many runs as one batch: for a GPU, which a single small model leaves nearly idle.

The weights of all models are stacked into one tensor a layer, and ``torch.func.vmap`` runs every
model on its own batch at once. Each model keeps its own, ordinary optimizer, whose parameters are
views of the stack, so any optimizer of ``torch.optim`` works and takes the same steps as alone.
"""

from collections.abc import Iterator
from dataclasses import asdict

import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn import functional

from lrlab import augment
from lrlab.batches import shuffled_batches, steps_per_epoch
from lrlab.history import History
from lrlab.runs.experiment import PRECISIONS, Experiment, Run, Splits
from lrlab.training import evaluate, rate_fraction


def run_batch(
    experiment: Experiment, pairs: list[tuple[float, int]], device: torch.device
) -> Iterator[Run]:
    """Train one model a (learning rate, seed) pair, all at once, and yield the finished runs."""
    splits = Splits(*(split and split.to(device) for split in experiment.splits()))
    models = [experiment.make_model(seed).to(device) for _, seed in pairs]
    schedule, plateau = experiment.make_schedule(), experiment.make_plateau()
    changed = augment.BY_NAME[experiment.augment]
    precision = PRECISIONS[experiment.precision]
    histories = [History() for _ in pairs]
    batches = [shuffled_batches(splits.train, experiment.batch_size, seed) for _, seed in pairs]

    stacked, _ = stack_module_state(models)
    views = [
        [stack[index].detach().requires_grad_() for stack in stacked.values()]
        for index in range(len(pairs))
    ]
    optimizers = [
        experiment.make_optimizer(parameters, learning_rate)
        for parameters, (learning_rate, _) in zip(views, pairs, strict=True)
    ]
    skeleton = models[0].train()

    def forward(weights: dict, images: torch.Tensor, labels: torch.Tensor) -> tuple:
        with torch.autocast(device.type, precision, enabled=precision != torch.float32):
            logits = functional_call(skeleton, weights, (images,)).float()
        accuracy = (logits.argmax(1) == labels).float().mean()
        return functional.cross_entropy(logits, labels), accuracy

    epoch_steps = steps_per_epoch(splits.train, experiment.batch_size)
    total = experiment.total_steps()
    for step in range(total):
        drawn = [
            (changed(images, augment.generator(seed, step)), labels)
            for (images, labels), (_, seed) in zip(map(next, batches), pairs, strict=True)
        ]
        images, labels = (torch.stack(part) for part in zip(*drawn, strict=True))
        losses, accuracies = vmap(forward)(stacked, images, labels)
        gradients = torch.autograd.grad(losses.sum(), list(stacked.values()))
        for index, (learning_rate, _) in enumerate(pairs):
            for parameter, gradient in zip(views[index], gradients, strict=True):
                parameter.grad = gradient[index]
            fraction = rate_fraction(step, histories[index], schedule, plateau)
            optimizers[index].param_groups[0]["lr"] = learning_rate * fraction
            optimizers[index].step()
        for history, optimizer, loss, accuracy in zip(
            histories, optimizers, losses.tolist(), accuracies.tolist(), strict=True
        ):
            if not history.stopped:  # the others go on; this one's numbers no longer mean anything
                history.add(optimizer.param_groups[0]["lr"], loss, accuracy)
        if splits.validation and ((step + 1) % epoch_steps == 0 or step + 1 == total):
            for index, history in enumerate(histories):
                if not history.stopped:
                    result = evaluate(_unstacked(models, stacked, index), splits.validation)
                    history.evaluations.append({"step": step + 1, **asdict(result)})

    for index, (learning_rate, seed) in enumerate(pairs):
        model = _unstacked(models, stacked, index)
        result = None if histories[index].stopped else evaluate(model, splits.test)
        yield Run(learning_rate, seed, histories[index], result)


def _unstacked(models: list[nn.Module], stacked: dict[str, torch.Tensor], index: int) -> nn.Module:
    """Return one of the models, with its weights as they are in the stack now."""
    models[index].load_state_dict({name: stack[index] for name, stack in stacked.items()})
    return models[index]
