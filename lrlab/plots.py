"""Static pictures in the one style of the course.

Measured curves are solid with a band over the seeds, theory is dashed, a red cross marks
divergence, the good region is lightly shaded, and a learning rate has the same colour everywhere:
dark is low, bright is high. All colours come from maps that colour-blind readers can tell apart.
"""

import math
from collections.abc import Sequence

import matplotlib
from matplotlib import colormaps, pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LN10 = math.log(10)
ACCENT = "#0b6e99"
THEORY = "#555555"
DIVERGED = "#c0392b"
GOOD = "#e3f1e3"

STYLE = {
    "figure.figsize": (7.0, 4.0),
    "figure.dpi": 160,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
}


def use_style() -> None:
    """Make every following figure look like the course's."""
    matplotlib.rcParams.update(STYLE)


def learning_rate_colour(rate: float, rates: Sequence[float]) -> tuple[float, ...]:
    """Return the colour (red, green, blue, alpha in 0 to 1) of ``rate`` among ``rates``."""
    low, high = math.log10(min(rates)), math.log10(max(rates))
    place = (math.log10(rate) - low) / (high - low) if high > low else 0.5
    return colormaps["viridis"](0.85 * place)  # the brightest end is too pale on white


def loss_curves(recorded: dict, rates: Sequence[float], title: str = "") -> Figure:
    """Draw training loss against step for some of a recorded sweep's learning rates.

    recorded: what ``lrlab.runs.load`` returns for a measured training. Each line is the mean over
    the seeds, its band the lowest and highest seed; a red cross ends a line that diverged.
    """
    figure, axes = pyplot.subplots()
    for result in recorded["results"]:
        if result["learning_rate"] not in rates:
            continue
        _curve(axes, recorded["steps"], result, recorded["learning_rates"])
    axes.set_xscale("log")
    axes.set_xlabel("step (optimizer updates)")
    axes.set_ylabel("training loss (nats)")
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    axes.annotate("ln 10: guessing", (1, LN10), xytext=(0, 4), textcoords="offset points")
    axes.set_ylim(bottom=0, top=4)
    axes.set_title(title)
    return figure


def u_curve(recorded: dict, within: float = 1.1, title: str = "") -> Figure:
    """Draw the final test loss against the learning rate: every seed a dot, the mean a line.

    The shaded region holds the rates whose mean loss is at most ``within`` times the best.
    """
    results, rates = recorded["results"], recorded["learning_rates"]
    figure, axes = pyplot.subplots()
    low, high = good_region(recorded, within)
    axes.axvspan(low, high, color=GOOD, zorder=0)
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    axes.annotate("ln 10: guessing", (rates[0], LN10), xytext=(0, -12), textcoords="offset points")
    finite = [result for result in results if result["test_loss"]["mean"] is not None]
    axes.plot(
        [result["learning_rate"] for result in finite],
        [result["test_loss"]["mean"] for result in finite],
        color=ACCENT,
    )
    for result in results:
        rate = result["learning_rate"]
        values = [value for value in result["test_loss"]["values"] if value is not None]
        colour = learning_rate_colour(rate, rates)
        axes.plot([rate] * len(values), values, "o", color=colour, markersize=4)
        if result["diverged"]:
            axes.plot(rate, LN10, "X", color=DIVERGED, markersize=9)
            axes.annotate(
                f"{result['diverged']} of {len(recorded['seeds'])} diverged",
                (rate, LN10),
                xytext=(0, 8),
                textcoords="offset points",
                ha="right",
                color=DIVERGED,
            )
    best = best_rate(recorded)
    axes.annotate(
        f"best: {best:g}",
        (best, min(result["test_loss"]["mean"] for result in finite)),
        xytext=(0, -14),
        textcoords="offset points",
        ha="center",
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("test loss at the end (nats, log scale)")
    axes.set_title(title)
    return figure


def first_step(recorded: dict, title: str = "") -> Figure:
    """Draw one batch's loss before and after one step against the learning rate."""
    rates = recorded["learning_rates"]
    figure, axes = pyplot.subplots()
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    for key, colour, label in (
        ("loss_before", "#444444", "before the step"),
        ("loss_after", ACCENT, "after the step"),
    ):
        mean = [result[key]["mean"] for result in recorded["results"]]
        values = [result[key]["values"] for result in recorded["results"]]
        axes.plot(rates, mean, color=colour)
        axes.fill_between(
            rates, [min(v) for v in values], [max(v) for v in values], color=colour, alpha=0.15
        )
        axes.annotate(
            label, (rates[-1], mean[-1]), xytext=(4, 0), textcoords="offset points", color=colour
        )
    axes.annotate("ln 10", (rates[0], LN10), xytext=(0, -12), textcoords="offset points")
    axes.set_xscale("log")
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("loss on the batch (nats)")
    axes.set_title(title)
    return figure


def best_rate(recorded: dict) -> float:
    """Return the learning rate with the lowest mean test loss among those that never diverged."""
    return min(_survivors(recorded), key=lambda result: result["test_loss"]["mean"])[
        "learning_rate"
    ]


def good_region(recorded: dict, within: float = 1.1) -> tuple[float, float]:
    """Return the lowest and highest rate whose mean test loss is at most ``within`` x the best."""
    survivors = _survivors(recorded)
    limit = within * min(result["test_loss"]["mean"] for result in survivors)
    good = [result["learning_rate"] for result in survivors if result["test_loss"]["mean"] <= limit]
    return min(good), max(good)


def _survivors(recorded: dict) -> list[dict]:
    return [result for result in recorded["results"] if not result["diverged"]]


def _curve(axes: Axes, steps: list[int], result: dict, rates: list[float]) -> None:
    band = result["train_loss"]
    alive = [index for index, value in enumerate(band["mean"]) if value is not None]
    colour = learning_rate_colour(result["learning_rate"], rates)
    shown = {key: [band[key][index] for index in alive] for key in ("mean", "low", "high")}
    at = [steps[index] for index in alive]
    axes.plot(at, shown["mean"], color=colour)
    axes.fill_between(at, shown["low"], shown["high"], color=colour, alpha=0.15)
    axes.annotate(
        f"{result['learning_rate']:g}",
        (at[-1], shown["mean"][-1]),
        xytext=(4, 0),
        textcoords="offset points",
        color=colour,
    )
    if len(alive) < len(steps):
        axes.plot(at[-1], shown["mean"][-1], "X", color=DIVERGED, markersize=9)
