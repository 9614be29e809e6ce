"""Eight schedules side by side: what the rate does at every step, and where the runs ended (chapter 8).

The records hold the same experiment with another schedule each. ``state`` joins them with the rate
of every step, computed by ``lrlab.schedules`` and thinned to the corners of its line, so that the
figure draws what the runs used and holds no second implementation.
"""

from collections.abc import Sequence

import numpy
from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab.plots import ACCENT, DIVERGED, learning_rate_colour
from lrlab.runs.record import Record
from lrlab.runs.spread import paired_difference

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
RUNS = {name: f"mnist_schedule_{name}" for name in TITLES}
RUNS["exponential"] += "_tenth"  # of its three paces the one that ends lowest; chapter 8 checks it
FROM_STEP = 15  # on a linear axis the steps before this one lie in a hair's breadth
CLOSE = 0.004  # a corner that moves the line by less than this part of the peak is left out
MARGIN = 1.06  # between the outermost dot and the end of the axis, as a factor
LOWER, ALIKE, HIGHER = "lower", "about the same", "higher"
CODE = (*(f"schedules:{name}" for name in TITLES), "schedules:_half_cosine", "training:fit")


def state(*records: Record) -> dict:
    """Return the records, one a schedule, as one piece of plain data; the constant rate comes first.

    Each result says how it compares with the constant rate at its best, paired by seed: ``outcome``,
    and ``difference``, how much lower it ends (mean, and the 95 % interval), None where a run diverged.
    """
    constant = records[0]
    kept = [k for k, step in enumerate(constant.steps) if k == 0 or step >= FROM_STEP]
    total = constant.steps[-1]
    least, most = _range(records)
    return {
        "data": {"name": constant.caption},
        "seeds": constant.seeds,
        "learning_rates": constant.learning_rates,
        "total_steps": total,
        "steps": [constant.steps[k] for k in kept],
        "range": [least, most],
        "schedules": [
            {
                "name": title(record),
                "best": record.best,
                "trace": corners([record.schedule()(step) for step in range(total)]),
                "results": [
                    _thinned(result, kept) | compared(constant, result) for result in record.results
                ],
            }
            for record in records
        ],
    }


def picture(*records: Record) -> Figure:
    """Draw the final test loss, one row a schedule: every seed a dot, in its peak rate's colour.

    A peak at which seeds diverged is a red cross at the edge, with their number; the line is the
    constant rate at its best.
    """
    constant = records[0]
    rates = constant.learning_rates
    least, most = _range(records)
    edge = most * MARGIN**3
    figure, axes = pyplot.subplots(figsize=(6.0, 4.6))
    for row, record in enumerate(records):
        for k, result in enumerate(record.results):
            place = row + 0.36 * (
                k / (len(rates) - 1) - 0.5
            )  # dots of different peaks side by side
            if result["diverged"]:
                axes.plot(edge, row, "X", color=DIVERGED, markersize=7)
                lost = f"{result['diverged']}/{len(record.seeds)}"
                axes.annotate(lost, (edge, row), (6, 0), textcoords="offset points", va="center")
            else:
                values, colour = (
                    result["test_loss"]["values"],
                    learning_rate_colour(rates[k], rates),
                )
                axes.plot(values, [place] * len(values), "o", color=colour, markersize=3, alpha=0.5)
    at_best = _loss(constant)
    axes.axvline(at_best, color=ACCENT, linewidth=1)
    place = {"xytext": (4, 0), "textcoords": "offset points", "va": "center", "color": ACCENT}
    axes.annotate(f"constant {constant.best:g}", (at_best, 0.5), **place)
    for rate in rates[:-1]:
        axes.plot([], [], "o", color=learning_rate_colour(rate, rates), label=f"{rate:g}")
    axes.plot([], [], "X", color=DIVERGED, label=f"{rates[-1]:g} (lost)")
    axes.legend(
        title="peak rate",
        ncol=len(rates),
        loc="lower right",
        bbox_to_anchor=(1.1, 1),
        columnspacing=0.8,
        handletextpad=0.1,
    )
    axes.set(xscale="log", xlim=(least / MARGIN, edge * MARGIN))
    ticks = [t for t in (0.03, 0.04, 0.06, 0.1, 0.15, 0.2, 0.3) if least / MARGIN < t < edge]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(records)), [title(record) for record in records])
    axes.invert_yaxis()
    axes.set_xlabel("test loss at the end (nats, log scale)")
    return figure


def alt(*records: Record) -> str:
    """Say which schedules, at their best peak, end lower than the constant rate, and which higher."""
    constant, *others = records
    found = {
        outcome: [
            each for each in others if compared(constant, each.at(each.best))["outcome"] == outcome
        ]
        for outcome in (LOWER, ALIKE, HIGHER)
    }
    listed = "; ".join(f"{outcome}: {_listed(each)}" for outcome, each in found.items() if each)
    return (
        f"Test loss at the end for {len(records)} schedules, each at "
        f"{len(constant.learning_rates)} peak rates with {len(constant.seeds)} seeds. The constant "
        f"rate is at its best at {constant.best:g}, with {_loss(constant):.3f}. Compared with it, each "
        f"at its own best peak, paired by seed, end {listed}."
    )


def title(record: Record) -> str:
    """Return the name of a record's schedule, in words."""
    return TITLES[record.experiment["schedule"]]


def compared(constant: Record, result: dict) -> dict:
    """Return ``outcome`` and ``difference`` of a result, as ``state`` says."""
    if result["diverged"]:
        return {"outcome": HIGHER, "difference": None}
    lower_by = paired_difference(result["test_loss"], constant.at(constant.best)["test_loss"])
    told = LOWER if lower_by.low > 0 else HIGHER
    return {
        "outcome": told if lower_by.told_apart else ALIKE,
        "difference": [_short(value) for value in lower_by],
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


def _loss(record: Record) -> float:
    return record.at(record.best)["test_loss"]["mean"]


def _listed(records: list[Record]) -> str:
    return ", ".join(f"{title(each)} ({_loss(each):.3f}, peak {each.best:g})" for each in records)


def _range(records: Sequence[Record]) -> tuple[float, float]:
    """Return the lowest and the highest test loss of all peaks at which no seed diverged."""
    results = [result for record in records for result in record.results if not result["diverged"]]
    values = [value for result in results for value in result["test_loss"]["values"]]
    return min(values), max(values)


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
