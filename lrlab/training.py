"""The training loop of the course.

Chapter 1 writes one step out by hand; this loop is the same step, repeated, with what a real run
needs around it: a schedule, a record of every step, a stop at divergence, and checkpoints to go on
from. The data is in memory, so a batch is one indexing operation and the loop runs as fast as the
arithmetic of the model.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from lrlab import augment as augmentation
from lrlab.batches import shuffled_batches, steps_per_epoch
from lrlab.data import Dataset
from lrlab.history import History, restore, save
from lrlab.schedules import Schedule, constant

LossFunction = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Plateau = Callable[[Sequence[float]], float]

EVALUATION_BATCH = 250  # more leave a core's cache: CifarCNN took twice as long at 1,000


@dataclass(frozen=True)
class Evaluation:
    """The mean loss and the accuracy (fraction right) on a whole data set."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class OneStep:
    """One optimizer step on one batch: the loss before and after, and how far the weights moved.

    update_ratio: length of the change of all weights over the length of all weights, no unit.
    """

    loss_before: float
    loss_after: float
    update_ratio: float


def fit(
    model: nn.Module,
    train: Dataset,
    optimizer: torch.optim.Optimizer,
    *,
    steps: int | None = None,
    epochs: int | None = None,
    batch_size: int = 64,
    schedule: Schedule = constant,
    plateau: Plateau | None = None,
    augment: augmentation.Augment = augmentation.none,
    precision: torch.dtype = torch.float32,
    seed: int = 0,
    validation: Dataset | None = None,
    loss_function: LossFunction = functional.cross_entropy,
    checkpoint: str | Path | None = None,
    progress: bool = True,
) -> History:
    """Train ``model`` in place and return what happened at every step.

    Give the length as ``steps`` (optimizer updates) or as ``epochs``. ``schedule(step)`` is the
    fraction of each parameter group's own learning rate that the step uses; ``plateau``, given the
    validation losses so far, returns another fraction (``lrlab.plateau``). ``augment`` changes each
    batch's images. ``precision`` bfloat16 computes the model in mixed precision; weights and loss
    stay float32. ``seed`` decides the order and the changes of the images. ``validation`` is
    evaluated after every epoch and at the end. With ``checkpoint``, the state is saved to that file
    after every epoch, and a second call with the same settings goes on from there. The run stops,
    and ``history.stopped`` says why, when the loss is not a number or exceeds 1,000 times the first.

    Raises ValueError when the length, the batch size or a checkpoint's settings make no sense, or
    when there is a plateau rule and nothing that it could look at.
    """
    if plateau is not None and validation is None:
        raise ValueError("a plateau rule looks at the validation loss: give validation data")
    epoch_steps = steps_per_epoch(train, batch_size)
    steps = total_steps(epoch_steps, steps, epochs)
    settings = {"seed": seed, "batch_size": batch_size, "images": len(train)}
    base_rates = [group["lr"] for group in optimizer.param_groups]
    history = History()
    if checkpoint is not None and Path(checkpoint).exists():
        history = restore(Path(checkpoint), settings, model, optimizer)

    model.train()
    done = len(history)
    batches = shuffled_batches(train.to(_device(model)), batch_size, seed, first_step=done)
    try:
        with progress_bar(steps, done, "step", progress) as bar:
            for step, (images, labels) in zip(range(done, steps), batches, strict=False):
                if history.stopped:
                    break
                fraction = schedule(step) * plateau_fraction(history, plateau)
                for group, base_rate in zip(optimizer.param_groups, base_rates, strict=True):
                    group["lr"] = base_rate * fraction
                images = augment(images, augmentation.generator(seed, step))
                loss, accuracy = training_step(
                    model, images, labels, optimizer, loss_function, precision
                )
                history.add(optimizer.param_groups[0]["lr"], loss, accuracy)
                bar.update()
                if not history.stopped and ((step + 1) % epoch_steps == 0 or step + 1 == steps):
                    bar.set_postfix_str(f"loss {loss:.3f}")
                    if validation is not None:
                        result = evaluate(model, validation, loss_function=loss_function)
                        history.evaluations.append({"step": step + 1, **asdict(result)})
                    if checkpoint is not None:
                        save(Path(checkpoint), settings, model, optimizer, history)
    finally:  # also after an interruption, the optimizer's own rates are the caller's again
        for group, base_rate in zip(optimizer.param_groups, base_rates, strict=True):
            group["lr"] = base_rate
    return history


def training_step(
    model: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    optimizer: torch.optim.Optimizer,
    loss_function: LossFunction = functional.cross_entropy,
    precision: torch.dtype = torch.float32,
) -> tuple[float, float]:
    """Make one optimizer update; return the batch's loss and accuracy from before it.

    The step is a closure because some optimizers (LBFGS) evaluate the loss more than once.
    """
    outputs = []
    mixed = precision != torch.float32

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        with torch.autocast(images.device.type, precision, enabled=mixed):
            logits = model(images)
        loss = loss_function(logits.float(), labels)
        loss.backward()
        outputs.append(logits)
        return loss

    loss = optimizer.step(closure)
    right = (outputs[0].argmax(1) == labels).sum()
    return loss.item(), right.item() / len(labels)


def one_step(
    model: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    optimizer: torch.optim.Optimizer,
) -> OneStep:
    """Make one update on one batch and measure it: loss before, loss after, size of the change."""
    before = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    loss_before, _ = training_step(model, images, labels, optimizer)
    change = nn.utils.parameters_to_vector(model.parameters()).detach() - before
    with torch.no_grad():
        loss_after = functional.cross_entropy(model(images), labels).item()
    return OneStep(loss_before, loss_after, (change.norm() / before.norm()).item())


@torch.no_grad()
def evaluate(
    model: nn.Module,
    dataset: Dataset,
    batch_size: int = EVALUATION_BATCH,
    loss_function: LossFunction = functional.cross_entropy,
) -> Evaluation:
    """Return the mean loss and the accuracy of ``model`` on a whole data set, in eval mode."""
    was_training = model.training
    model.eval()
    loss, right = 0.0, 0
    on_device = dataset.to(_device(model))
    for start in range(0, len(dataset), batch_size):
        images = on_device.images[start : start + batch_size]
        labels = on_device.labels[start : start + batch_size]
        logits = model(images)
        loss += loss_function(logits, labels).item() * len(labels)
        right += (logits.argmax(1) == labels).sum().item()
    model.train(was_training)
    return Evaluation(loss / len(dataset), right / len(dataset))


def plateau_fraction(history: History, plateau: Plateau | None) -> float:
    """Return the fraction of its learning rate that the plateau rule, if there is one, leaves."""
    if plateau is None:
        return 1.0
    return plateau([entry["loss"] for entry in history.evaluations])


def total_steps(epoch_steps: int, steps: int | None, epochs: int | None) -> int:
    """Return a run's length in steps, given as exactly one of ``steps`` and ``epochs``."""
    if (steps is None) == (epochs is None):
        raise ValueError("give the length of the run either as steps or as epochs")
    total = epochs * epoch_steps if steps is None else steps
    if total < 1:
        raise ValueError(f"a run has at least one step, not {total}")
    return total


def progress_bar(total: int, done: int, unit: str, shown: bool) -> tqdm:
    """Return a bar for a terminal or a notebook; ``TQDM_DISABLE=1`` hides it where it is noise."""
    # tqdm itself honours that variable on a terminal only, not in a notebook.
    hidden = not shown or os.environ.get("TQDM_DISABLE", "0") not in ("", "0")
    return tqdm(total=total, initial=done, unit=unit, leave=False, disable=hidden)


def _device(model: nn.Module) -> torch.device:
    return next(model.parameters()).device
