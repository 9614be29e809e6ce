"""The answers to the questions about chapter 6 once more, by other means."""

import math

NUMBERS = {
    "default_rate": lambda optimizer: 0.01 if optimizer in ("RMSprop", "Adagrad") else 0.001,
    "matching_rate": lambda rate, momentum: rate * (1 - momentum),
    "first_rmsprop_step": lambda gradient, rate: rate / math.sqrt(1 - 0.99),
    "decay_step": lambda optimizer, weight, rate, decay: (
        -rate if optimizer == "Adam" else -rate * decay * weight
    ),
}
RIGHT_OPTIONS = {
    "optimizer_line": {"by_name"},
}
