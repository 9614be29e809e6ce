"""Chapter 1: the loss before any step, what a short step and a long one do to it, and how long it is."""

import math

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import either, loss, mean_and_spread
from lrlab.runs.record import GUESSING, Record
from lrlab.runs.spread import spread

CHAPTER = 1
CS231N = "[CS231n notes](https://cs231n.github.io/neural-networks-3/)"


def initial_loss(first: Record, cifar: Record) -> Finding:
    """The loss before any step on both data sets, against ln 10."""
    digits = first.at(0.01)["loss_before"]
    photographs = cifar.results[0]["train_loss"]["mean"][0]
    numbers = {"off": max(abs(each - GUESSING) for each in (digits["mean"], photographs))}
    return Finding(f"MNIST {mean_and_spread(digits)}, CIFAR-10 {photographs:.3f}", numbers)


def first_order(first: Record) -> Finding:
    """How much further three times the rate lowers the loss, from the same starts."""
    low, high = (_falls(first.at(rate)) for rate in (0.01, 0.03))
    factor = spread([three / one for one, three in zip(low, high, strict=True)])
    return Finding(f"{mean_and_spread(factor, 2)}, from 0.01 to 0.03", {"factor": factor["mean"]})


def _falls(result: dict) -> list[float]:
    """Return by how much one step lowered the loss, for each seed."""
    before, after = result["loss_before"]["values"], result["loss_after"]["values"]
    return [start - end for start, end in zip(before, after, strict=True)]


def uphill(first: Record) -> Finding:
    """How many starts a short step and the longest recorded one leave with a higher loss."""
    rates, seeds = (0.1, first.learning_rates[-1]), len(first.seeds)
    higher = [sum(fall < 0 for fall in _falls(first.at(rate))) for rate in rates]
    words = (
        f"at {rate:g} in {count} of {seeds} starts"
        for rate, count in zip(rates, higher, strict=True)
    )
    return Finding(
        f"the loss rises {', '.join(words)}",
        {"short": higher[0] / seeds, "long": higher[1] / seeds},
    )


def update_ratio(first: Record, sgd: Record) -> Finding:
    """The first update over the weights, at the recorded rate next to the best one."""
    near_best = min(first.learning_rates, key=lambda rate: abs(math.log(rate / sgd.best)))
    ratio = first.at(near_best)["update_ratio"]
    tenth = first.at(0.01)["update_ratio"]["mean"]
    text = f"{mean_and_spread(ratio)} at {near_best:g}, next to the best rate; {tenth:.4f} at 0.01"
    return Finding(text, {"at_best": ratio["mean"], "at_0.01": tenth, "loss": loss(sgd, 0.01)})


def few_steps_ahead(first: Record, lengths: Record) -> Finding:
    """The best rate for one step, and the best ones of the shortest and the longest run."""
    after = {result["learning_rate"]: result["loss_after"]["mean"] for result in first.results}
    (few, short), *_, (many, long) = lengths.variants.items()
    numbers = {
        "short": max(short.best_rates),
        "long": min(long.best_rates),
        "rises": long.best / short.best,
    }
    text = f"best {min(after, key=after.get):g} for one step, {either(short.best_rates)} in {few}, "
    return Finding(f"{text}{either(long.best_rates)} in {many}", numbers)


CLAIMS = (
    Claim(
        claim="a fresh ten-class network has a loss of ln 10",
        source=CS231N,
        published="2.302, for CIFAR-10 and a softmax",
        records=("mnist_first_step", "cifar_sgd_u"),
        measure=initial_loss,
        reproduced=lambda n: n["off"] < 0.02,
        rule="reproduced when the mean on either data set is within 0.02 of ln 10.",
    ),
    Claim(
        claim="a short step lowers the loss in proportion to its rate",
        source="[Goodfellow, Bengio and Courville 2016, section 4.3]"
        "(https://www.deeplearningbook.org/contents/numerical.html)",
        published="f(x + ε) ≈ f(x) + ε f′(x)",
        records=("mnist_first_step",),
        measure=first_order,
        reproduced=lambda n: abs(n["factor"] / 3 - 1) < 0.1,
        rule="reproduced when three times the rate makes the loss fall three times as far, on average "
        "within 10 %.",
    ),
    Claim(
        claim="a step along the gradient can go uphill, when it is long",
        source="[Goodfellow, Bengio and Courville 2016, section 4.3.1]"
        "(https://www.deeplearningbook.org/contents/numerical.html)",
        published="when the curvature term is too large",
        records=("mnist_first_step",),
        measure=uphill,
        reproduced=lambda n: n["short"] == 0 and n["long"] > 0.5,
        rule="reproduced when a step at 0.1 raises the loss in no start, and one at the highest "
        "recorded rate in more than half of them.",
    ),
    Claim(
        claim="a healthy update is about a thousandth of the weights",
        source=CS231N,
        published="somewhere around 1e-3",
        records=("mnist_first_step", "mnist_sgd_u"),
        measure=update_ratio,
        reproduced=lambda n: 1e-3 / 3 < n["at_best"] < 3e-3,
        other_regime=lambda n: 1e-3 / 3 < n["at_0.01"] < 3e-3 and n["loss"] < 1,
        rule="reproduced when the mean ratio, at the recorded rate next to the best one, is within "
        "a factor of 3; other regime when it is so at 0.01 only, where the network learns (its "
        "test loss ends below 1), but slowly.",
    ),
    Claim(
        claim="a rate that is tuned by looking a few steps ahead is too low",
        source="[Wu and others 2018](https://arxiv.org/abs/1803.02021)",
        published="by orders of magnitude, also 100 steps ahead",
        records=("mnist_first_step", "mnist_lengths"),
        measure=few_steps_ahead,
        reproduced=lambda n: n["short"] < n["long"],
        other_regime=lambda n: n["rises"] > 1,
        rule="reproduced when all best rates of the shortest run lie below all of the longest one; "
        "other regime when only the rates with the lowest means do. Here each rate is constant.",
    ),
)
