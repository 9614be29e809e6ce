"""Chapter 8: what a schedule gains over a constant rate, each at its own best peak."""

import math

from lrlab.evidence.claim import Claim, Finding
from lrlab.evidence.readings import apart, best_loss, mean_and_spread
from lrlab.runs.record import Record

CHAPTER = 8


def against_constant(constant: Record, other: Record) -> Finding:
    """A schedule at its best peak, against the constant rate at its best."""
    ours, flat = best_loss(other), best_loss(constant)
    name = other.experiment["schedule"].replace("_", "-")
    text = f"{name} {mean_and_spread(ours)}, constant {mean_and_spread(flat)}"
    return Finding(text, {"lower_by": apart(ours, flat)})


def fewer_steps(constant: Record, other: Record) -> Finding:
    """The same, and when the schedule's training loss gets to where the constant rate's ends."""
    compared = against_constant(constant, other)
    reached = steps_to(other, curve_of(constant)["mean"][-1])
    share = reached / constant.steps[-1]
    text = f"{compared.text}; its last training loss is reached after {share:.0%} of the steps"
    return Finding(text, {**compared.numbers, "share": share})


def cooldown_and_cosine(cosine: Record, rest: Record) -> Finding:
    """Warm-up, stable, decay against the cosine, each at its best peak."""
    wave, flat = best_loss(cosine), best_loss(rest)
    text = f"cooldown {mean_and_spread(flat)}, cosine {mean_and_spread(wave)}"
    return Finding(text, {"lower_by": apart(flat, wave)})


def curve_of(record: Record) -> dict:
    """Return the training loss of a record at its best rate."""
    return record.at(record.best)["train_loss"]


def steps_to(record: Record, level: float) -> float:
    """Return the first recorded step at which the training loss is at most ``level``."""
    for step, value in zip(record.steps, curve_of(record)["mean"], strict=True):
        if value is not None and value <= level:
            return step
    return math.inf


CLAIMS = (
    Claim(
        claim="one cycle needs fewer steps",
        source="[Smith and Topin 2017](https://arxiv.org/abs/1708.07120)",
        published="a tenth, for residual networks",
        records=("mnist_schedule_constant", "mnist_schedule_one_cycle"),
        measure=fewer_steps,
        reproduced=lambda n: n["share"] <= 0.5,
        other_regime=lambda n: n["lower_by"] > 2,
        rule="reproduced when it reaches the constant rate's last training loss in at most half of "
        "the steps; other regime when, in equal steps, its test loss ends lower by more than two "
        "standard errors.",
    ),
    Claim(
        claim="a constant rate with a cooldown does as well as a cosine",
        source="[Hägele and others 2024](https://arxiv.org/abs/2405.18392)",
        published="equal, for language models",
        records=("mnist_schedule_cosine", "mnist_schedule_warmup_stable_decay"),
        measure=cooldown_and_cosine,
        reproduced=lambda n: abs(n["lower_by"]) <= 2,
        other_regime=lambda n: n["lower_by"] > 2,
        rule="reproduced when the two are within two standard errors; other regime when the "
        "cooldown ends lower by more.",
    ),
    Claim(
        claim="dividing the rate by ten at half and at three quarters pays",
        source="[He and others 2015, section 4.2](https://arxiv.org/abs/1512.03385)",
        published="the recipe of ResNet, 64,000 steps",
        records=("mnist_schedule_constant", "mnist_schedule_multi_step"),
        measure=against_constant,
        reproduced=lambda n: n["lower_by"] > 2,
        rule="reproduced when it ends lower than a constant rate by more than two standard errors.",
    ),
)
