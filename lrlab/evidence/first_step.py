"""Chapter 1: the loss before any step, what one step does to it, and how long the step is."""

import math

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import loss, mean_and_spread
from lrlab.runs.record import GUESSING, Record
from lrlab.runs.spread import spread

CHAPTER = 1
CS231N = "[CS231n notes](https://cs231n.github.io/neural-networks-3/)"


def initial_loss(first: Record) -> Finding:
    """The loss before any step, against ln 10."""
    before = first.at(0.01)["loss_before"]
    return Finding(mean_and_spread(before), {"off": before["mean"] - GUESSING})


def first_order(first: Record) -> Finding:
    """How much further three times the rate lowers the loss, from the same starts."""
    low, high = (_falls(first.at(rate)) for rate in (0.01, 0.03))
    factor = spread([three / one for one, three in zip(low, high, strict=True)])
    return Finding(f"{mean_and_spread(factor, 2)}, from 0.01 to 0.03", {"factor": factor["mean"]})


def _falls(result: dict) -> list[float]:
    """Return by how much one step lowered the loss, for each seed."""
    before, after = result["loss_before"]["values"], result["loss_after"]["values"]
    return [start - end for start, end in zip(before, after, strict=True)]


def update_ratio(first: Record, sgd: Record) -> Finding:
    """The first update over the weights, at the recorded rate next to the best one."""
    near_best = min(first.learning_rates, key=lambda rate: abs(math.log(rate / sgd.best)))
    ratio = first.at(near_best)["update_ratio"]
    tenth = first.at(0.01)["update_ratio"]["mean"]
    text = f"{mean_and_spread(ratio)} at {near_best:g}, next to the best rate; {tenth:.4f} at 0.01"
    return Finding(text, {"at_best": ratio["mean"], "at_0.01": tenth, "loss": loss(sgd, 0.01)})


CLAIMS = (
    Claim(
        claim="a fresh ten-class network has a loss of ln 10",
        source=CS231N,
        published="2.302",
        records=("mnist_first_step",),
        measure=initial_loss,
        reproduced=lambda n: abs(n["off"]) < 0.02,
        rule="reproduced when the mean is within 0.02 of ln 10.",
    ),
    Claim(
        claim="a short step lowers the loss in proportion to its rate",
        source="[Goodfellow, Bengio and Courville 2016, section 4.3]"
        "(https://www.deeplearningbook.org/contents/numerical.html)",
        published="3 times the fall at 3 times the rate",
        records=("mnist_first_step",),
        measure=first_order,
        reproduced=lambda n: abs(n["factor"] / 3 - 1) < 0.1,
        rule="reproduced when the mean factor is within 10 % of 3.",
    ),
    Claim(
        claim="a healthy update is about a thousandth of the weights",
        source=CS231N,
        published="1e-3",
        records=("mnist_first_step", "mnist_sgd_u"),
        measure=update_ratio,
        reproduced=lambda n: 1e-3 / 3 < n["at_best"] < 3e-3,
        other_regime=lambda n: 1e-3 / 3 < n["at_0.01"] < 3e-3 and n["loss"] < 1,
        rule="reproduced when the mean ratio, at the recorded rate next to the best one, is within "
        "a factor of 3; other regime when it is so at 0.01 only, where the network learns (its "
        "test loss ends below 1), but slowly.",
    ),
)
