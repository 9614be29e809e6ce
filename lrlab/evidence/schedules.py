"""Chapter 8: what a schedule gains, each at its own best peak, paired by seed."""

import math
from itertools import combinations
from statistics import fmean

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import GRID_STEP, best_loss, interval, loss, mean_and_spread
from lrlab.runs.record import Record
from lrlab.runs.spread import Difference, paired_difference

CHAPTER = 8
SMITH = "[Smith and Topin 2017](https://arxiv.org/abs/1708.07120)"
DEFAZIO = "[Defazio and others 2023](https://arxiv.org/abs/2310.07831)"
EIGHT = (
    "mnist_schedule_constant",
    "mnist_schedule_step_decay",
    "mnist_schedule_multi_step",
    "mnist_schedule_exponential_tenth",
    "mnist_schedule_linear",
    "mnist_schedule_cosine",
    "mnist_schedule_one_cycle",
    "mnist_schedule_warmup_stable_decay",
)
SAME_AREA = 0.05  # relative; schedules of areas as close as that are not put in order


def lower_by(one: Record, other: Record) -> Difference:
    """How much lower the test loss of ``one`` ends than that of ``other``, each at its best peak."""
    return paired_difference(best_loss(one), best_loss(other))


def name(record: Record) -> str:
    """Return the name of a record's schedule in words."""
    return record.experiment["schedule"].replace("warmup", "warm-up").replace("_", " ")


def fewer_steps(constant: Record, other: Record) -> Finding:
    """When a schedule's training loss gets to where the constant rate's ends, and where it ends."""
    share = steps_to(other, curve_of(constant)[-1]) / constant.steps[-1]
    difference = lower_by(other, constant)
    text = f"the constant rate's last training loss is reached after {share:.0%} of the steps; in "
    text += f"equal steps the test loss ends lower by {interval(difference, 4)}"
    return Finding(text, {"share": share, "least": difference.low})


def higher_peak(constant: Record, other: Record) -> Finding:
    """The best peak of a schedule over the best constant rate."""
    text = f"best peak {other.best:g}, best constant rate {constant.best:g}"
    return Finding(text, {"factor": other.best / constant.best})


def cooldown_and_cosine(cosine: Record, rest: Record) -> Finding:
    """Warm-up, stable, decay against the cosine."""
    difference = lower_by(rest, cosine)
    text = f"cooldown {mean_and_spread(best_loss(rest))}, cosine {mean_and_spread(best_loss(cosine))}; "
    return Finding(text + f"lower by {interval(difference, 4)}", {"most": difference.high})


def linear_against(linear: Record, *others: Record) -> Finding:
    """Which of the other schedules end lower than the linear fall, and which cannot be told from it."""
    differences = {name(each): lower_by(linear, each) for each in others}
    below = [each for each, difference in differences.items() if difference.high < 0]
    text = "; ".join(f"below {each} by {interval(d, 4)}" for each, d in differences.items())
    return Finding(f"linear ends {text}", {"beaten": len(below)})


def lowest(*records: Record) -> Finding:
    """The schedule that ends lowest, and how surely it is below each of the others."""
    first, second, *_ = sorted(records, key=lambda each: best_loss(each)["mean"])
    differences = [lower_by(first, each) for each in records if each is not first]
    shape, total = first.schedule(), first.steps[-1]
    text = f"of {len(records)}, {name(first)} ends lowest, below {name(second)} by "
    text += interval(lower_by(first, second), 4)
    numbers = {
        "surely": min(difference.low for difference in differences),
        "start": shape(0),
        "end": shape(total - 1),
        "late": min(step for step in range(total // 2, total) if shape(step) < 0.99) / total,
    }
    return Finding(text, numbers)


def area(record: Record) -> float:
    """Return the mean fraction of the peak over a record's run."""
    shape = record.schedule()
    return fmean(shape(step) for step in range(record.steps[-1]))


def larger_area(*records: Record) -> Finding:
    """In how many pairs of schedules, at the lowest peak, the one with the larger area ends lower."""
    peak = records[0].learning_rates[0]
    ends = sorted((area(each), loss(each, peak)) for each in records)
    ordered = [
        larger[1] < smaller[1]
        for smaller, larger in combinations(ends, 2)
        if larger[0] > (1 + SAME_AREA) * smaller[0]
    ]
    text = f"at a peak of {peak:g} it does in {sum(ordered)} of {len(ordered)} pairs of schedules"
    return Finding(text, {"share": fmean(ordered)})


def constant_to_zero(long: Record) -> Finding:
    """Where the training loss of a long run at a constant rate ends, and how much it still falls."""
    results = [each for each in long.results if not each["diverged"]]
    curves = {each["learning_rate"]: each["train_loss"]["mean"] for each in results}
    rate = min(curves, key=lambda each: curves[each][-1])
    half = max(k for k, step in enumerate(long.steps) if step <= long.steps[-1] / 2)
    first, middle, last = (curves[rate][k] for k in (0, half, -1))
    text = f"at a constant {rate:g} from {first:.2f} to {last:.4f} in {long.steps[-1]:,} steps, "
    text += f"after {middle:.4f} at step {long.steps[half]:,}"
    return Finding(text, {"left": last / first, "second_half": last / middle})


def curve_of(record: Record) -> list[float]:
    """Return the training loss of a record at its best rate, the mean over the seeds."""
    return record.at(record.best)["train_loss"]["mean"]


def steps_to(record: Record, level: float) -> float:
    """Return the first recorded step at which the training loss is at most ``level``."""
    for step, value in zip(record.steps, curve_of(record), strict=True):
        if value <= level:
            return step
    return math.inf


CLAIMS = (
    Claim(
        claim="one cycle needs far fewer steps",
        source=SMITH,
        published="an order of magnitude fewer, for residual networks",
        records=("mnist_schedule_constant", "mnist_schedule_one_cycle"),
        measure=fewer_steps,
        reproduced=lambda n: n["share"] <= 0.2,
        other_regime=lambda n: n["share"] < 1 and n["least"] > 0,
        rule="reproduced when it reaches the constant rate's last training loss in at most a fifth of "
        "the steps; other regime when it needs fewer steps and, in equal steps, its test loss ends "
        "lower (the 95 % interval of the paired difference leaves 0 out).",
    ),
    Claim(
        claim="one cycle trains at a higher rate than a constant one",
        source=SMITH,
        published="a large maximum rate is a key element",
        records=("mnist_schedule_constant", "mnist_schedule_one_cycle"),
        measure=higher_peak,
        reproduced=lambda n: n["factor"] > 0.9 * GRID_STEP,
        rule="reproduced when its best peak is at least one step of our grid above the best constant "
        "rate.",
    ),
    Claim(
        claim="a constant rate with a cooldown does as well as a cosine",
        source="[Hägele and others 2024](https://arxiv.org/abs/2405.18392)",
        published="equal or better, for language models",
        records=("mnist_schedule_cosine", "mnist_schedule_warmup_stable_decay"),
        measure=cooldown_and_cosine,
        reproduced=lambda n: n["most"] > 0,
        rule="reproduced unless the cooldown ends higher, by a paired difference whose 95 % interval "
        "leaves 0 out.",
    ),
    Claim(
        claim="a linear fall does as well as step decay, exponential and cosine",
        source=DEFAZIO,
        published="as well or better than all common defaults, over many tasks",
        records=tuple(
            f"mnist_schedule_{each}"
            for each in ("linear", "step_decay", "multi_step", "exponential_tenth", "cosine")
        ),
        measure=linear_against,
        reproduced=lambda n: n["beaten"] == 0,
        rule="reproduced when none of them ends lower than the linear fall, by a paired difference "
        "whose 95 % interval leaves 0 out.",
    ),
    Claim(
        claim="the best schedules warm up, and fall fast near the end",
        source=DEFAZIO,
        published="derived from the gradients of a first run",
        records=EIGHT,
        measure=lowest,
        reproduced=lambda n: n["surely"] > 0 and n["start"] < 0.1 > n["end"] and n["late"] >= 0.7,
        rule="reproduced when the schedule that ends lowest, told apart from all others, starts and "
        "ends below a tenth of its peak and falls in the last 30 % of the steps only.",
    ),
    Claim(
        claim="the larger the area under the rate, the lower the loss",
        source="[Tissue and others 2024](https://arxiv.org/abs/2408.11029)",
        published="a power law in the area, less a gain from the fall",
        records=(*EIGHT, "mnist_schedule_exponential", "mnist_schedule_exponential_thousandth"),
        measure=larger_area,
        reproduced=lambda n: n["share"] == 1,
        other_regime=lambda n: n["share"] >= 0.9,
        rule="reproduced when, at the lowest peak, the larger area ends lower in every pair whose areas "
        f"differ by more than {SAME_AREA:.0%}; other regime when it does in nine of ten pairs.",
    ),
    Claim(
        claim="a network that can fit every label needs no falling rate to bring its training loss to "
        "zero",
        source="[Ma, Bassily and Belkin 2017](https://arxiv.org/abs/1712.06559)",
        published="a proof for convex losses",
        records=("mnist_floor",),
        measure=constant_to_zero,
        reproduced=lambda n: n["left"] < 0.01 and n["second_half"] < 0.5,
        rule="reproduced when the lowest training loss at a constant rate ends below a hundredth of the "
        "first one and halves at least once more in the second half of the run.",
    ),
)
