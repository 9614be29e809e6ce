"""Answers to the questions about chapter 9, plateaus; see ``answers``."""

from autograder.checks.lr_test.answers import Number
from lrlab import plateau

EPOCHS = 20  # the length of the run in `falls_in_a_run`


def rate_after_falls(rate: float, factor: float, falls: int) -> Number:
    """The rate after a plateau rule has fired: a flat curve on which it fires at every value."""
    flat = [1.0] * (falls + 1)
    right = rate * plateau.fraction(flat, factor=factor, patience=0)
    return right, {
        "once": rate * factor,
        "product": rate * factor * falls,
        "taken_away": rate * (1 - factor) ** falls,
    }


def first_fall(losses: list[float], patience: int) -> Number:
    """The epoch after which the rate first falls."""
    right = plateau.reductions(losses, patience=patience, threshold=0)[0] + 1
    first_worse = next(n for n, loss in enumerate(losses, 1) if loss > min(losses[:n]))
    return right, {"early": right - 1, "late": right + 1, "first_worse": first_worse}


def falls_in_a_run(best: int, patience: int) -> Number:
    """How often a plateau rule fires in 20 epochs."""
    losses = [2.0 - 0.1 * epoch for epoch in range(best)] + [2.5] * (EPOCHS - best)
    right = len(plateau.reductions(losses, patience=patience))
    return right, {
        "every_patience": (EPOCHS - best) // patience,
        "every": EPOCHS - best,
        "once": 1,
    }


def wrong_mode(accuracies: list[float], patience: int) -> Number:
    """The epoch after which the rate falls when an accuracy is taken for a loss."""
    right = _first(plateau.reductions(accuracies, patience=patience, mode="min"))
    return right, {"never": 0, "early": right - 1, "late": right + 1}


def small_gains(losses: list[float], patience: int, threshold: float) -> Number:
    """The epoch after which the rate falls on a loss that falls too little."""
    right = _first(plateau.reductions(losses, patience=patience, threshold=threshold))
    return right, {"never": 0, "early": right - 1, "late": right + 1}


def _first(indices: list[int]) -> int:
    """Return the first epoch, counted from 1, or 0 when there is none."""
    return indices[0] + 1 if indices else 0
