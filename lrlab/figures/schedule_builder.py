"""The recorded schedules side by side: the data of chapter 8's figure, and its picture in print.

The eight records hold the same experiment with another schedule each. ``together`` joins them with
the rate of every step, computed by ``lrlab.schedules`` and thinned to the corners of its line, so
that a figure draws what the run used and holds no second implementation.
"""

import statistics
from collections.abc import Sequence

import numpy
from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab import runs, schedules
from lrlab.plots import ACCENT, learning_rate_colour

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


def recorded(name: str) -> dict:
    """Return the record of the schedule ``name``: two epochs of SGD at five peak rates."""
    return runs.load(f"mnist_schedule_{name}")


def schedule_of(record: dict) -> schedules.Schedule:
    """Return the schedule that a record was measured with, as a function of the step alone."""
    return record.schedule()


def together(names: Sequence[str] = tuple(TITLES)) -> dict:
    """Return the records of ``names`` as one piece of plain data, the constant rate first."""
    records = {name: recorded(name) for name in names}
    first = records["constant"]
    kept = [k for k, step in enumerate(first["steps"]) if k == 0 or step >= FROM_STEP]
    total = first["steps"][-1]
    return {
        "data": {"name": first["data"]["name"]},
        "seeds": first["seeds"],
        "learning_rates": first["learning_rates"],
        "total_steps": total,
        "steps": [first["steps"][k] for k in kept],
        "schedules": [
            {
                "name": TITLES[name],
                "best": record["best"],
                "trace": corners([schedule_of(record)(step) for step in range(total)]),
                "results": [_thinned(result, kept) for result in record["results"]],
            }
            for name, record in records.items()
        ],
    }


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


def ends(state: dict, title: str = "") -> Figure:
    """Draw the final test loss, one row a schedule: every seed a dot, in its peak rate's colour.

    state: what ``together`` returns. Runs that diverged, or end at more than four times the lowest
    loss, are left out; the line is the constant rate at its best.
    """
    rates, shown = state["learning_rates"], state["schedules"]
    figure, axes = pyplot.subplots(figsize=(6.0, 4.2))
    lowest = min(min(result["test_loss"]["values"]) for each in shown for result in each["results"])
    for row, each in enumerate(shown):
        for rate, result in zip(rates, each["results"], strict=True):
            colour = learning_rate_colour(rate, rates)
            values = [value for value in result["test_loss"]["values"] if value < 4 * lowest]
            axes.plot(values, [row] * len(values), "o", color=colour, markersize=4)
    best = shown[0]["results"][rates.index(shown[0]["best"])]["test_loss"]["values"]
    axes.axvline(statistics.fmean(best), color=ACCENT, linewidth=1)
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
    axes.set_yticks(range(len(shown)), [each["name"] for each in shown])
    axes.invert_yaxis()
    axes.set_xlabel("test loss at the end (nats, log scale)")
    axes.set_title(title)
    return figure


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
