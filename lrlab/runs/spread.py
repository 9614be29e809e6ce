"""A quantity over the seeds, as records hold it; needs no torch, so that reading a record does not."""

import statistics


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


def short(value: float | None) -> float | None:
    """Keep five significant digits: more than the spread over seeds ever resolves."""
    return None if value is None else float(f"{value:.5g}")
