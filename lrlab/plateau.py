"""The plateau rule: lower the learning rate when a measured value stops getting better.

A schedule knows the step alone; this rule looks at the values of the validation loss so far, one an
epoch. It is still a pure function, of that list, so a run that goes on from a checkpoint needs no
state beside its history::

    halve = partial(plateau.fraction, factor=0.5, patience=2)
    history = training.fit(model, train, optimizer, epochs=20, validation=held_out, plateau=halve)

Both functions agree, value for value, with ``torch.optim.lr_scheduler.ReduceLROnPlateau`` (relative
threshold); the tests prove it.
"""

import math
from collections.abc import Sequence


def reductions(
    values: Sequence[float],
    *,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    mode: str = "min",
) -> list[int]:
    """Return the indices of the ``values`` after which the rate falls.

    A value is better when it beats the best one so far by more than the fraction ``threshold`` of
    it: below for ``mode="min"`` (a loss), above for ``mode="max"`` (an accuracy). The rate falls
    when more than ``patience`` values in a row were not better; the count then starts anew, and the
    next ``cooldown`` values do not count. NaN is never better.
    Raises ValueError when ``mode`` is neither.
    """
    if mode not in ("min", "max"):
        raise ValueError(f"mode is {mode!r}: choose 'min' for a loss, 'max' for an accuracy")
    best = math.inf if mode == "min" else -math.inf
    not_better = resting = 0
    found = []
    for index, value in enumerate(values):
        if _is_better(value, best, threshold, mode):
            best, not_better = value, 0
        else:
            not_better += 1
        if resting > 0:
            resting, not_better = resting - 1, 0
        if not_better > patience:
            found.append(index)
            resting, not_better = cooldown, 0
    return found


def fraction(values: Sequence[float], *, factor: float = 0.1, **rule) -> float:
    """Return what is left of the learning rate after ``values``: ``factor`` to the falls so far.

    rule: the settings of ``reductions``.
    """
    return factor ** len(reductions(values, **rule))


def _is_better(value: float, best: float, threshold: float, mode: str) -> bool:
    if mode == "min":
        return value < best * (1 - threshold)
    return value > best * (1 + threshold)
