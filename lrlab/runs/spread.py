"""A quantity over the seeds, as records hold it, and two of them compared seed by seed.

Loads no package by itself, so that reading a record does not.
"""

import math
import statistics
from typing import NamedTuple

CONFIDENCE = 0.95


class Difference(NamedTuple):
    """How much lower one quantity is than another, over paired seeds: mean and 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def told_apart(self) -> bool:
        """Whether the seeds at hand tell the two apart: the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def spread(values: list[float | None]) -> dict:
    """Return mean, sample standard deviation and the values themselves, one a seed.

    A run without a result is None; it counts in no mean, and stays visible among the values.
    """
    finite = [value for value in values if value is not None]
    return {
        "mean": short(statistics.fmean(finite)) if finite else None,
        "std": short(statistics.stdev(finite)) if len(finite) > 1 else None,
        "values": [short(value) for value in values],
    }


def paired_difference(one: dict, other: dict) -> Difference:
    """Return ``other`` less ``one``, each a spread over the same seeds, as Student's t gives it.

    Runs with one seed start from the same weights and see the same batches, so that what a seed does
    to both of them drops out. Of many such comparisons one in twenty tells apart what is alike.
    Raises ValueError when a seed has no result, when there is one seed only, or when they differ in number.
    """
    pairs = list(zip(other["values"], one["values"], strict=True))
    if len(pairs) < 2 or None in (value for pair in pairs for value in pair):
        raise ValueError(f"two or more seeds, each with both results, are needed: {pairs}")
    from scipy.special import stdtrit  # here, as most readers of a record compare nothing

    differences = [higher - lower for higher, lower in pairs]
    mean, error = statistics.fmean(differences), statistics.stdev(differences)
    error /= math.sqrt(len(pairs))
    half = float(stdtrit(len(pairs) - 1, (1 + CONFIDENCE) / 2)) * error
    return Difference(mean, mean - half, mean + half)


def short(value: float | None) -> float | None:
    """Keep five significant digits: more than the spread over seeds ever resolves."""
    return None if value is None else float(f"{value:.5g}")
