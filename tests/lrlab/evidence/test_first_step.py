"""Chapter 1's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, each_claim_of, scale
from lrlab.evidence import first_step
from lrlab.evidence.claim import NOT_REPRODUCED, REPRODUCED

TAMPERED = {
    "a fresh ten-class network has a loss of ln 10": (
        lambda first, cifar: scale(first, "loss_before", 1.02),
        NOT_REPRODUCED,
    ),
    "a short step lowers the loss in proportion to its rate": (
        lambda first: scale(first, "loss_after", 0.999, [0.03]),
        NOT_REPRODUCED,
    ),
    "a step along the gradient can go uphill, when it is long": (
        lambda first: scale(first, "loss_after", 0.3, [10.0]),
        NOT_REPRODUCED,
    ),
    "a healthy update is about a thousandth of the weights": (
        lambda first, sgd: scale(first, "update_ratio", 0.05),
        REPRODUCED,
    ),
    "a rate of 0.01 typically works for SGD": (
        lambda *us: [scale(us[1], "test_loss", 1.5, [0.01])],
        NOT_REPRODUCED,
    ),
}


@each_claim_of(first_step)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])
