"""Chapter 1's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, each_claim_of, scale
from lrlab.evidence import first_step
from lrlab.evidence.claim import NOT_REPRODUCED, REPRODUCED


def swap(lengths) -> None:
    """Give the longest run the results of the one of 93 steps, and the shortest those of the longest."""
    variants = lengths.document["variants"]
    variants["30 steps"] = variants["9370 steps"]
    variants["9370 steps"] = variants["93 steps"]


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
    "a rate that is tuned by looking a few steps ahead is too low": (
        lambda first, lengths: swap(lengths),
        REPRODUCED,
    ),
}


@each_claim_of(first_step)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])
