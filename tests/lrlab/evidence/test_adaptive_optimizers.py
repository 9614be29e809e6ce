"""Chapter 6's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, diverge, each_claim_of, move_best, scale
from lrlab import runs
from lrlab.evidence import adaptive_optimizers
from lrlab.evidence.claim import NOT_REPRODUCED, REPRODUCED

TAMPERED = {
    "0.001 is a good default for Adam": (
        lambda adam: scale(adam, "test_loss", 1.5, [0.001]),
        NOT_REPRODUCED,
    ),
    "3e-4 is the best rate for Adam": (lambda adam: move_best(adam, 0.00046), REPRODUCED),
    "0.001 is a good default for RMSprop": (
        lambda rmsprop: scale(rmsprop, "test_loss", 1.5, [0.001]),
        NOT_REPRODUCED,
    ),
    "a momentum of 0.9 acts like ten times the rate, below the best rate": (
        lambda sgd, momentum: scale(momentum, "test_loss", 1.3, [0.001]),
        NOT_REPRODUCED,
    ),
    "a momentum of 0.9 lowers the best rate by a factor of ten": (
        lambda sgd, momentum: move_best(momentum, 0.022),
        REPRODUCED,
    ),
    "well tuned, the more general optimizer is never worse": (
        lambda sgd, momentum: scale(momentum, "test_loss", 1.5),
        NOT_REPRODUCED,
    ),
    "Adam is fairly robust to the choice of its settings": (
        lambda sgd, adam: scale(adam, "test_loss", 3, [0.001, 0.0022, 0.022]),
        NOT_REPRODUCED,
    ),
    "adaptive methods generalise worse than SGD": (
        lambda *us: [scale(each, "test_accuracy", 0.95) for each in us[2:]],
        REPRODUCED,
    ),
}


@each_claim_of(adaptive_optimizers)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])


def the_claim(text):
    return next(claim for claim in adaptive_optimizers.CLAIMS if claim.claim == text)


def test_a_default_is_good_by_what_it_gains_over_guessing():
    """Where the best loss is 1.40, one of 2.10 has hardly left guessing: 1.5 times is not good."""
    losses = (lambda adam: scale(adam, "test_loss", 1.40 / 0.0757), NOT_REPRODUCED)
    assert_turns(the_claim("0.001 is a good default for Adam"), *losses)


def test_a_default_at_which_a_seed_diverged_is_not_good():
    diverged = (lambda adam: diverge(adam, 1, 0.001), NOT_REPRODUCED)
    assert_turns(the_claim("0.001 is a good default for Adam"), *diverged)


def test_both_defaults_are_good_rates_of_their_records():
    for name in ("mnist_adam_u", "mnist_rmsprop_u"):
        assert runs.load(name).good[0] == 0.001
