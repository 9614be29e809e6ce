"""The curves of the CIFAR-10 case: loss and accuracy after every epoch (chapter 12)."""

import statistics

from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab.plots import ACCENT, THEORY
from lrlab.runs.record import Record

RATES = (0.001, 0.0001, 0.01)  # of the case; the usual one comes first, and alone in print
QUANTITIES = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
TARGET = {"loss": 0.8, "accuracy": 0.8}  # what the task asks for
CODE = ("training:fit", "training:training_step", "augment:flip_and_shift", "augment:_moved")


def state(case: Record, augmented: Record, decayed: Record) -> dict:
    """Return the curves of the case, and of the two runs that change the training images.

    The longer runs are thinned to as many points as the case has epochs, because the figure has one
    slider for all.
    """
    runs = [(f"{case.experiment['optimizer']} at {rate:g}", case.at(rate)) for rate in RATES]
    runs.append(("SGD, flips and shifts", augmented.results[0]))
    runs.append(("SGD, flips, shifts, weight decay", decayed.results[0]))
    points = case.experiment["epochs"]
    return {
        "data": case.caption,
        "seeds": len(case.seeds),
        "target": TARGET,
        "runs": [_thinned(name, result, points) for name, result in runs],
    }


def picture(case: Record, augmented: Record, decayed: Record) -> Figure:
    """Draw the case at its usual rate: mean and range over the seeds, and what is asked for."""
    result = case.at(RATES[0])
    figure, axes = pyplot.subplots(2, 1, figsize=(6, 5.6), sharex=True)
    units = {"loss": "loss (nats)", "accuracy": "accuracy (part that is right)"}
    for panel, (what, unit) in zip(axes, units.items(), strict=True):
        for on, name, colour in (
            ("validation", "validation", ACCENT),
            ("train", "training", "#777777"),
        ):
            epochs, points = result["epochs"], band(result, f"{on}_{what}")
            panel.fill_between(epochs, points["low"], points["high"], color=colour, alpha=0.2)
            panel.plot(epochs, points["mean"], color=colour)
            above = (on == "train") == (what == "accuracy")
            place, away = (epochs[-6], points["mean"][-6]), (0, 8 if above else -18)
            panel.annotate(name, place, away, textcoords="offset points", ha="center")
        panel.axhline(TARGET[what], color=THEORY, linestyle="--", linewidth=1)
        panel.annotate(f"asked for: {TARGET[what]:g}", (epochs[0], TARGET[what]), va="bottom")
        panel.set_ylabel(unit)
    axes[1].set(xlabel="epoch", xticks=range(0, epochs[-1] + 1, 5))
    axes[0].set_title(f"{case.experiment['optimizer']} at {RATES[0]:g} ({case.caption})")
    return figure


def alt(case: Record, augmented: Record, decayed: Record) -> str:
    """Say what the four curves of the usual rate do."""
    result = case.at(RATES[0])
    validation = band(result, "validation_loss")["mean"]
    turn = result["epochs"][validation.index(min(validation))]
    return (
        f"Two panels over {len(validation)} epochs of {case.experiment['optimizer']} at "
        f"{RATES[0]:g}. Training loss falls all the way; validation loss falls, turns after about "
        f"{turn} epochs and rises. Training accuracy climbs to "
        f"{100 * band(result, 'train_accuracy')['mean'][-1]:.0f} %, validation accuracy stays "
        "below 80 %."
    )


def band(result: dict, quantity: str) -> dict[str, list[float]]:
    """Return mean, low and high over the seeds of one of QUANTITIES, one number an epoch each."""
    epochs = list(zip(*result[quantity]["values"], strict=True))
    kinds = (("mean", statistics.fmean), ("low", min), ("high", max))
    return {kind: [round(function(values), 4) for values in epochs] for kind, function in kinds}


def _thinned(name: str, result: dict, points: int) -> dict:
    every = len(result["epochs"]) // points
    kept = slice(every - 1, None, every)
    curves = {
        quantity: {kind: values[kept] for kind, values in band(result, quantity).items()}
        for quantity in QUANTITIES
    }
    return {
        "name": name,
        "learning_rate": result["learning_rate"],
        "epochs": result["epochs"][kept],
    } | curves
