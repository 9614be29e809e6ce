"""Chapter 2's claims: each verdict turns when its records do."""

import pytest

from evidence.tampering import assert_turns, diverge, each_claim_of, move_best, scale
from lrlab import runs
from lrlab.evidence import readings, too_low_too_high
from lrlab.evidence.claim import NOT_REPRODUCED, OTHER_REGIME, REPRODUCED


def at_length(lengths, steps, factor, rates):
    """Multiply the test loss of one length at some rates."""
    scale(lengths.variants[f"{steps} steps"], "test_loss", factor, rates)


TAMPERED = {
    "the loss is U-shaped in the learning rate, with a sharp rise on the right": (
        lambda sgd: scale(sgd, "test_loss", 0.01, [1.0, 2.2, 4.6, 10.0]),
        NOT_REPRODUCED,
    ),
    "a rate that is too small may leave training stuck for good at a high error": (
        lambda lengths: at_length(lengths, 9370, 1.7, [0.0046]),
        REPRODUCED,
    ),
    "higher rates lower the loss faster, but get stuck at worse values": (
        lambda lengths: at_length(lengths, 9370, 0.5, [0.46]),
        OTHER_REGIME,
    ),
    "longer training needs a smaller learning rate": (
        lambda lengths: at_length(lengths, 30, 0.5, [0.46]),
        REPRODUCED,
    ),
    "a default of 0.01 typically works": (
        lambda lengths: at_length(lengths, 9370, 0.8, [0.01]),
        OTHER_REGIME,
    ),
    "a grid with a factor of 2 between rates is fine enough": (
        lambda *us: scale(us[3], "test_loss", 3, [0.001, 0.0022, 0.0046, 0.022]),
        NOT_REPRODUCED,
    ),
    "the best rate is close to the largest one that does not diverge": (
        lambda sgd, momentum: move_best(sgd, 0.046),
        OTHER_REGIME,
    ),
    "a rate of 0.5 is too high": (lambda *us: diverge(us[0], 5, 0.46), REPRODUCED),
    "if the loss is stuck at 0.1, lower the rate to 0.01": (
        lambda *us: scale(us[2], "test_loss", 0.01, [0.1]),
        NOT_REPRODUCED,
    ),
}


@each_claim_of(too_low_too_high)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])


@pytest.mark.parametrize(
    "name, stable", [("mnist_sgd_u", 0.46), ("mnist_momentum_u", 0.1), ("mnist_rmsprop_u", 0.022)]
)
def test_the_largest_stable_rate_is_below_the_first_that_diverged(name, stable):
    record = runs.load(name)
    assert readings.largest_stable(record) == stable
    diverge(record, 1, record.learning_rates[1])
    assert readings.largest_stable(record) == record.learning_rates[0]
