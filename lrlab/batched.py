"""Many runs as one batch: for a GPU, which a single small model leaves nearly idle.

The weights of all models are stacked into one tensor a layer, and ``torch.func.vmap`` runs every
model on its own batch at once. Each model keeps its own, ordinary optimizer, whose parameters are
views of the stack, so any optimizer of ``torch.optim`` works and takes the same steps as alone.
"""

from collections.abc import Iterator

import torch
from torch.func import functional_call, stack_module_state, vmap
from torch.nn import functional

from lrlab.batches import shuffled_batches
from lrlab.experiment import Experiment, Run
from lrlab.history import History
from lrlab.training import evaluate


def run_batch(
    experiment: Experiment, pairs: list[tuple[float, int]], device: torch.device
) -> Iterator[Run]:
    """Train one model a (learning rate, seed) pair, all at once, and yield the finished runs."""
    train, test = (split.to(device) for split in experiment.datasets())
    models = [experiment.make_model(seed).to(device) for _, seed in pairs]
    schedule = experiment.make_schedule()
    histories = [History() for _ in pairs]
    batches = [shuffled_batches(train, experiment.batch_size, seed) for _, seed in pairs]

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
        logits = functional_call(skeleton, weights, (images,))
        accuracy = (logits.argmax(1) == labels).float().mean()
        return functional.cross_entropy(logits, labels), accuracy

    for step in range(experiment.total_steps()):
        images, labels = (torch.stack(part) for part in zip(*map(next, batches), strict=True))
        losses, accuracies = vmap(forward)(stacked, images, labels)
        gradients = torch.autograd.grad(losses.sum(), list(stacked.values()))
        for index, (optimizer, (learning_rate, _)) in enumerate(
            zip(optimizers, pairs, strict=True)
        ):
            for parameter, gradient in zip(views[index], gradients, strict=True):
                parameter.grad = gradient[index]
            optimizer.param_groups[0]["lr"] = learning_rate * schedule(step)
            optimizer.step()
        for history, optimizer, loss, accuracy in zip(
            histories, optimizers, losses.tolist(), accuracies.tolist(), strict=True
        ):
            if not history.stopped:  # the others go on; this one's numbers no longer mean anything
                history.add(optimizer.param_groups[0]["lr"], loss, accuracy)

    for index, (learning_rate, seed) in enumerate(pairs):
        model = models[index]
        model.load_state_dict({name: stack[index] for name, stack in stacked.items()})
        result = None if histories[index].stopped else evaluate(model, test)
        yield Run(learning_rate, seed, histories[index], result)
