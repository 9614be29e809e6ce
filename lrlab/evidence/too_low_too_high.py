"""Chapter 2: the U of the loss over the learning rate, its arms, its bottom, and longer runs."""

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import (
    GRID_STEP,
    U_CURVES,
    either,
    gain_at,
    good_width,
    interval,
    largest_stable,
    loss,
    optimizer,
)
from lrlab.runs.record import GOOD_GAIN, Record
from lrlab.runs.spread import paired_difference

CHAPTER = 2
BENGIO = "[Bengio 2012](https://arxiv.org/abs/1206.5533)"
BOOK = (
    "[Goodfellow, Bengio and Courville 2016, section 11.4.1]"
    "(https://www.deeplearningbook.org/contents/guidelines.html)"
)
CS231N = "[CS231n notes](https://cs231n.github.io/neural-networks-3/)"
HORIZONS = "[Bjorck and others 2025](https://arxiv.org/abs/2409.19913)"
TUTORIALS = "often repeated in tutorials"


def u_shape(sgd: Record) -> Finding:
    """The left arm, the bottom and the right arm."""
    rates, best = sgd.learning_rates, sgd.best
    left = [loss(sgd, rate) for rate in rates if rate <= best]
    lowest, right = left[-1], loss(sgd, rates[-1])
    numbers = {
        "left_falls": float(left == sorted(left, reverse=True)),
        "inside": float(rates[0] < best < rates[-1]),
        "right_arm": right / lowest,
    }
    text = f"{left[0]:.2f} at {rates[0]:g}, {lowest:.3f} at {best:g}, {right:.2f} at {rates[-1]:g}"
    return Finding(text, numbers)


def stuck_at_a_low_rate(lengths: Record) -> Finding:
    """The loss at the lowest rate, after each length of the run."""
    runs = lengths.variants
    losses = [loss(each, each.learning_rates[0]) for each in runs.values()]
    rate = next(iter(runs.values())).learning_rates[0]
    text = ", ".join(f"{end:.2f} after {name}" for name, end in zip(runs, losses, strict=True))
    return Finding(f"at {rate:g}: {text}", {"last_factor": losses[-1] / losses[-2]})


def faster_but_worse(lengths: Record) -> Finding:
    """How much higher 0.1 ends than 0.46, seed by seed, in a short run and in a long one."""
    words, numbers = [], {}
    for kind, name in (("short", "93 steps"), ("long", "9370 steps")):
        high, low = (lengths.variants[name].at(rate)["test_loss"] for rate in (0.46, 0.1))
        more = paired_difference(high, low)
        words.append(f"{interval(more)} after {name}")
        numbers |= {f"{kind}_low": more.low, f"{kind}_high": more.high}
    return Finding(f"0.1 ends higher than 0.46 by {' and '.join(words)}", numbers)


def best_against_length(lengths: Record) -> Finding:
    """The best rates of each length, as far as the seeds tell."""
    sets = {name: each.best_rates for name, each in lengths.variants.items()}
    words = [f"{either(best)} in {name}" for name, best in sets.items()]
    first, *_, last = sets.values()
    lowest = [best[0] for best in sets.values()]
    numbers = {
        "rises": float(lowest != sorted(lowest, reverse=True)),
        "below_first": first[0] / last[-1],
        "below_some": max(lowest) / last[-1],
    }
    return Finding("best " + ", ".join(words), numbers)


def default_rate(lengths: Record) -> Finding:
    """The gain at 0.01, after each length of the run."""
    gains = {name: gain_at(each, 0.01) for name, each in lengths.variants.items()}
    words = ", ".join(f"{gain:.2f} in {name}" for name, gain in gains.items())
    numbers = {"least": min(gains.values()), "most": max(gains.values())}
    return Finding(f"gain at 0.01: {words}", numbers)


def good_regions(*us: Record) -> Finding:
    """The widths of the good regions of several optimizers."""
    widths = [good_width(each) for each in us]
    text = f"the good regions of {len(us)} optimizers span factors of {min(widths):.2g} to "
    return Finding(text + f"{max(widths):.2g}", {"narrowest": min(widths)})


def below_the_cliff(*us: Record) -> Finding:
    """The largest stable rate over the best one."""
    return _of_each("factors", us, [round(largest_stable(each) / each.best, 2) for each in us])


def half_is_too_high(*us: Record) -> Finding:
    """How many seeds diverge at the highest recorded rate up to 0.5."""
    words, parts = [], []
    for each in us:
        rate = max(rate for rate in each.learning_rates if rate <= 0.5)
        seeds, diverged = len(each.seeds), each.at(rate)["diverged"]
        words.append(f"{optimizer(each)} at {rate:g}: {diverged} of {seeds} diverged")
        parts.append(diverged / seeds)
    return Finding("; ".join(words), {"least": min(parts), "most": max(parts)})


def lower_to_a_hundredth(*us: Record) -> Finding:
    """The loss at 0.01 over the loss at 0.1."""
    factors = [loss(each, 0.01) / loss(each, 0.1) for each in us]
    return _of_each("loss at 0.01 over loss at 0.1", us, factors)


def _of_each(what: str, us: tuple[Record, ...], factors: list[float]) -> Finding:
    """Return one factor for each optimizer, with the least and the most of them."""
    pairs = zip(us, factors, strict=True)
    words = ", ".join(f"{optimizer(each)} {factor:.2g}" for each, factor in pairs)
    return Finding(f"{what}: {words}", {"least": min(factors), "most": max(factors)})


CLAIMS = (
    Claim(
        claim="the loss is U-shaped in the learning rate, with a sharp rise on the right",
        source=BOOK,
        published="a drawing",
        records=("mnist_sgd_u",),
        measure=u_shape,
        reproduced=lambda n: n["left_falls"] == n["inside"] == 1 and n["right_arm"] > 5,
        rule="reproduced when the loss never rises on the way to the best rate, that rate is "
        "inside the grid, and the highest rate ends at over five times the lowest loss.",
    ),
    Claim(
        claim="a rate that is too small may leave training stuck for good at a high error",
        source=BOOK,
        published="may happen; poorly understood",
        records=("mnist_lengths",),
        measure=stuck_at_a_low_rate,
        reproduced=lambda n: n["last_factor"] > 0.95,
        rule="reproduced when, at the lowest rate, the longest run ends less than 5 % lower than "
        "the run before it.",
    ),
    Claim(
        claim="higher rates lower the loss faster, but get stuck at worse values",
        source=CS231N,
        published="a drawing",
        records=("mnist_lengths",),
        measure=faster_but_worse,
        reproduced=lambda n: n["short_low"] > 0 > n["long_high"],
        other_regime=lambda n: n["short_low"] > 0 or n["long_high"] < 0,
        rule="reproduced when the paired 95 % interval lies above 0 in the short run and below it "
        "in the long one; other regime when one of the two does.",
    ),
    Claim(
        claim="longer training needs a smaller learning rate",
        source=HORIZONS,
        published="for language models, steadily, by a power law",
        records=("mnist_lengths",),
        measure=best_against_length,
        reproduced=lambda n: not n["rises"] and n["below_first"] > 1,
        other_regime=lambda n: n["below_some"] > 1,
        rule="reproduced when the lowest of the best rates never rises with the length, and all "
        "best rates of the longest run lie below all of the shortest; other regime when they lie "
        "below all of some shorter run.",
    ),
    Claim(
        claim="a default of 0.01 typically works",
        source=BENGIO,
        published="for standard multi-layer networks, inputs in 0 to 1",
        records=("mnist_lengths",),
        measure=default_rate,
        reproduced=lambda n: n["least"] >= GOOD_GAIN,
        other_regime=lambda n: n["most"] >= GOOD_GAIN,
        rule=f"reproduced when 0.01 is good (a gain of {GOOD_GAIN:g}) at every length of the run; "
        "other regime when it is at some.",
    ),
    Claim(
        claim="a grid with a factor of 2 between rates is fine enough",
        source=BENGIO,
        published="factor 2",
        records=U_CURVES,
        measure=good_regions,
        reproduced=lambda n: n["narrowest"] >= 2,
        rule="reproduced when the good region of each optimizer spans at least a factor of 2.",
    ),
    Claim(
        claim="the best rate is close to the largest one that does not diverge",
        source=BENGIO,
        published="within a factor of 2, for SGD",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=below_the_cliff,
        reproduced=lambda n: n["most"] <= GRID_STEP,
        other_regime=lambda n: n["least"] <= GRID_STEP,
        rule="the factor is the highest rate below the first at which a seed diverged, over the "
        f"best rate; reproduced when both are at most one step of our grid ({GRID_STEP:g}); other "
        "regime when one is.",
    ),
    Claim(
        claim="a rate of 0.5 is too high",
        source=TUTORIALS,
        published="unstable training",
        records=("mnist_sgd_u", "mnist_momentum_u", "mnist_adam_u"),
        measure=half_is_too_high,
        reproduced=lambda n: n["least"] > 0.5,
        other_regime=lambda n: n["most"] > 0.5,
        rule="reproduced when, at the highest recorded rate up to 0.5, more than half of the seeds "
        "diverge with each optimizer; other regime when they do with some.",
    ),
    Claim(
        claim="if the loss is stuck at 0.1, lower the rate to 0.01",
        source=TUTORIALS,
        published="stable training",
        records=("mnist_sgd_u", "mnist_momentum_u", "mnist_adam_u"),
        measure=lower_to_a_hundredth,
        reproduced=lambda n: n["most"] < 1,
        other_regime=lambda n: n["least"] < 1,
        rule="reproduced when 0.01 ends lower than 0.1 with each optimizer; other regime when it "
        "does with some.",
    ),
)
