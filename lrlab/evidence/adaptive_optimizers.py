"""Chapter 6: defaults and folklore, momentum, and what adaptive optimizers are said to do.

Each claim is read on MNIST and on CIFAR-10. There are three seeds on CIFAR-10 and with most
optimizers on MNIST: pairs are made of the seeds that both have.
"""

import itertools
import math

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import (
    GRID_STEP,
    U_CURVES,
    best_loss,
    gain_at,
    good_width,
    loss,
    optimizer,
)
from lrlab.runs.record import GOOD_GAIN, Record, gain
from lrlab.runs.spread import paired_difference

CHAPTER = 6
PHOTOS = tuple(name.replace("mnist", "cifar") for name in U_CURVES)
DEFAULTS = {"SGD": 0.001, "momentum": 0.001, "RMSprop": 0.01, "Adam": 0.001, "AdamW": 0.001}
GENERAL = (
    ("momentum", "SGD"),
    *itertools.product(("RMSprop", "Adam", "AdamW"), ("SGD", "momentum")),
)  # the more general optimizer and its special case


def at_a_thousandth(*us: Record) -> Finding:
    """The gain at 0.001, on each data set."""
    gains = [gain_at(each, 0.001) for each in us]
    words = [f"a gain of {gained:.2f}" for gained in gains]
    return Finding(_by_data(us, words), {"least": min(gains)})


def folklore_rate(*us: Record) -> Finding:
    """How far 3e-4 is from the best rates, and the gain of its better neighbour on the grid."""
    words, factors, gains = [], [], []
    for each in us:
        near = sorted(each.learning_rates, key=lambda rate: abs(math.log(rate / 3e-4)))[:2]
        gains.append(max(gain_at(each, rate) for rate in near))
        factors.append(max(min(each.best_rates) / 3e-4, 3e-4 / max(each.best_rates)))
        words.append(f"best from {min(each.best_rates):g} on; a neighbour gains {gains[-1]:.2f}")
    return Finding(_by_data(us, words), {"off": max(factors), "gain": min(gains)})


def momentum_on_the_left(*us: Record) -> Finding:
    """The loss with momentum at a tenth of the rate, over the loss of plain SGD."""
    ratios = []
    for sgd, momentum in _pairs(us):
        for rate in (each for each in sgd.learning_rates if each < sgd.best):
            tenth = min(momentum.learning_rates, key=lambda other: abs(math.log(other * 10 / rate)))
            ratios.append(loss(momentum, tenth) / loss(sgd, rate))
    text = f"loss ratios of {min(ratios):.2f} to {max(ratios):.2f} at {len(ratios)} rates"
    return Finding(text, {"least": min(ratios), "most": max(ratios)})


def momentum_at_the_top(*us: Record) -> Finding:
    """The highest good rate with momentum, over that of plain SGD."""
    factors = [momentum.good[1] / sgd.good[1] for sgd, momentum in _pairs(us)]
    words = [f"times {factor:.2g}" for factor in factors]
    return Finding(_by_data(us[::2], words), {"least": min(factors), "most": max(factors)})


def never_worse(*us: Record) -> Finding:
    """Which optimizers end above a special case of theirs, each at its lowest point."""
    seeds, counts, words = min(len(each.seeds) for each in us), [], []
    for data in dict.fromkeys(each.caption for each in us):
        here = [each for each in us if each.caption == data]
        tuned = {optimizer(each): {"values": best_loss(each)["values"][:seeds]} for each in here}
        above = [
            f"{general} clearly above {special}"
            for general, special in GENERAL
            if paired_difference(tuned[special], tuned[general]).low > 0
        ]
        counts.append(len(above))
        words.append(f"{data}: {', '.join(above) or 'none clearly above'}")
    return Finding("; ".join(words), {"most": max(counts), "least": min(counts)})


def robustness(*us: Record) -> Finding:
    """The width of Adam's good region over that of plain SGD."""
    pairs = _pairs(us)
    words = [
        f"a factor of {good_width(adam):.2g}, SGD {good_width(sgd):.2g}" for sgd, adam in pairs
    ]
    wider = [good_width(adam) / good_width(sgd) for sgd, adam in pairs]
    return Finding(_by_data(us[::2], words), {"least": min(wider), "most": max(wider)})


def untuned(*us: Record) -> Finding:
    """The lowest loss among five optimizers at their defaults, and how far down that is."""
    gains, words = [], []
    for data in dict.fromkeys(each.caption for each in us):
        here = [each for each in us if each.caption == data]
        tuned = [best_loss(each)["mean"] for each in here]
        default = {optimizer(each): DEFAULTS[optimizer(each)] for each in here}
        losses = {optimizer(each): loss(each, default[optimizer(each)]) for each in here}
        name = min(losses, key=lambda each: losses[each] or math.inf)
        gains.append(gain(losses[name], min(tuned)))
        words.append(f"{losses[name]:.3f} ({name}), tuned {min(tuned):.3f} to {max(tuned):.3f}")
    return Finding(_by_data(us[::5], words), {"least": min(gains)})


def _by_data(us: tuple[Record, ...], words: list[str]) -> str:
    return "; ".join(f"{each.caption}: {said}" for each, said in zip(us, words, strict=True))


def _pairs(us: tuple[Record, ...]) -> list[tuple[Record, Record]]:
    return list(zip(us[::2], us[1::2], strict=True))


SGD_AND_MOMENTUM = (*U_CURVES[:2], *PHOTOS[:2])
CLAIMS = (
    Claim(
        claim="0.001 is a good default for Adam",
        source="[Kingma and Ba 2014](https://arxiv.org/abs/1412.6980)",
        published="0.001, for the problems tested",
        records=("mnist_adam_u", "cifar_adam_u"),
        measure=at_a_thousandth,
        reproduced=lambda n: n["least"] >= GOOD_GAIN,
        rule="reproduced when 0.001 is a good rate on both data sets.",
    ),
    Claim(
        claim="3e-4 is the best rate for Adam",
        source="folklore, after [a post by Karpathy]"
        "(https://x.com/karpathy/status/801621764144971776), half in jest",
        published="3e-4",
        records=("mnist_adam_u", "cifar_adam_u"),
        measure=folklore_rate,
        reproduced=lambda n: n["off"] <= 1,
        other_regime=lambda n: n["gain"] >= GOOD_GAIN,
        rule="reproduced when 3e-4 lies among the best rates on both data sets; other regime when "
        "on both a neighbour of it on the grid is a good rate.",
    ),
    Claim(
        claim="0.001 is a good default for RMSprop",
        source="[Ruder 2016](https://arxiv.org/abs/1609.04747), after Hinton",
        published="0.001",
        records=("mnist_rmsprop_u", "cifar_rmsprop_u"),
        measure=at_a_thousandth,
        reproduced=lambda n: n["least"] >= GOOD_GAIN,
        rule="reproduced when 0.001 is a good rate on both data sets.",
    ),
    Claim(
        claim="a momentum of 0.9 acts like ten times the rate, below the best rate",
        source="[Zhang and others 2023](https://d2l.ai/chapter_optimization/momentum.html)",
        published="a step of rate / (1 − 0.9)",
        records=SGD_AND_MOMENTUM,
        measure=momentum_on_the_left,
        reproduced=lambda n: 0.85 < n["least"] and n["most"] < 1.15,
        rule="reproduced when, for each rate of plain SGD below its best, momentum at the recorded "
        "rate next to a tenth of it ends within 15 % of the same loss.",
    ),
    Claim(
        claim="momentum raises the highest rate that is stable",
        source="[Goh 2017](https://distill.pub/2017/momentum/)",
        published="times 1 + 0.9, on a quadratic",
        records=SGD_AND_MOMENTUM,
        measure=momentum_at_the_top,
        reproduced=lambda n: n["least"] > 1,
        rule="reproduced when on both data sets the highest good rate is higher with momentum.",
    ),
    Claim(
        claim="with small batches momentum lowers the rate at which training becomes unstable",
        source="[Andreyev and others 2026](https://arxiv.org/abs/2604.14108)",
        published="times 1 − 0.9, in a bound on the curvature",
        records=SGD_AND_MOMENTUM,
        measure=momentum_at_the_top,
        reproduced=lambda n: n["most"] < 0.1 * 1.5,
        other_regime=lambda n: n["most"] < 1 / GRID_STEP,
        rule="reproduced when on both data sets the highest good rate falls to a tenth, within a "
        "factor of 1.5; other regime when it falls by more than one step of our grid "
        f"({GRID_STEP:g}).",
    ),
    Claim(
        claim="well tuned, the more general optimizer is never worse",
        source="[Choi and others 2019](https://arxiv.org/abs/1910.05446)",
        published="on five tasks, all settings tuned",
        records=(*U_CURVES, *PHOTOS),
        measure=never_worse,
        reproduced=lambda n: n["most"] == 0,
        other_regime=lambda n: n["least"] == 0,
        rule="reproduced when on both data sets momentum does not end above plain SGD, nor an "
        "adaptive optimizer above either, each at its lowest point and told apart by pairs of seeds; "
        "other regime when that is so on one of them. Here only the rate was tuned.",
    ),
    Claim(
        claim="Adam is fairly robust to the choice of its settings",
        source="[Goodfellow, Bengio and Courville 2016, section 8.5.3]"
        "(https://www.deeplearningbook.org/contents/optimization.html)",
        published="a statement, with a reserve about the rate",
        records=("mnist_sgd_u", "mnist_adam_u", "cifar_sgd_u", "cifar_adam_u"),
        measure=robustness,
        reproduced=lambda n: n["least"] > GRID_STEP,
        other_regime=lambda n: n["least"] > 1,
        rule="reproduced when on both data sets Adam's good region is wider than SGD's by more than "
        f"one step of our grid ({GRID_STEP:g}); other regime when it is wider, but not so much.",
    ),
    Claim(
        claim="trying several optimizers at their defaults does about as well as tuning one",
        source="[Schmidt and others 2021](https://arxiv.org/abs/2007.01547)",
        published="on eight tasks",
        records=(*U_CURVES, *PHOTOS),
        measure=untuned,
        reproduced=lambda n: n["least"] >= 0.9,
        other_regime=lambda n: n["least"] >= GOOD_GAIN,
        rule="reproduced when on both data sets the best of five untuned optimizers gains 0.9 of "
        "what the best tuned one does; other regime when it gains 0.8.",
    ),
)
