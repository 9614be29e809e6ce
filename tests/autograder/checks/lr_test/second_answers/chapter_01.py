"""The answers to the questions about chapter 1 once more, by other means."""

import math

NUMBERS = {
    "step_by_hand": lambda weight, gradient, rate: weight - rate * gradient,
    "length_of_the_step": lambda first, second, length: length * second / first,
    "loss_of_guessing": lambda classes: math.log(classes),
    "adam_first_step": lambda gradient, rate: -rate * math.copysign(1, gradient),
}
RIGHT_OPTIONS = {
    "what_the_rate_changes": {"change"},
}
