"""The answers to the questions about chapter 9 once more, by other means."""

import math


def plateau_falls(values, patience, threshold=0.0) -> list[int]:
    """Return the epochs, from 1, after which a plateau rule fires; written without lrlab."""
    found, best, waited = [], math.inf, 0
    for epoch, value in enumerate(values, 1):
        waited += 1
        if value < best * (1 - threshold):
            best, waited = value, 0
        if waited == patience + 1:
            found, waited = [*found, epoch], 0
    return found


NUMBERS = {
    "rate_after_falls": lambda rate, factor, falls: rate * factor**falls,
    "first_fall": lambda losses, patience: plateau_falls(losses, patience)[0],
    "falls_in_a_run": lambda best, patience: (20 - best) // (patience + 1),
    "wrong_mode": lambda accuracies, patience: patience + 2,
    "small_gains": lambda losses, patience, threshold: plateau_falls(losses, patience, threshold)[
        0
    ],
}
