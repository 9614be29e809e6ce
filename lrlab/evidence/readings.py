"""What the findings of several chapters read out of records, and how they say it.

A *spread* is a quantity over the seeds as records hold it: ``mean``, ``std`` and ``values``.
"""

from lrlab.runs.record import Record, gain
from lrlab.runs.spread import Difference

U_CURVES = ("mnist_sgd_u", "mnist_momentum_u", "mnist_rmsprop_u", "mnist_adam_u", "mnist_adamw_u")
GRID_STEP = 2.2  # neighbouring rates of a recorded sweep differ by about this factor


def mean_and_spread(spread: dict, digits: int = 3) -> str:
    """Return a spread as "mean ± standard deviation"."""
    return f"{spread['mean']:.{digits}f} ± {spread['std']:.{digits}f}"


def interval(difference: Difference, digits: int = 3) -> str:
    """Return a paired difference with its 95 % interval, as "+0.248 (+0.140 to +0.355)"."""
    mean, low, high = (f"{part:+.{digits}f}" for part in difference)
    return f"{mean} ({low} to {high})"


def either(rates: list[float]) -> str:
    """Return rates that cannot be told apart as "0.22 or 0.46"."""
    return " or ".join(f"{rate:g}" for rate in rates)


def loss(record: Record, rate: float) -> float:
    """Return the mean test loss at one rate."""
    return record.at(rate)["test_loss"]["mean"]


def best_loss(record: Record) -> dict:
    """Return the test loss, as a spread, at a record's best rate."""
    return record.at(record.best)["test_loss"]


def gain_at(record: Record, rate: float) -> float:
    """Return the gain at one rate, as ``lrlab.runs.record`` defines it; 0 where a seed diverged."""
    if record.at(rate)["diverged"]:
        return 0.0
    return gain(loss(record, rate), best_loss(record)["mean"])


def good_width(record: Record) -> float:
    """Return the highest good rate over the lowest."""
    low, high = record.good
    return high / low


def largest_stable(record: Record) -> float:
    """Return the highest rate below the first at which a seed diverged."""
    stable = record.learning_rates[0]
    for result in record.results:
        if result["diverged"]:
            break
        stable = result["learning_rate"]
    return stable


def optimizer(record: Record) -> str:
    """Return the name of a record's optimizer; momentum is named apart from plain SGD."""
    settings = record.experiment
    return "momentum" if settings["optimizer_options"].get("momentum") else settings["optimizer"]
