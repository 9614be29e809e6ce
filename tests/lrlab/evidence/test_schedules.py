"""Chapter 8's claims: each verdict turns when its records do."""

import math

from evidence.tampering import assert_turns, each_claim_of, move_best, scale
from lrlab import runs
from lrlab.evidence import schedules
from lrlab.evidence.claim import NOT_REPRODUCED, REPRODUCED


def bend(record, rate: float, factor: float) -> None:
    """Multiply the second half of a training curve, at one rate."""
    curve = record.at(rate)["train_loss"]["mean"]
    half = len(curve) // 2
    curve[half:] = [factor * value for value in curve[half:]]


TAMPERED = {
    "one cycle needs far fewer steps": (
        lambda constant, cycle: scale(cycle, "test_loss", 1.4),
        NOT_REPRODUCED,
    ),
    "one cycle trains at a higher rate than a constant one": (
        lambda constant, cycle: move_best(cycle, 0.22),
        NOT_REPRODUCED,
    ),
    "a constant rate with a cooldown does as well as a cosine": (
        lambda cosine, rest: scale(rest, "test_loss", 1.4),
        NOT_REPRODUCED,
    ),
    "a linear fall does as well as step decay, exponential and cosine": (
        lambda linear, step, multi, exponential, cosine: scale(cosine, "test_loss", 0.8),
        NOT_REPRODUCED,
    ),
    "the best schedules warm up, and fall fast near the end": (
        lambda *eight: scale(eight[5], "test_loss", 0.7),
        NOT_REPRODUCED,
    ),
    "the larger the area under the rate, the lower the loss": (
        lambda *records: scale(records[7], "test_loss", 1.1, rates=[0.046]),
        REPRODUCED,
    ),
    "a network that can fit every label needs no falling rate to bring its training loss to zero": (
        lambda long: [bend(long, rate, 50) for rate in long.learning_rates],
        NOT_REPRODUCED,
    ),
}


@each_claim_of(schedules)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])


def test_a_schedule_is_the_lowest_only_where_it_is_told_from_the_second():
    records = [runs.load(name) for name in schedules.EIGHT]
    scale(records[6], "test_loss", 0.925)  # one cycle comes as low as warm-up, stable, decay
    assert schedules.lowest(*records).numbers["surely"] < 0


def test_the_step_at_which_a_loss_is_reached():
    record = runs.load("mnist_schedule_constant")
    curve = schedules.curve_of(record)
    assert schedules.steps_to(record, curve[0]) == record.steps[0] == 1
    assert schedules.steps_to(record, min(curve)) == record.steps[curve.index(min(curve))]
    assert schedules.steps_to(record, 0) == math.inf
