"""What happened in a training run, and the file from which an interrupted run goes on."""

import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn

# A loss this many times the first one never comes back; a catapult (arXiv 2003.02218) stays below.
DIVERGED_FACTOR = 1000.0


@dataclass
class History:
    """What happened: one entry a step in the first three lists, one entry an evaluation in the last.

    learning_rate: of the first parameter group; loss: mean over the batch, before that step's
    update; accuracy: fraction right on the batch, before the update; evaluations: dicts with
    ``step`` (updates made so far), ``loss`` and ``accuracy`` on the validation data.
    stopped: empty, or the sentence that says why the run ended early.
    """

    learning_rate: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    evaluations: list[dict] = field(default_factory=list)
    stopped: str = ""

    def __len__(self) -> int:
        return len(self.loss)

    def add(self, learning_rate: float, loss: float, accuracy: float) -> None:
        """Append one step, and write into ``stopped`` that the run diverged, if it did."""
        self.learning_rate.append(learning_rate)
        self.loss.append(loss)
        self.accuracy.append(accuracy)
        if not math.isfinite(loss) or loss > DIVERGED_FACTOR * self.loss[0]:
            self.stopped = f"diverged at step {len(self) - 1}: the loss is {loss:.3g}"


def save(
    path: Path, settings: dict, model: nn.Module, optimizer: torch.optim.Optimizer, history: History
) -> None:
    """Write the state of a run to ``path``: all that ``restore`` needs to go on as if never stopped."""
    state = {
        "settings": settings,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "history": asdict(history),
        "random_state": torch.get_rng_state(),
    }
    partial = path.with_name(path.name + ".partial")
    torch.save(state, partial)
    os.replace(partial, path)  # an interruption leaves the old checkpoint or the new one, whole


def restore(
    path: Path, settings: dict, model: nn.Module, optimizer: torch.optim.Optimizer
) -> History:
    """Load ``path`` into the model and the optimizer; return the history so far.

    Raises ValueError when the file is damaged or was made with other settings.
    """
    try:
        state = torch.load(path, weights_only=True)  # data only: a checkpoint file runs no code
    except Exception as error:  # whatever the damaged bytes provoke
        raise ValueError(f"{path} is damaged: delete it to start the run anew") from error
    if state["settings"] != settings:
        raise ValueError(
            f"{path} was made with {state['settings']}, this run has {settings}: "
            "use the same settings or another checkpoint file"
        )
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random_state"])
    return History(**state["history"])
