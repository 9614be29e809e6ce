"""Chapter 9's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, each_claim_of
from lrlab.evidence import plateau
from lrlab.evidence.claim import REPRODUCED


def stop_early(case) -> None:
    """Let no epoch after the third be better than it."""
    for result in case.results:
        for curve in result["validation_loss"]["values"]:
            curve[3:] = [max(value, curve[2]) for value in curve[3:]]


TAMPERED = {
    "in a run of 20 epochs a plateau rule with its default patience lowers the rate": (
        stop_early,
        REPRODUCED,
    ),
}


@each_claim_of(plateau)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])
