"""What the plateau rule does on a curve, done right and with the slips that people make.

``falls`` asks torch's own ReduceLROnPlateau. ``slipped`` is the same rule with one slip in it, so
that a check can tell a student which one gives what their function returned.
"""

import math
from collections.abc import Sequence

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

# One sentence a slip: what the student's function does, never what it should return.
SLIPS = {
    "last": "That is what comes out when each loss is compared with the one before it. Read chapter "
    "9, Why: which loss does an epoch have to beat?",
    "no count": "That is what comes out when a better epoch does not set the count to zero. Read "
    "chapter 9, Why, part 2.",
    "fires on": "That is what comes out when the count goes on after a fall. Read chapter 9, Why, "
    "part 3.",
    "once": "It stopped after its first fall. The rule goes on watching. Read chapter 9, Why, part 3.",
    "forgets": "That is what comes out when a fall also clears the best loss. Read chapter 9, Why, "
    "part 3: what is kept?",
    "no threshold": "That is what comes out when any lower loss counts as better. Read chapter 9, "
    "Why, part 1.",
    "absolute": "That is what comes out when the threshold is subtracted from the best loss. It is a "
    "part of the best loss, not a difference. Read chapter 9, Why, part 1.",
    "creeps": "That is what comes out when a loss becomes the best although it did not count as "
    "better. Read chapter 9, Why, part 1.",
    "nan is better": "That is what comes out when NaN counts as better. Every comparison with NaN is "
    "False, so ask whether a loss *is* better, not whether it fails to be worse.",
    "first is best": "That is what comes out when the first loss is taken for the best without a "
    "look: nothing beats NaN. Start from infinity.",
}


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
    return "Go through it by hand, epoch by epoch: the best so far, the count, the rate. Read " + (
        "chapter 9, Why."
    )
