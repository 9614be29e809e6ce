"""Eight schedules side by side: what the rate does at every step, and where the runs ended (chapter 8).

The records hold the same experiment with another schedule each. ``state`` joins them with the rate
of every step, computed by ``lrlab.schedules`` and thinned to the corners of its line, so that the
figure draws what the runs used and holds no second implementation.
"""

import statistics
from collections.abc import Sequence

import numpy
from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab.plots import ACCENT, learning_rate_colour
from lrlab.runs.record import Record

TITLES = {
    "constant": "constant",
    "step_decay": "step decay",
    "multi_step": "multi-step",
    "exponential": "exponential",
    "linear": "linear",
    "cosine": "cosine",
    "one_cycle": "one cycle",
    "warmup_stable_decay": "warm-up, stable, decay",
}
FROM_STEP = 15  # on a linear axis the steps before this one lie in a hair's breadth
CLOSE = 0.004  # a corner that moves the line by less than this part of the peak is left out


def state(*records: Record) -> dict:
    """Return the records, one a schedule, as one piece of plain data; the constant rate comes first."""
    constant = records[0]
    kept = [k for k, step in enumerate(constant.steps) if k == 0 or step >= FROM_STEP]
    total = constant.steps[-1]
    return {
        "data": {"name": constant.caption},
        "seeds": constant.seeds,
        "learning_rates": constant.learning_rates,
        "total_steps": total,
        "steps": [constant.steps[k] for k in kept],
        "schedules": [
            {
                "name": title(record),
                "best": record.best,
                "trace": corners([record.schedule()(step) for step in range(total)]),
                "results": [_thinned(result, kept) for result in record.results],
            }
            for record in records
        ],
    }


def picture(*records: Record) -> Figure:
    """Draw the final test loss, one row a schedule: every seed a dot, in its peak rate's colour.

    Runs that diverged, or end at more than four times the lowest loss, are left out; the line is the
    constant rate at its best.
    """
    constant = records[0]
    rates = constant.learning_rates
    figure, axes = pyplot.subplots(figsize=(6.0, 4.2))
    lowest = min(min(r["test_loss"]["values"]) for record in records for r in record.results)
    for row, record in enumerate(records):
        for result in record.results:
            colour = learning_rate_colour(result["learning_rate"], rates)
            values = [value for value in result["test_loss"]["values"] if value < 4 * lowest]
            axes.plot(values, [row] * len(values), "o", color=colour, markersize=4)
    axes.axvline(statistics.fmean(_at_best(constant)), color=ACCENT, linewidth=1)
    for rate in rates:
        axes.plot([], [], "o", color=learning_rate_colour(rate, rates), label=f"{rate:g}")
    axes.legend(title="peak rate", loc="center left", bbox_to_anchor=(1, 0.5))
    axes.set_xscale("log")
    axes.set_xlim(lowest / 1.08, 4 * lowest)
    ticks = [
        tick
        for tick in (0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2)
        if lowest / 1.08 < tick < 4 * lowest
    ]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(records)), [title(record) for record in records])
    axes.invert_yaxis()
    axes.set_xlabel("test loss at the end (nats, log scale)")
    axes.set_title(f"Two epochs of {constant.experiment['optimizer']} ({constant.caption})")
    return figure


def alt(*records: Record) -> str:
    """Say which schedules end lower, and which higher, than the constant rate: every seed of them."""
    constant, *others = records
    ends = _at_best(constant)
    below = [each for each in others if max(_at_best(each)) < min(ends)]
    above = [each for each in others if min(_at_best(each)) > max(ends)]
    return (
        f"Test loss at the end for {len(records)} schedules, each at "
        f"{len(constant.learning_rates)} peak rates with {len(constant.seeds)} seeds. The constant "
        f"rate is at its best at {constant.best:g}, with {statistics.fmean(ends):.3f}. "
        f"Below it end {_listed(below)}; above it end {_listed(above)}."
    )


def title(record: Record) -> str:
    """Return the name of a record's schedule, in words."""
    return TITLES[record.experiment["schedule"]]


def corners(fractions: Sequence[float], close: float = CLOSE) -> list[list[float]]:
    """Return the [step, fraction] pairs between which straight lines lie within ``close``."""
    values = numpy.asarray(fractions)

    def split(start: int, end: int) -> list[int]:
        steps = numpy.arange(start, end + 1)
        gaps = abs(values[steps] - numpy.interp(steps, [start, end], values[[start, end]]))
        worst = int(gaps.argmax())
        if gaps[worst] <= close:
            return [start]
        return split(start, start + worst) + split(start + worst, end)

    last = len(values) - 1
    return [[step, float(f"{values[step]:.3g}")] for step in [*split(0, last), last]]


def _at_best(record: Record) -> list[float]:
    return record.at(record.best)["test_loss"]["values"]


def _listed(records: list[Record]) -> str:
    return " and ".join(
        f"{title(each)} ({statistics.fmean(_at_best(each)):.3f}, peak {each.best:g})"
        for each in records
    )


def _thinned(result: dict, kept: list[int]) -> dict:
    """Return what the figure draws of one rate's result: four digits, and the points in ``kept``."""
    curves = result["train_loss"]
    return {
        "train_loss": {key: [_short(curves[key][k]) for k in kept] for key in curves},
        "test_loss": {"values": result["test_loss"]["values"]},
        "diverged": result["diverged"],
    }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")
