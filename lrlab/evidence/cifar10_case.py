"""Chapter 12: the CIFAR-10 case, and the change that helps.

The case is a task that tutorials pose: a network at 85 % training accuracy, 70 % validation
accuracy and a validation loss of 1.2 is said to have a wrong learning rate, and to reach 80 % and
0.8 with a better one. A record with held-out data has, for each rate, the curves of every seed, one
number an epoch, and the lowest validation loss and the highest validation accuracy of any epoch.
"""

import math
from statistics import fmean

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import mean_and_spread
from lrlab.runs.record import Record

CHAPTER = 12
TASK = "the task of chapter 12, from a tutorial"
BEFORE = {"train_accuracy": 0.85, "last_accuracy": 0.70, "last_loss": 1.2}  # what it starts from
TARGET = 0.8  # the validation accuracy to reach, and the validation loss to stay below
TARGET_RULE = (
    "reproduced when the mean validation accuracy of the best epochs is at least 80 % and their "
    "mean validation loss below 0.8; other regime when one of them is"
)


def best_of_three(case: Record) -> Finding:
    """The lowest validation loss at each of the case's rates."""
    losses = {each["learning_rate"]: each["lowest_loss"] for each in case.results}
    words = (f"{rate:g}: {mean_and_spread(loss, 2)}" for rate, loss in losses.items())
    best = min(losses, key=lambda rate: losses[rate]["mean"])
    return Finding(f"lowest validation loss {'; '.join(words)}", {"best": best})


def recommended(case: Record) -> Finding:
    """The best epochs at the recommended rate, against the target."""
    result = case.at(0.001)
    return towards_target(result["highest_accuracy"], result["lowest_loss"])


def frontier_target(frontier: Record) -> Finding:
    """The best that the finalists of the search reach, each of the two numbers by itself."""
    accuracies, losses = (
        sorted((each[key] for each in frontier.document["finalists"]), key=lambda s: s["mean"])
        for key in ("highest_accuracy", "lowest_loss")
    )
    return towards_target(accuracies[-1], losses[0])


def augmented_target(augmented: Record) -> Finding:
    """How far flips and shifts get."""
    (result,) = augmented.results
    return towards_target(result["highest_accuracy"], result["lowest_loss"])


def towards_target(accuracy: dict, loss: dict) -> Finding:
    """Return the highest validation accuracy and the lowest validation loss of any epoch."""
    percent = f"{100 * accuracy['mean']:.1f} % ± {100 * accuracy['std']:.1f}"
    text = f"{percent} and {mean_and_spread(loss, 2)}, each at its best epoch"
    return Finding(text, {"accuracy": accuracy["mean"], "loss": loss["mean"]})


def nearest_to_before(case: Record) -> Finding:
    """The rate whose last epoch looks most like the case's first numbers."""

    def distance(result: dict) -> float:
        ours = last_epoch(result)
        return math.hypot(*(ours[key] / value - 1 for key, value in BEFORE.items()))

    nearest = min(case.results, key=distance)
    ours = last_epoch(nearest)
    text = (
        f"nearest: {nearest['learning_rate']:g}, with {ours['train_accuracy']:.0%}, "
        f"{ours['last_accuracy']:.0%} and {ours['last_loss']:.2f}"
    )
    return Finding(text, {"nearest": nearest["learning_rate"]})


def last_epoch(result: dict) -> dict[str, float]:
    """Return training accuracy, validation accuracy and validation loss of the last epoch."""
    return {
        "train_accuracy": fmean(curve[-1] for curve in result["train_accuracy"]["values"]),
        "last_accuracy": result["last_accuracy"]["mean"],
        "last_loss": result["last_loss"]["mean"],
    }


def both_reached(n: dict[str, float]) -> bool:
    return n["accuracy"] >= TARGET and n["loss"] < TARGET


def one_reached(n: dict[str, float]) -> bool:
    return n["accuracy"] >= TARGET or n["loss"] < TARGET


CLAIMS = (
    Claim(
        claim="for Adam on CIFAR-10, 0.001 is better than 0.0001 and 0.01",
        source=TASK,
        published="0.001",
        records=("cifar_case",),
        measure=best_of_three,
        reproduced=lambda n: n["best"] == 0.001,
        rule="reproduced when 0.001 has the lowest validation loss of the three.",
    ),
    Claim(
        claim="twenty epochs of Adam at 0.001 reach 80 % and 0.8",
        source=TASK,
        published="82 % and 0.75",
        records=("cifar_case",),
        measure=recommended,
        reproduced=both_reached,
        other_regime=one_reached,
        rule=f"{TARGET_RULE}.",
    ),
    Claim(
        claim="learning rate, schedule and number of epochs alone reach 80 % and 0.8",
        source=TASK,
        published="82 % and 0.75",
        records=("cifar_frontier",),
        measure=frontier_target,
        reproduced=both_reached,
        other_regime=one_reached,
        rule=f"{TARGET_RULE}; each is that of the finalist of a search which is best in it.",
    ),
    Claim(
        claim="85 %, 70 % and 1.2 are the marks of a wrong learning rate",
        source=TASK,
        published="training and validation accuracy, validation loss",
        records=("cifar_case",),
        measure=nearest_to_before,
        reproduced=lambda n: n["nearest"] != 0.001,
        rule="reproduced when, of the three rates, the last epoch of a rate other than the "
        "recommended one is nearest to them (sum of squared relative differences).",
    ),
    Claim(
        claim="with random flips and shifts, and nothing else in network or data, 80 % and 0.8 "
        "come into reach",
        source="[He and others 2015, section 4.2](https://arxiv.org/abs/1512.03385), who use them",
        published="no figure",
        records=("cifar_augmented",),
        measure=augmented_target,
        reproduced=both_reached,
        other_regime=one_reached,
        rule=f"{TARGET_RULE}.",
    ),
    Claim(
        claim="with flips, shifts and a weight decay of 0.0005 they are reached",
        source="[He and others 2015, section 3.4](https://arxiv.org/abs/1512.03385), who decay by "
        "0.0001",
        published="no figure",
        records=("cifar_augmented_decay",),
        measure=augmented_target,
        reproduced=both_reached,
        other_regime=one_reached,
        rule=f"{TARGET_RULE}.",
    ),
)
