"""Chapter 6: defaults and folklore, momentum, and what adaptive optimizers are said to do."""

import math

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import (
    GRID_STEP,
    U_CURVES,
    apart,
    best_loss,
    gain_at,
    good_width,
    loss,
    mean_and_spread,
    optimizer,
)
from lrlab.runs.record import GOOD_GAIN, Record

CHAPTER = 6
GOH = "[Goh 2017](https://distill.pub/2017/momentum/)"


def default_of_a_thousandth(u: Record) -> Finding:
    """The loss at 0.001 over the lowest, and the gain there."""
    gained, factor = gain_at(u, 0.001), loss(u, 0.001) / best_loss(u)["mean"]
    text = (
        f"{factor:.2f} times the lowest loss, a gain of {gained:.2f}; the best rate is {u.best:g}"
    )
    return Finding(text, {"gain": gained})


def folklore_rate(adam: Record) -> Finding:
    """How far 3e-4 is from Adam's best rate, and what its neighbours lose."""
    below = max(rate for rate in adam.learning_rates if rate <= 3e-4)
    above = min(rate for rate in adam.learning_rates if rate >= 3e-4)
    lowest = best_loss(adam)["mean"]
    losses = [loss(adam, rate) / lowest for rate in (above, below)]
    text = f"best at {adam.best:g}; {above:g} and {below:g} end at {losses[0]:.1f} and "
    numbers = {
        "rates": max(adam.best / 3e-4, 3e-4 / adam.best),
        "gain": max(gain_at(adam, rate) for rate in (above, below)),
    }
    return Finding(text + f"{losses[1]:.1f} times the lowest loss", numbers)


def momentum_on_the_left(sgd: Record, momentum: Record) -> Finding:
    """The loss with momentum at a tenth of the rate, over the loss of plain SGD."""
    ratios = []
    for rate in (each for each in sgd.learning_rates if each < sgd.best):
        tenth = min(momentum.learning_rates, key=lambda other: abs(math.log(other * 10 / rate)))
        ratios.append(loss(momentum, tenth) / loss(sgd, rate))
    text = f"loss ratios of {min(ratios):.2f} to {max(ratios):.2f} at {len(ratios)} rates"
    return Finding(text, {"least": min(ratios), "most": max(ratios)})


def momentum_at_the_bottom(sgd: Record, momentum: Record) -> Finding:
    """The best rate of plain SGD over the best one with momentum."""
    factor = sgd.best / momentum.best
    return Finding(f"{factor:.2g}, on a grid in steps of {GRID_STEP:g}", {"factor": factor})


def special_case(sgd: Record, momentum: Record) -> Finding:
    """Tuned momentum against tuned plain SGD."""
    plain, general = best_loss(sgd), best_loss(momentum)
    text = f"momentum {mean_and_spread(general)}, SGD {mean_and_spread(plain)}"
    return Finding(text, {"worse_by": -apart(general, plain)})


def robustness(sgd: Record, adam: Record) -> Finding:
    """The width of Adam's good region over SGD's."""
    widths = good_width(adam), good_width(sgd)
    text = f"Adam's good region spans a factor of {widths[0]:.2g}, SGD's {widths[1]:.2g}"
    return Finding(text, {"wider": widths[0] / widths[1]})


def generalisation(*us: Record) -> Finding:
    """The best test accuracy of SGD, with and without momentum, and of the adaptive ones."""
    accuracy = {optimizer(each): each.at(each.best)["test_accuracy"]["mean"] for each in us}
    plain = max(accuracy["SGD"], accuracy["momentum"])
    adaptive = max(value for name, value in accuracy.items() if name not in ("SGD", "momentum"))
    text = f"best test accuracy: SGD and momentum {plain:.1%}, adaptive {adaptive:.1%}"
    return Finding(text, {"ahead": plain - adaptive})


CLAIMS = (
    Claim(
        claim="0.001 is a good default for Adam",
        source="[Kingma and Ba 2014](https://arxiv.org/abs/1412.6980)",
        published="0.001",
        records=("mnist_adam_u",),
        measure=default_of_a_thousandth,
        reproduced=lambda n: n["gain"] >= GOOD_GAIN,
        rule="reproduced when 0.001 is a good rate.",
    ),
    Claim(
        claim="3e-4 is the best rate for Adam",
        source="folklore, after [a post by Karpathy]"
        "(https://x.com/karpathy/status/801621764144971776)",
        published="3e-4",
        records=("mnist_adam_u",),
        measure=folklore_rate,
        reproduced=lambda n: n["rates"] <= GRID_STEP,
        other_regime=lambda n: n["gain"] >= GOOD_GAIN,
        rule=f"reproduced when the best rate is at most one step of our grid ({GRID_STEP:g}) away; "
        "other regime when a neighbour of 3e-4 on the grid is a good rate.",
    ),
    Claim(
        claim="0.001 is a good default for RMSprop",
        source="[Ruder 2016](https://arxiv.org/abs/1609.04747), after Hinton",
        published="0.001",
        records=("mnist_rmsprop_u",),
        measure=default_of_a_thousandth,
        reproduced=lambda n: n["gain"] >= GOOD_GAIN,
        rule="reproduced when 0.001 is a good rate.",
    ),
    Claim(
        claim="a momentum of 0.9 acts like ten times the rate, below the best rate",
        source=GOH,
        published="10",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=momentum_on_the_left,
        reproduced=lambda n: 0.85 < n["least"] and n["most"] < 1.15,
        rule="reproduced when, for each rate of plain SGD below its best, momentum at the recorded "
        "rate next to a tenth of it ends within 15 % of the same loss.",
    ),
    Claim(
        claim="a momentum of 0.9 lowers the best rate by a factor of ten",
        source=GOH,
        published="10, for the long-run step",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=momentum_at_the_bottom,
        reproduced=lambda n: 10 / 1.5 < n["factor"] < 15,
        other_regime=lambda n: n["factor"] > 1.5,
        rule="reproduced when the factor is 10 within a factor of 1.5; other regime when it is "
        "another one over 1.5: at the bottom of the U the cliff counts, too, and not only the "
        "long-run step.",
    ),
    Claim(
        claim="well tuned, the more general optimizer is never worse",
        source="[Choi and others 2019](https://arxiv.org/abs/1910.05446)",
        published="on five tasks",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=special_case,
        reproduced=lambda n: n["worse_by"] < 2,
        rule="reproduced unless, each at its best rate, momentum ends higher than plain SGD by two "
        "standard errors or more.",
    ),
    Claim(
        claim="Adam is fairly robust to the choice of its settings",
        source="[Goodfellow, Bengio and Courville 2016, section 8.5.3]"
        "(https://www.deeplearningbook.org/contents/optimization.html)",
        published="a statement",
        records=("mnist_sgd_u", "mnist_adam_u"),
        measure=robustness,
        reproduced=lambda n: n["wider"] > GRID_STEP,
        rule="reproduced when Adam's good region is wider than SGD's by more than one step of our "
        f"grid ({GRID_STEP:g}).",
    ),
    Claim(
        claim="adaptive methods generalise worse than SGD",
        source="[Wilson and others 2017](https://arxiv.org/abs/1705.08292)",
        published="on image and language tasks",
        records=U_CURVES,
        measure=generalisation,
        reproduced=lambda n: n["ahead"] > 0.002,
        rule="reproduced when SGD, with or without momentum, is ahead by more than 0.2 points of "
        "test accuracy, about two standard deviations.",
    ),
)
