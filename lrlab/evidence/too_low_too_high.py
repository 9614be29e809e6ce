"""Chapter 2: the U of the loss over the learning rate, its bottom and its cliff."""

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import GRID_STEP, U_CURVES, good_width, loss, optimizer
from lrlab.runs.record import Record

CHAPTER = 2
BENGIO = "[Bengio 2012](https://arxiv.org/abs/1206.5533)"
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


def good_regions(*us: Record) -> Finding:
    """The widths of the good regions of several optimizers."""
    widths = [good_width(each) for each in us]
    text = f"the good regions of {len(us)} optimizers span factors of {min(widths):.2g} to "
    return Finding(text + f"{max(widths):.2g}", {"narrowest": min(widths)})


def below_the_cliff(*us: Record) -> Finding:
    """The largest stable rate over the best one."""
    return _of_each("factors", us, [round(largest_stable(each) / each.best, 2) for each in us])


def largest_stable(record: Record) -> float:
    """Return the highest rate below the first at which a seed diverged."""
    stable = record.learning_rates[0]
    for result in record.results:
        if result["diverged"]:
            break
        stable = result["learning_rate"]
    return stable


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
        source="[Goodfellow, Bengio and Courville 2016, section 11.4.1]"
        "(https://www.deeplearningbook.org/contents/guidelines.html)",
        published="a drawing",
        records=("mnist_sgd_u",),
        measure=u_shape,
        reproduced=lambda n: n["left_falls"] == n["inside"] == 1 and n["right_arm"] > 5,
        rule="reproduced when the loss never rises on the way to the best rate, that rate is "
        "inside the grid, and the highest rate ends at over five times the lowest loss.",
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
        claim="the same, for adaptive optimizers",
        source=BENGIO,
        published="not claimed there",
        records=("mnist_rmsprop_u", "mnist_adam_u", "mnist_adamw_u"),
        measure=below_the_cliff,
        reproduced=lambda n: n["most"] <= GRID_STEP,
        other_regime=lambda n: n["least"] <= GRID_STEP,
        rule="the factors are those of the row above; reproduced when all are at most one step of "
        f"our grid ({GRID_STEP:g}); other regime when some are.",
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
