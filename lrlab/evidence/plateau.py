"""Chapter 9: whether the plateau rule acts at all, and what a plateau is made of.

The rule is replayed on recorded validation losses, which is exact up to the first fall; what comes
after a fall is read out of the runs that were made with the rule. With one seed they are the same
run as the case until then, and its twin afterwards.
"""

from itertools import pairwise
from statistics import fmean

from lrlab.evidence.claim import Claim, Finding
from lrlab.plateau import reductions
from lrlab.runs.record import Record

CHAPTER = 9
RATE = 0.001  # at which the case was made again with the rule
PATIENCE = 2  # of those runs
KRIZHEVSKY = (
    "[Krizhevsky and others 2012, section 5](https://proceedings.neurips.cc/paper/2012/hash/"
    "c399862d3b9d6b76c8436e924a68c45b-Abstract.html)"
)


def curve(record: Record, quantity: str, seed: int, rate: float = RATE) -> list[float]:
    """Return one number an epoch."""
    return record.at(rate)[quantity]["values"][seed]


def fallen(ruled: Record) -> list[tuple[int, int]]:
    """Return each seed whose rate fell before the last epoch, and the index of the epoch before."""
    found = []
    for seed in range(len(ruled.seeds)):
        index = reductions(curve(ruled, "validation_loss", seed), patience=PATIENCE)[:1]
        if index and index[0] + 1 < ruled.experiment["epochs"]:
            found.append((seed, index[0]))
    return found


def default_patience(case: Record) -> Finding:
    """In how many runs the rate would fall, with the default patience of 10 and with 2."""
    curves = [curve for each in case.results for curve in each["validation_loss"]["values"]]
    falls = {
        patience: sum(bool(reductions(curve, patience=patience)) for curve in curves)
        for patience in (10, 2)
    }
    text = f"it falls in {falls[10]} of {len(curves)} runs; with a patience of 2 in {falls[2]}"
    return Finding(text, {"share": falls[10] / len(curves)})


def lower_than_ever(*ruled: Record) -> Finding:
    """How far the validation loss gets below the lowest of the epochs before the fall."""
    gains = []
    for record in ruled:
        for seed, last in fallen(record):
            losses = curve(record, "validation_loss", seed)
            gains.append(1 - min(losses[last + 1 :]) / min(losses[: last + 1]))
    text = f"{min(gains):.1%} to {max(gains):.1%} below its lowest so far, in {len(gains)} runs"
    return Finding(text, {"least": min(gains), "mean": fmean(gains)})


def both_drop(*ruled: Record) -> Finding:
    """How far both losses move in the epoch after the fall, and in the five before it."""
    moves = {"train_loss": [], "validation_loss": []}
    usual = []
    for record in ruled:
        for seed, last in fallen(record):
            for name, found in moves.items():
                losses = curve(record, name, seed)
                found.append(losses[last] - losses[last + 1])
            training = curve(record, "train_loss", seed)
            usual += [training[k - 1] - training[k] for k in range(last - 4, last + 1)]
    training, validation = moves["train_loss"], moves["validation_loss"]
    text = (
        f"training loss down by {min(training):.2f} to {max(training):.2f} in one epoch "
        f"({min(usual):.2f} to {max(usual):.2f} in those before), validation loss by "
        f"{min(validation):.2f} to {max(validation):.2f}"
    )
    numbers = {"training": min(training) / max(usual), "validation": min(validation)}
    return Finding(text, numbers)


def after_stopping(case: Record, ruled: Record) -> Finding:
    """What a fall of the rate gains at the epoch at which early stopping would end the run."""
    gains = []
    for seed, last in fallen(ruled):
        stopped = min(curve(case, "validation_loss", seed)[: last + 1])
        gains.append(1 - min(curve(ruled, "validation_loss", seed)) / stopped)
    text = (
        f"a tenth of the rate at the epoch of stopping lowers the loss by {min(gains):.1%} to "
        f"{max(gains):.1%} more, in {len(gains)} runs"
    )
    return Finding(text, {"least": min(gains)})


def calmer(*ruled: Record) -> Finding:
    """How far the validation loss moves from epoch to epoch, before the fall and after it."""
    before, after = [], []
    for record in ruled:
        for seed, last in fallen(record):
            losses = curve(record, "validation_loss", seed)
            moves = [abs(high - low) for low, high in pairwise(losses)]
            before += moves[last - 5 : last]
            after += moves[last + 1 :]
    text = f"{fmean(before):.3f} an epoch in the five before the fall, {fmean(after):.3f} after it"
    return Finding(text, {"ratio": fmean(after) / fmean(before)})


def with_adam(case: Record, ruled: Record) -> Finding:
    """The last validation loss of runs of Adam whose rate fell, over that of their twins."""
    ratios = [
        curve(ruled, "validation_loss", seed)[-1] / curve(case, "validation_loss", seed)[-1]
        for seed, _ in fallen(ruled)
    ]
    text = f"Adam ends at {min(ratios):.2f} to {max(ratios):.2f} times the loss without the rule"
    return Finding(text, {"most": max(ratios)})


def on_test_images(case: Record, ruled: Record) -> Finding:
    """How much better runs whose rate fell end on the test images than their twins."""
    seeds = [seed for seed, _ in fallen(ruled)]
    loss, accuracy = (
        [
            ruled.at(RATE)[name]["values"][seed] - case.at(RATE)[name]["values"][seed]
            for seed in seeds
        ]
        for name in ("test_loss", "test_accuracy")
    )
    text = (
        f"test loss {max(loss):+.2f} to {min(loss):+.2f}, test accuracy {100 * min(accuracy):+.1f} "
        f"to {100 * max(accuracy):+.1f} points beside the run that kept its rate, in {len(seeds)} runs"
    )
    return Finding(text, {"loss": max(loss), "accuracy": min(accuracy)})


TWINS = ("cifar_case", "cifar_plateau")
RULED = ("cifar_plateau", "cifar_plateau_float32")

CLAIMS = (
    Claim(
        claim="in a run of 20 epochs a plateau rule with its default patience lowers the rate",
        source="taken for granted where tutorials add the rule",
        published="a patience of 10",
        records=("cifar_case",),
        measure=default_patience,
        reproduced=lambda n: n["share"] > 0.5,
        rule="reproduced when it does so in more than half of the runs, over all rates and seeds.",
    ),
    Claim(
        claim="where the validation error has stopped improving, a tenth of the rate improves it",
        source=f"{KRIZHEVSKY}, [Simonyan and Zisserman 2014, section 3.1]"
        "(https://arxiv.org/abs/1409.1556), who lower the rate there three times",
        published="three falls in about 90 epochs, and in 74",
        records=RULED,
        measure=lower_than_ever,
        reproduced=lambda n: n["least"] > 0.01,
        other_regime=lambda n: n["mean"] > 0.01,
        rule="reproduced when the loss gets more than 1 % below its lowest so far in every run whose "
        "rate fell; other regime when it does on average.",
    ),
    Claim(
        claim="when the rate is divided by ten, training and validation error drop at once",
        source="[He and others 2015, figure 4](https://arxiv.org/abs/1512.03385)",
        published="steps in both curves",
        records=RULED,
        measure=both_drop,
        reproduced=lambda n: n["training"] > 2 and n["validation"] > 0,
        rule="reproduced when in the first epoch after the fall the training loss drops more than "
        "twice as far as in any of the five before, and the validation loss drops, in every run.",
    ),
    Claim(
        claim="a validation error that no longer falls shows that overfitting has begun: stop there",
        source="[Prechelt 1998](https://doi.org/10.1007/3-540-49430-8_3) on early stopping",
        published="validation can detect when overfitting starts",
        records=TWINS,
        measure=after_stopping,
        reproduced=lambda n: n["least"] < 0.01,
        rule="reproduced when, in a run whose rate fell where early stopping with the same patience "
        "would have ended it, the fall gained less than 1 %.",
    ),
    Claim(
        claim="lowering the rate ends the jumping of the loss",
        source="named as a common belief by [You and others 2019](https://arxiv.org/abs/1908.01878)",
        published="helps to converge, and to avoid oscillation",
        records=RULED,
        measure=calmer,
        reproduced=lambda n: n["ratio"] < 0.5,
        rule="reproduced when the validation loss moves on average less than half as far from epoch "
        "to epoch after the fall as in the five epochs before it; the drop itself does not count.",
    ),
    Claim(
        claim="Adam adapts its steps, so a plateau rule may be redundant with it",
        source="[a tutorial](https://theneuralbase.com/keras/learn/beginner/"
        "reducelronplateau-adaptive-learning-rate/)",
        published="adapts per parameter; the rule may be redundant",
        records=TWINS,
        measure=with_adam,
        reproduced=lambda n: n["most"] > 0.98,
        rule="reproduced when a run of Adam whose rate fell ends within 2 % of its twin or above it.",
    ),
    Claim(
        claim="models often benefit from a rate reduced by a factor of 2 to 10 once learning "
        "stagnates",
        source="[Keras](https://keras.io/api/callbacks/reduce_lr_on_plateau/)",
        published="a factor of 2 to 10",
        records=TWINS,
        measure=on_test_images,
        reproduced=lambda n: n["loss"] < 0 < n["accuracy"],
        rule="reproduced when every run whose rate fell has a lower test loss and a higher test "
        "accuracy than its twin.",
    ),
)
