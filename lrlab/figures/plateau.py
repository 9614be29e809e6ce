"""A validation curve that can be dragged, and how often the plateau rule acts on it (chapter 9).

The curves are those of recorded runs at a constant rate, and two made-up ones that the rule reads in
a way that surprises: ``LUCKY`` falls all the time but for one early epoch that is better than all
after it; ``CREEPING`` gets better by less than the rule's threshold each time.
"""

from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab import plateau
from lrlab.plots import learning_rate_colour
from lrlab.runs.record import Record

RATES = (0.001, 0.0001, 0.01)  # of the record; the one to use comes first
LUCKY = [1.5, 1.3, 1.2, 0.9] + [round(0.9 + 0.25 * 0.85**k, 3) for k in range(16)]
CREEPING = [round(1.2 * 0.99996**k, 6) for k in range(20)]
MADE_UP = {"one lucky epoch": LUCKY, "0.004 % better each time": CREEPING}
PATIENCES = range(11)  # up to the default of PyTorch
CODE = ("plateau:reductions", "plateau:_is_better", "plateau:fraction")


def state(record: Record) -> dict:
    """Return the validation curves of the first seed of a record by epochs, and the made-up ones."""
    optimizer = record.experiment["optimizer"]
    recorded = [
        {
            "name": f"{optimizer} {rate:g}, recorded",
            "learning_rate": rate,
            "loss": record.at(rate)["validation_loss"]["values"][0],
        }
        for rate in RATES
    ]
    made_up = [
        {"name": f"{name}, made up", "learning_rate": RATES[0], "loss": loss}
        for name, loss in MADE_UP.items()
    ]
    return {
        "data": record.caption,
        "factor": 0.1,
        "patiences": list(PATIENCES),
        "curves": recorded + made_up,
    }


def picture(record: Record) -> Figure:
    """Draw how often the rate falls against the patience; the made-up curves are dashed."""
    figure, axes = pyplot.subplots()
    for index, curve in enumerate(state(record)["curves"]):
        counts = [len(plateau.reductions(curve["loss"], patience=each)) for each in PATIENCES]
        style = {"linestyle": "-" if index < len(RATES) else "--", "marker": "os^Dv"[index]}
        colour = learning_rate_colour(index + 1, [1, 5])
        axes.plot(PATIENCES, counts, color=colour, label=curve["name"], markersize=4, **style)
    axes.legend()
    axes.set_xlabel("patience (epochs)")
    axes.set_ylabel(f"falls of the rate in {record.experiment['epochs']} epochs")
    axes.set_title(f"{record.caption} and two made-up curves")
    return figure


def alt(record: Record) -> str:
    """Say how the count depends on the patience; chapter 9 checks it."""
    return (
        f"How often the rate falls in {record.experiment['epochs']} epochs against the patience, for "
        "five curves. With no patience the rate falls many times; with a patience of "
        f"{PATIENCES[-1]} at most once."
    )
