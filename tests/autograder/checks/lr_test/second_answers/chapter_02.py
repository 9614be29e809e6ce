"""The answers to the questions about chapter 2 once more, by other means."""

NUMBERS = {
    "rate_grid": lambda low, high, count: (high / low) ** (1 / (count - 1)),
    "largest_stable_rate": lambda curvature: 2 / curvature,
    "summed_loss": lambda rate, batch_size: rate / batch_size,
}
RIGHT_OPTIONS = {
    "read_the_curve": {"good", "high", "low"},
    "where_next": {"down", "take", "up"},
}
