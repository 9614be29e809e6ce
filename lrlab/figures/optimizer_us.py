"""Five U's in one picture: test loss after training against learning rate (chapter 6).

Each optimizer has a mark and a colour: either of them is enough to tell the U's apart. They are the
same in ``optimizer_us.mjs``. In print the best rates, all that the seeds cannot tell from the lowest,
are filled.
"""

from collections.abc import Callable

from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab.figures.u_curve import length
from lrlab.plots import LN10, THEORY
from lrlab.runs.record import Record

MARKS = {"SGD": "o", "momentum": "s", "RMSprop": "^", "Adam": "D", "AdamW": "v"}
COLOURS = dict(zip(MARKS, ("#0072b2", "#b34700", "#00785a", "#aa3377", "#6b5900"), strict=True))
LOSSES = (0.1, 0.2, 0.5, 1, 1.5, 2)  # ticks of the loss, beside ln 10
EVERY = 3  # of the points of a training curve: a page should stay small
CODE = (
    "runs/experiment:Experiment.make_model",
    "runs/experiment:Experiment.make_optimizer",
    "training:training_step",
)


def state(*records: Record) -> dict:
    """Return what the figure draws of the records, one an optimizer, in the order of MARKS."""
    return {
        "data": records[0].caption,
        "steps": records[0].steps[::EVERY],
        "optimizers": [optimizer(record, _thinned) for record in records],
    }


def optimizer(record: Record, part: Callable[[dict], dict]) -> dict:
    """Return what a browser draws of one optimizer's record, with the ``part`` of each result."""
    return {
        "name": name(record),
        "best": record.best,
        "best_rates": record.best_rates,
        "good": record.good,
        "seeds": record.seeds,
        "results": [part(result) for result in record.results],
    }


def picture(*records: Record) -> Figure:
    """Draw the mean test loss of each optimizer against the rate, where any seed has one."""
    figure, axes = pyplot.subplots()
    lowest = min(record.at(record.best)["test_loss"]["mean"] for record in records)
    for record in records:
        called = name(record)
        look = {"marker": MARKS[called], "color": COLOURS[called], "markersize": 5}
        mean = {rate: record.at(rate)["test_loss"]["mean"] for rate in record.learning_rates}
        alive = [rate for rate in mean if mean[rate] is not None]
        losses = [mean[rate] for rate in alive]
        axes.loglog(alive, losses, **look, markerfacecolor="white", label=called)
        best = record.best_rates
        axes.loglog(best, [mean[rate] for rate in best], **look, linestyle="")
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    axes.set(ylim=(lowest / 1.15, 2.7), xlabel="learning rate (log scale)")
    axes.set_ylabel("test loss at the end (nats, log scale)")
    ticks = [loss for loss in LOSSES if (loss > lowest if lowest > 1 else loss <= 1)]
    axes.set_yticks([*ticks, LN10], [*map(str, ticks), "ln 10"])
    axes.minorticks_off()
    first = records[0]
    batch_size = first.experiment["batch_size"]
    axes.set_title(f"{length(first)}, batch {batch_size}; best rates filled ({first.caption})")
    figure.legend(loc="outside lower center", ncols=5, handlelength=1.2, columnspacing=1)
    return figure


def alt(*records: Record) -> str:
    """Say where the lowest points of the U's lie, and how low they are."""
    *most, last = (
        f"{record.best:.1g} ({name(record)})" for record in sorted(records, key=lambda r: r.best)
    )
    losses = [record.at(record.best)["test_loss"]["mean"] for record in records]
    return (
        "Five U-shaped curves of test loss against learning rate. Their lowest points lie near "
        f"{', '.join(most)} and {last}, at losses from {min(losses):.2g} to {max(losses):.2g}."
    )


def name(record: Record) -> str:
    """Return what a reader calls the optimizer of a record."""
    settings = record.experiment
    return "momentum" if settings["optimizer_options"].get("momentum") else settings["optimizer"]


def _thinned(result: dict) -> dict:
    return {
        "learning_rate": result["learning_rate"],
        "diverged": result["diverged"],
        "train_loss": {key: values[::EVERY] for key, values in result["train_loss"].items()},
        "test_loss": {"values": result["test_loss"]["values"]},
    }
