"""What the plateau rule does on a curve, done right and with the slips that people make.

``falls`` asks torch's own ReduceLROnPlateau. ``slipped`` is the same rule with one slip in it, so
that a check can tell a student which one gives what their function returned.
"""

import math
from collections.abc import Sequence

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from autograder.checks import messages

say = messages.load(__file__)
SLIPS = say.group("trigger_epochs.slips")  # what the student's function does, by slip


def falls(
    values: Sequence[float], patience: int, threshold: float = 1e-4, mode: str = "min"
) -> list[int]:
    """Return the epochs, counted from 1, after which torch lowers the rate."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = ReduceLROnPlateau(
        optimizer, mode=mode, patience=patience, threshold=threshold, eps=0.0
    )
    found = []
    for epoch, value in enumerate(values, start=1):
        before = optimizer.param_groups[0]["lr"]
        scheduler.step(value)
        if optimizer.param_groups[0]["lr"] < before:
            found.append(epoch)
    return found


def slipped(values: Sequence[float], patience: int, threshold: float, slip: str) -> list[int]:
    """Return what ``falls`` would with one of the SLIPS."""
    best = values[0] if slip == "first is best" else math.inf
    last, waited, found = math.inf, 0, []
    for epoch, value in enumerate(values, start=1):
        bar = {
            "last": last * (1 - threshold),
            "no threshold": best,
            "absolute": best - threshold,
        }.get(slip, best * (1 - threshold))
        better = not value >= bar if slip == "nan is better" else value < bar
        if better:
            best, waited = value, waited if slip == "no count" else 0
        else:
            waited += 1
            if slip == "creeps":
                best = min(best, value)
        last = value
        if waited > patience and not (slip == "once" and found):
            found.append(epoch)
            waited = waited if slip == "fires on" else 0
            best = math.inf if slip == "forgets" else best
    return found


def name_slip(found: list, values: Sequence[float], patience: int, threshold: float) -> str:
    """Return the sentence of the slip that gives ``found`` on this curve, or of none."""
    for slip, sentence in SLIPS.items():
        if found == slipped(values, patience, threshold, slip):
            return sentence
    return say("trigger_epochs.no_slip")
