"""What the recorded runs on CIFAR-10 say: of the case, and of the change that helps.

Each function reads one ``Finding`` out of one or several records, as in ``lrlab.evidence.findings``. A
record with held-out data has, for each rate, the curves of every seed, one number an epoch, and
the lowest validation loss and the highest validation accuracy of any epoch.
"""

import math
from statistics import fmean

from lrlab.evidence import Finding, mean_and_spread
from lrlab.evidence.findings import at

BEFORE = {"train_accuracy": 0.85, "last_accuracy": 0.70, "last_loss": 1.2}  # what it starts from


def best_of_three(case: dict) -> Finding:
    """The lowest validation loss at each of the case's rates."""
    losses = {each["learning_rate"]: each["lowest_loss"] for each in case["results"]}
    words = (f"{rate:g}: {mean_and_spread(loss, 2)}" for rate, loss in losses.items())
    best = min(losses, key=lambda rate: losses[rate]["mean"])
    return Finding(f"lowest validation loss {'; '.join(words)}", {"best": best})


def recommended(case: dict) -> Finding:
    """The best epochs at the recommended rate, against the target."""
    return towards_target(at(case, 0.001))


def towards_target(result: dict) -> Finding:
    """The highest validation accuracy and the lowest validation loss of any epoch."""
    accuracy, loss = result["highest_accuracy"], result["lowest_loss"]
    text = f"{percent(accuracy)} and {mean_and_spread(loss, 2)}, each at its best epoch"
    return Finding(text, {"accuracy": accuracy["mean"], "loss": loss["mean"]})


def nearest_to_before(case: dict) -> Finding:
    """The rate whose last epoch looks most like the case's first numbers."""

    def distance(result: dict) -> float:
        ours = last_epoch(result)
        return math.hypot(*(ours[key] / value - 1 for key, value in BEFORE.items()))

    nearest = min(case["results"], key=distance)
    ours = last_epoch(nearest)
    text = (
        f"nearest: {nearest['learning_rate']:g}, with {ours['train_accuracy']:.0%}, "
        f"{ours['last_accuracy']:.0%} and {ours['last_loss']:.2f}"
    )
    return Finding(text, {"nearest": nearest["learning_rate"], "off": distance(nearest)})


def frontier_target(frontier: dict) -> Finding:
    """The best that the finalists of the search reach, each of the two numbers by itself."""
    finalists = frontier["finalists"]
    accuracy = max(
        (each["highest_accuracy"] for each in finalists), key=lambda spread: spread["mean"]
    )
    loss = min((each["lowest_loss"] for each in finalists), key=lambda spread: spread["mean"])
    return towards_target({"highest_accuracy": accuracy, "lowest_loss": loss})


def augmented_target(augmented: dict) -> Finding:
    """How far flips and shifts get."""
    return towards_target(augmented["results"][0])


def last_epoch(result: dict) -> dict[str, float]:
    """Return training accuracy, validation accuracy and validation loss of the last epoch."""
    return {
        "train_accuracy": fmean(curve[-1] for curve in result["train_accuracy"]["values"]),
        "last_accuracy": result["last_accuracy"]["mean"],
        "last_loss": result["last_loss"]["mean"],
    }


def percent(spread: dict) -> str:
    """Return a spread of fractions as "mean % ± standard deviation"."""
    return f"{100 * spread['mean']:.1f} % ± {100 * spread['std']:.1f}"
