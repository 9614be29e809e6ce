"""Five U's in one picture: test loss after training against learning rate (chapter 6).

Each optimizer has a mark and a colour: either of them is enough to tell the U's apart. They are the
same in ``optimizer_us.mjs``.
"""

from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab.figures.u_curve import length
from lrlab.plots import LN10, THEORY
from lrlab.runs.record import Record

MARKS = {"SGD": "o", "momentum": "s", "RMSprop": "^", "Adam": "D", "AdamW": "v"}
COLOURS = dict(zip(MARKS, ("#0072b2", "#b34700", "#00785a", "#aa3377", "#6b5900"), strict=True))
EVERY = 3  # of the points of a training curve: a page should stay small


def state(*records: Record) -> dict:
    """Return what the figure draws of the records, one an optimizer, in the order of MARKS."""
    return {
        "data": records[0].caption,
        "steps": records[0].steps[::EVERY],
        "optimizers": [
            {
                "name": _name(record),
                "best": record.best,
                "good": record.good,
                "seeds": record.seeds,
                "results": [_thinned(result) for result in record.results],
            }
            for record in records
        ],
    }


def picture(*records: Record) -> Figure:
    """Draw the mean test loss of each optimizer against the rate, where any seed has one."""
    figure, axes = pyplot.subplots()
    for record in records:
        alive = [result for result in record.results if result["test_loss"]["mean"] is not None]
        rates = [result["learning_rate"] for result in alive]
        ends = [result["test_loss"]["mean"] for result in alive]
        name = _name(record)
        axes.loglog(rates, ends, marker=MARKS[name], color=COLOURS[name], markersize=4, label=name)
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    axes.set(xlabel="learning rate (log scale)", ylabel="test loss at the end (nats, log scale)")
    first = records[0]
    batch_size = first.experiment["batch_size"]
    axes.set_title(f"{length(first)}, batch {batch_size}, five optimizers ({first.caption})")
    axes.legend(loc="lower left")
    return figure


def alt(*records: Record) -> str:
    """Say where the lowest points of the U's lie, and how low they are."""
    *most, last = (
        f"{record.best:.1g} ({_name(record)})" for record in sorted(records, key=lambda r: r.best)
    )
    losses = [record.at(record.best)["test_loss"]["mean"] for record in records]
    return (
        "Five U-shaped curves of test loss against learning rate. Their lowest points lie near "
        f"{', '.join(most)} and {last}, all near {sum(losses) / len(losses):.1g}."
    )


def _name(record: Record) -> str:
    settings = record.experiment
    return "momentum" if settings["optimizer_options"].get("momentum") else settings["optimizer"]


def _thinned(result: dict) -> dict:
    return {
        "learning_rate": result["learning_rate"],
        "diverged": result["diverged"],
        "train_loss": {key: values[::EVERY] for key, values in result["train_loss"].items()},
        "test_loss": {"values": result["test_loss"]["values"]},
    }
