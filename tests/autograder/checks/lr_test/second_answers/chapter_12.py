"""The answers to the questions about chapter 12 once more, by other means."""

import math

NUMBERS = {
    "best_epoch": lambda curves: min(range(8), key=lambda epoch: curves["loss"][epoch]) + 1,
    "steps_of_a_run": lambda held_out, batch_size, epochs: (
        math.floor((50_000 - held_out) / batch_size) * epochs
    ),
    "loaded_rate": lambda saved, new, place: {"before": saved, "after": new}[place],
}
RIGHT_OPTIONS = {
    "diagnosis": {"high", "low", "overfitting"},
    "call_order": {"clean", "late", "piled", "wiped"},
}
