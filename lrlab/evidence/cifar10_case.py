"""Chapter 12: the CIFAR-10 case, what a search over rates finds, and the changes that help.

The case is a task that tutorials pose: a network at 85 % training accuracy, 70 % validation
accuracy and a validation loss of 1.2 is said to have a wrong learning rate, and to reach 80 % and
0.8 with a better one. A result has spreads over the seeds: the validation loss and accuracy of the
last epoch (``last_``) and of the best one, and those on the training images after the last step,
not augmented (``clean_``).
"""

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import interval, mean_and_spread
from lrlab.runs.record import Record
from lrlab.runs.spread import Difference, paired_difference, spread

CHAPTER = 12
TASK = "the task of chapter 12, from a tutorial"
KRIZHEVSKY = (
    "(https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html)"
)
SEARCH = tuple(
    f"cifar_search_{optimizer}_{schedule}"
    for optimizer in ("sgd", "adam", "adamw", "rmsprop")
    for schedule in ("constant", "cosine", "one_cycle")
)
EPOCHS = "10 epochs"  # the search's only length
TARGET = 0.8  # the validation accuracy to reach, and the validation loss to stay below


def best_of_three(case: Record) -> Finding:
    """The lowest validation loss at each of the case's rates."""
    losses = {each["learning_rate"]: each["lowest_loss"] for each in case.results}
    words = (f"{rate:g}: {mean_and_spread(loss, 2)}" for rate, loss in losses.items())
    best = min(losses, key=lambda rate: losses[rate]["mean"])
    return Finding(f"lowest validation loss {'; '.join(words)}", {"best": best})


def searched(*search: Record) -> Finding:
    """The best that any setting of the search reaches, each of the two numbers by itself."""
    results = settings(search)
    accuracy = max((each["highest_accuracy"] for each in results), key=lambda s: s["mean"])
    loss = min((each["lowest_loss"] for each in results), key=lambda s: s["mean"])
    return towards_target(accuracy, loss, f"of {len(results)} settings: ")


def towards_target(accuracy: dict, loss: dict, whose: str = "") -> Finding:
    """Return the highest validation accuracy and the lowest validation loss of any epoch."""
    percent = f"{100 * accuracy['mean']:.1f} % ± {100 * accuracy['std']:.1f}"
    text = f"{whose}{percent} and {mean_and_spread(loss, 2)}, each at its best epoch"
    return Finding(text, {"accuracy": accuracy["mean"], "loss": loss["mean"]})


def looks_like_before(*search: Record) -> Finding:
    """How far the setting with the highest validation accuracy is from 85 % and 70 %."""
    best = max(settings(search), key=lambda each: each["last_accuracy"]["mean"])
    trained, held_out = (100 * best[f"{key}_accuracy"]["mean"] for key in ("clean", "last"))
    text = f"the best of {len(settings(search))} settings has {trained:.1f} % and {held_out:.1f} %"
    return Finding(text, {"away": max(abs(trained - 85), abs(held_out - 70))})


def high_then_lowered(constant: Record, cosine: Record) -> Finding:
    """SGD at the best constant rate, beside a cosine that starts at the best peak and falls."""
    steady, lowered = (
        max(each.variants[EPOCHS].results, key=lambda result: result["last_accuracy"]["mean"])
        for each in (constant, cosine)
    )
    gain = paired_difference(steady["last_accuracy"], lowered["last_accuracy"])
    rates = {"steady": steady["learning_rate"], "peak": lowered["learning_rate"]}
    text = "from {peak:g} down against {steady:g} throughout: ".format(**rates) + points(gain)
    return Finding(text, {**rates, "low": gain.low, "mean": gain.mean})


def decay_on(quantity: str, kind: str, plain: Record, decayed: Record) -> Finding:
    """What weight decay changes in a loss, at the peak that is best without it and at the highest."""
    without, with_decay = (each.variants[EPOCHS] for each in (plain, decayed))
    best = min(without.results, key=lambda result: result["last_loss"]["mean"])["learning_rate"]
    words, numbers = [], {}
    for name, rate in (("best", best), ("highest", max(without.learning_rates))):
        change = paired_difference(without.at(rate)[quantity], with_decay.at(rate)[quantity])
        words.append(f"{interval(change)} at {rate:g}")
        numbers[name] = change.high
    return Finding(f"{kind} loss {'; '.join(words)}", numbers)


def less_overfitting(changes: Record) -> Finding:
    """The gap between clean training and validation images, as they are and with flips and shifts."""
    gaps = []
    for name in ("neither", "flips and shifts"):
        (result,) = changes.variants[name].results
        trained, held_out = (result[f"{key}_accuracy"]["values"] for key in ("clean", "last"))
        gaps.append(spread([a - b for a, b in zip(trained, held_out, strict=True)]))
    change = paired_difference(*gaps)
    before, after = (f"{100 * gap['mean']:.0f}" for gap in gaps)
    text = f"a gap of {before} points without them, {after} with them: {points(change)}"
    return Finding(text, {"high": change.high, "mean": change.mean})


def surer_not_worse(changes: Record) -> Finding:
    """What becomes of validation loss and accuracy from their best epochs to the last one."""
    (result,) = changes.variants["neither"].results
    lowest, last = (result[key]["mean"] for key in ("lowest_loss", "last_loss"))
    highest, ended = (100 * result[f"{key}_accuracy"]["mean"] for key in ("highest", "last"))
    text = f"loss from {lowest:.2f} to {last:.2f}, accuracy from {highest:.1f} % to {ended:.1f} %"
    return Finding(text, {"rise": last / lowest, "lost": highest - ended})


def settings(search: tuple[Record, ...]) -> list[dict]:
    """Return the results of all records of the search."""
    return [result for record in search for result in record.variants[EPOCHS].results]


def points(change: Difference) -> str:
    """Return a difference of accuracies in points of a hundred, with its 95 % interval."""
    mean, low, high = (f"{100 * part:+.1f}" for part in change)
    return f"{mean} points ({low} to {high})"


REACHED = {
    "reproduced": lambda n: n["accuracy"] >= TARGET and n["loss"] < TARGET,
    "other_regime": lambda n: n["accuracy"] >= TARGET or n["loss"] < TARGET,
    "rule": "reproduced when the mean validation accuracy of the best epochs is at least 80 % and "
    "their mean validation loss below 0.8; other regime when one of them is.",
}
DECAY = {
    "records": ("cifar_search_sgd_one_cycle", "cifar_search_sgd_one_cycle_decay"),
    "reproduced": lambda n: n["best"] < 0,
    "other_regime": lambda n: n["highest"] < 0,
    "rule": "reproduced when, at the peak that is best without decay, the 95 % interval of the "
    "paired change lies below 0; other regime when it does so at the highest peak only.",
}
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
        measure=lambda case: towards_target(
            case.at(0.001)["highest_accuracy"], case.at(0.001)["lowest_loss"]
        ),
        **REACHED,
    ),
    Claim(
        claim="the learning rate alone reaches 80 % and 0.8",
        source=TASK,
        published="82 % and 0.75",
        records=SEARCH,
        measure=searched,
        **REACHED,
    ),
    Claim(
        claim="85 % on training and 70 % on validation images are the marks of a wrong rate",
        source=TASK,
        published="85 % and 70 %",
        records=SEARCH,
        measure=looks_like_before,
        reproduced=lambda n: n["away"] > 5,
        other_regime=lambda n: n["away"] > 2,
        rule="reproduced when the setting of the search with the highest validation accuracy is "
        "more than 5 points away from one of the two; other regime when more than 2.",
    ),
    Claim(
        claim="a high rate that is lowered later generalises better than a lower one from the start",
        source="[Li, Wei and Ma 2019](https://arxiv.org/abs/1907.04595)",
        published="proved for a two-layer network, seen on CIFAR-10",
        records=("cifar_search_sgd_constant", "cifar_search_sgd_cosine"),
        measure=high_then_lowered,
        reproduced=lambda n: n["peak"] > n["steady"] and n["low"] > 0,
        other_regime=lambda n: n["mean"] > 0,
        rule="reproduced when SGD's best cosine starts above the best constant rate and the 95 % "
        "interval of its paired gain lies above 0; other regime when only the mean gain does.",
    ),
    Claim(
        claim="without mirrored and shifted images a network overfits substantially",
        source=f"[Krizhevsky and others 2012, section 4.1]{KRIZHEVSKY}",
        published="seen on ImageNet",
        records=("cifar_changes",),
        measure=less_overfitting,
        reproduced=lambda n: n["mean"] < -0.05 and n["high"] < 0,
        other_regime=lambda n: n["mean"] < 0,
        rule="reproduced when, all else the same, they narrow the gap on clean images by more than 5 "
        "points and the 95 % interval leaves out 0; other regime when they narrow it at all.",
    ),
    Claim(
        claim="the loss on new images rises while their accuracy does not fall",
        source="[Guo and others 2017, section 3](https://arxiv.org/abs/1706.04599)",
        published="CIFAR-100, a 110-layer network",
        records=("cifar_changes",),
        measure=surer_not_worse,
        reproduced=lambda n: n["rise"] > 1.1 and n["lost"] < 0.5,
        other_regime=lambda n: n["rise"] > 1.1 and n["lost"] < 2,
        rule="reproduced when the loss rises by more than a tenth and the accuracy falls by less "
        "than half a point; other regime when by less than two.",
    ),
    Claim(
        claim="weight decay improves generalisation",
        source="[Krogh and Hertz 1991]"
        "(https://papers.nips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html)",
        published="explained for linear networks, shown on NetTalk",
        measure=lambda plain, decayed: decay_on("last_loss", "validation", plain, decayed),
        **DECAY,
    ),
    Claim(
        claim="weight decay lowers the training error as well",
        source=f"[Krizhevsky and others 2012, section 5]{KRIZHEVSKY}",
        published="0.0005, on ImageNet",
        measure=lambda plain, decayed: decay_on("clean_loss", "training", plain, decayed),
        **DECAY,
    ),
)
