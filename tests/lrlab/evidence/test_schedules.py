"""Chapter 8's claims: each verdict turns when its records do."""

import math

from evidence.tampering import assert_turns, each_claim_of, scale
from lrlab import runs
from lrlab.evidence import schedules
from lrlab.evidence.claim import NOT_REPRODUCED, REPRODUCED

TAMPERED = {
    "one cycle needs fewer steps": (
        lambda constant, cycle: scale(cycle, "test_loss", 1.3),
        NOT_REPRODUCED,
    ),
    "a constant rate with a cooldown does as well as a cosine": (
        lambda cosine, rest: scale(rest, "test_loss", 1.24),
        REPRODUCED,
    ),
    "dividing the rate by ten at half and at three quarters pays": (
        lambda constant, multi: scale(multi, "test_loss", 0.7),
        REPRODUCED,
    ),
}


@each_claim_of(schedules)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])


def test_the_step_at_which_a_loss_is_reached():
    record = runs.load("mnist_schedule_constant")
    curve = schedules.curve_of(record)["mean"]
    assert schedules.steps_to(record, curve[0]) == record.steps[0] == 1
    assert schedules.steps_to(record, min(curve)) == record.steps[curve.index(min(curve))]
    assert schedules.steps_to(record, 0) == math.inf
