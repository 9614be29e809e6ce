"""Loss on one batch before and after a single step, against the learning rate (chapter 1)."""

from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab.plots import ACCENT, LN10, THEORY
from lrlab.runs.record import Record

CODE = ("runs/measures:first_step", "training:one_step", "training:training_step")


def state(record: Record) -> dict:
    """Return the record of a measured first step, as it is."""
    return record.document


def picture(record: Record) -> Figure:
    """Draw the mean loss before and after the step, and the range over the seeds.

    The axis ends at 3.2; what lies above it at the highest rate is written there as a number.
    """
    rates, results = record.learning_rates, record.results
    figure, axes = pyplot.subplots()
    axes.axhline(LN10, color=THEORY, linestyle="--", linewidth=1)
    for key, colour, label, below in (
        ("loss_before", "#444444", "before the step (dashed: ln 10)", 6),
        ("loss_after", ACCENT, "after the step", -14),
    ):
        values = [result[key]["values"] for result in results]
        axes.plot(rates, [result[key]["mean"] for result in results], color=colour)
        axes.fill_between(
            rates, [min(v) for v in values], [max(v) for v in values], color=colour, alpha=0.15
        )
        axes.annotate(
            label, (rates[2], LN10), xytext=(0, below), textcoords="offset points", color=colour
        )
    last = results[-1]["loss_after"]
    axes.annotate(
        f"at {rates[-1]:g}: {last['mean']:.1f}\n({min(last['values']):.1f} to {max(last['values']):.1f})",
        (rates[-1], 3.15),
        ha="right",
        va="top",
        xytext=(-38, 0),
        textcoords="offset points",
        color=ACCENT,
    )
    axes.set_ylim(2.0, 3.2)
    axes.set_xscale("log")
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("loss on the batch (nats)")
    settings = record.experiment
    axes.set_title(
        f"One step of {settings['optimizer']}, batch of {settings['batch_size']} ({record.caption})"
    )
    return figure


def alt(record: Record) -> str:
    """Say where the loss after the step is lowest, and from where on the step makes it worse."""
    after = {result["learning_rate"]: result["loss_after"]["mean"] for result in record.results}
    lowest = min(after, key=after.get)
    worse = min(rate for rate in after if after[rate] > record.at(rate)["loss_before"]["mean"])
    return (
        "Loss on one batch against learning rate on a log axis. The loss before the step is flat "
        f"at ln 10. The loss after the step falls slowly up to a rate of {lowest:g} and rises "
        f"steeply above {worse:g}."
    )
