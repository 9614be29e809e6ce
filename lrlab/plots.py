"""Static pictures in the one style of the course.

Measured curves are solid with a band over the seeds, theory is dashed, a red cross marks
divergence, the good region is lightly shaded, and a learning rate has the same colour everywhere:
dark is low, bright is high. All colours come from maps that colour-blind readers can tell apart.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from IPython.display import display
from matplotlib import colormaps, pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lrlab import picture, runs
from lrlab.runs.record import Record

LN10 = math.log(10)
ACCENT = "#0b6e99"
THEORY = "#555555"
DIVERGED = "#c0392b"
GOOD = "#e3f1e3"

STYLE = {
    "figure.figsize": (6.0, 3.6),
    "font.size": 11,  # 9 pixels where a phone is 390 wide
    "figure.dpi": 160,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "axes.formatter.min_exponent": 5,  # on log axes 0.001, where it would be ten to the power of -3
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


def show(figure: Figure, alt: str) -> None:
    """Display ``figure`` once, as a drawing as wide as the text, and close it.

    alt: what it shows, in one or two sentences; a screen reader reads them, and so does whoever gets
    no picture. Raises TypeError when ``figure`` is none, ValueError when ``alt`` is empty.
    """
    display({"text/html": picture.as_html(figure, alt), "text/plain": alt}, raw=True)


def learning_rate_colour(rate: float, rates: Sequence[float]) -> tuple[float, ...]:
    """Return the colour (red, green, blue, alpha in 0 to 1) of ``rate`` among ``rates``."""
    low, high = math.log10(min(rates)), math.log10(max(rates))
    place = (math.log10(rate) - low) / (high - low) if high > low else 0.5
    return colormaps["viridis"](0.58 * place)  # beyond, the contrast with white is below 3 to 1


def loss_curves(record: Record, rates: Sequence[float], title: str = "") -> Figure:
    """Draw training loss against step for some of a sweep's learning rates, recorded or live.

    record: what ``lrlab.runs.load`` returns for a measured training, or
    ``lrlab.runs.summary.summarise`` for a sweep. Each line is the mean over the seeds, its band the
    lowest and highest seed; a red cross ends a line that diverged.
    """
    figure, axes = pyplot.subplots()
    axes.set_xscale("log")
    axes.set_xlabel("step (optimizer updates)")
    axes.set_ylabel("training loss (nats)")
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    axes.set_ylim(0, 4)
    axes.set_yticks([0, 1, LN10, 3, 4], ["0", "1", "ln 10", "3", "4"])
    axes.set_title(title)
    ends = [
        _curve(axes, record.steps, result, record.learning_rates)
        for result in record.results
        if result["learning_rate"] in rates
    ]
    _label_ends(axes, ends)
    return figure


def u_curve(record: Record, title: str = "") -> Figure:
    """Draw the final test loss against the learning rate: every seed a dot, the mean a line.

    record: as for ``loss_curves``. Where it has them, its good region is shaded, and the rates that
    its seeds cannot tell from the best one are ringed and named.
    """
    results, rates = record.results, record.learning_rates
    figure, axes = pyplot.subplots()
    if record.good:
        axes.axvspan(*record.good, color=GOOD, zorder=0)
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    finite = [result for result in results if result["test_loss"]["mean"] is not None]
    axes.plot(
        [result["learning_rate"] for result in finite],
        [result["test_loss"]["mean"] for result in finite],
        color=ACCENT,
    )
    for result in results:
        rate = result["learning_rate"]
        values = _finite(result)
        colour = learning_rate_colour(rate, rates)
        axes.plot([rate] * len(values), values, "o", color=colour, markersize=4)
        if result["diverged"]:
            axes.plot(rate, LN10, "X", color=DIVERGED, markersize=9)
            axes.annotate(
                f"{result['diverged']}/{len(record.seeds)}",
                (rate, LN10),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                color=DIVERGED,
                fontsize="small" if len(record.seeds) > 9 else None,  # "19/20" is wide
            )
    if best := record.best_rates:
        lowest = [record.at(rate)["test_loss"]["mean"] for rate in best]
        axes.plot(best, lowest, "o", markersize=13, markerfacecolor="none", color=ACCENT)
        place = {"xycoords": axes.get_xaxis_transform(), "ha": "center"}
        names = ", ".join(f"{rate:g}" for rate in best)
        axes.annotate(f"best: {names}", (math.sqrt(best[0] * best[-1]), 0.02), **place)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(0.7 * min(min(_finite(result)) for result in finite), 3.2)
    axes.set_yticks([0.1, 0.2, 0.5, 1, LN10], ["0.1", "0.2", "0.5", "1", "ln 10"])
    axes.minorticks_off()
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("test loss at the end (nats, log scale)")
    axes.set_title(title)
    return figure


def save_cover(path: str | Path) -> None:
    """Write the picture of the README and the landing page: the recorded U of chapter 2."""
    use_style()
    figure = u_curve(
        runs.load("mnist_sgd_u"), "One epoch of SGD at 13 learning rates, 5 seeds each (MNIST)"
    )
    figure.savefig(path, dpi=150, metadata={"Software": None})
    pyplot.close(figure)


def _finite(result: dict) -> list[float]:
    return [value for value in result["test_loss"]["values"] if value is not None]


def _curve(
    axes: Axes, steps: list[int], result: dict, rates: list[float]
) -> tuple[float, float, str]:
    """Draw one learning rate's curve; return where it ends, and its label."""
    band = result["train_loss"]
    alive = [index for index, value in enumerate(band["mean"]) if value is not None]
    colour = learning_rate_colour(result["learning_rate"], rates)
    shown = {key: [band[key][index] for index in alive] for key in ("mean", "low", "high")}
    at = [steps[index] for index in alive]
    axes.plot(at, shown["mean"], color=colour)
    axes.fill_between(at, shown["low"], shown["high"], color=colour, alpha=0.15)
    if len(alive) < len(steps):
        axes.plot(at[-1], shown["mean"][-1], "X", color=DIVERGED, markersize=9)
    return at[-1], shown["mean"][-1], f"{result['learning_rate']:g}"


def _label_ends(axes: Axes, ends: list[tuple[float, float, str]]) -> None:
    """Write each curve's label at its end, pushed up where it would cover the one below."""
    low, high = axes.get_ylim()
    free = low
    for x, y, label in sorted(ends, key=lambda end: end[1]):
        place = max(y, free)
        axes.annotate(
            label,
            (x, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
        free = place + (high - low) / 18
