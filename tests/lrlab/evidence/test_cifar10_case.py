"""Chapter 12's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, each_claim_of, scale
from lrlab.evidence import cifar10_case
from lrlab.evidence.claim import NOT_REPRODUCED, OTHER_REGIME, REPRODUCED
from lrlab.runs.record import Record

TAMPERED = {
    "for Adam on CIFAR-10, 0.001 is better than 0.0001 and 0.01": (
        lambda case: scale(case, "lowest_loss", 0.7, [0.0001]),
        NOT_REPRODUCED,
    ),
    "twenty epochs of Adam at 0.001 reach 80 % and 0.8": (
        lambda case: scale(case, "lowest_loss", 0.8, [0.001]),
        OTHER_REGIME,
    ),
    "learning rate, schedule and number of epochs alone reach 80 % and 0.8": (
        lambda frontier: scale(finalists(frontier), "lowest_loss", 0.9),
        OTHER_REGIME,
    ),
    "85 %, 70 % and 1.2 are the marks of a wrong learning rate": (
        lambda case: [
            scale(case, "last_loss", 2, [0.001]),
            scale(case, "last_accuracy", 0.5, [0.001]),
        ],
        REPRODUCED,
    ),
    "with random flips and shifts, and nothing else in network or data, 80 % and 0.8 come into "
    "reach": (
        lambda augmented: scale(augmented, "highest_accuracy", 1.05),
        REPRODUCED,
    ),
    "with flips, shifts and a weight decay of 0.0005 they are reached": (
        lambda decayed: scale(decayed, "highest_accuracy", 0.95),
        OTHER_REGIME,
    ),
}


def finalists(frontier: Record) -> Record:
    """Return the search's finalists as the results of a record."""
    return Record({"results": frontier.document["finalists"]})


@each_claim_of(cifar10_case)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])
