"""Chapter 12's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, each_claim_of, scale
from lrlab.evidence import cifar10_case
from lrlab.evidence.claim import NOT_REPRODUCED, OTHER_REGIME, REPRODUCED


def scale_search(quantity, factor, rates=(), only=None):
    """Return a change of one quantity in records of the search, all or those numbered ``only``."""

    def change(*records):
        for number, record in enumerate(records):
            if only is None or number in only:
                scale(record.variants[cifar10_case.EPOCHS], quantity, factor, rates)

    return change


TAMPERED = {
    "for Adam on CIFAR-10, 0.001 is better than 0.0001 and 0.01": (
        lambda case: scale(case, "lowest_loss", 0.7, [0.0001]),
        NOT_REPRODUCED,
    ),
    "twenty epochs of Adam at 0.001 reach 80 % and 0.8": (
        lambda case: scale(case, "lowest_loss", 0.8, [0.001]),
        OTHER_REGIME,
    ),
    "the learning rate alone reaches 80 % and 0.8": (
        scale_search("lowest_loss", 0.9),
        OTHER_REGIME,
    ),
    "85 % on training and 70 % on validation images are the marks of a wrong rate": (
        scale_search("clean_accuracy", 0.9),
        REPRODUCED,
    ),
    "a high rate that is lowered later generalises better than a lower one from the start": (
        scale_search("last_accuracy", 0.9, only=[1]),
        NOT_REPRODUCED,
    ),
    "without mirrored and shifted images a network overfits substantially": (
        lambda changes: scale(changes.variants["neither"], "clean_accuracy", 0.7),
        NOT_REPRODUCED,
    ),
    "the loss on new images rises while their accuracy does not fall": (
        lambda changes: scale(changes.variants["neither"], "last_accuracy", 0.98),
        OTHER_REGIME,
    ),
    "weight decay improves generalisation": (
        scale_search("last_loss", 1.1, [0.02], only=[1]),
        OTHER_REGIME,
    ),
    "weight decay lowers the training error as well": (
        scale_search("clean_loss", 0.5, [0.02], only=[1]),
        REPRODUCED,
    ),
}


@each_claim_of(cifar10_case)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])
