"""Chapter 6's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, diverge, each_claim_of, scale
from lrlab import runs
from lrlab.evidence import adaptive_optimizers
from lrlab.evidence.claim import NOT_REPRODUCED, OTHER_REGIME, REPRODUCED

TAMPERED = {
    "0.001 is a good default for Adam": (
        lambda *us: scale(us[0], "test_loss", 1.5, [0.001]),
        NOT_REPRODUCED,
    ),
    "3e-4 is the best rate for Adam": (
        lambda *us: [scale(each, "test_loss", 0.8, [0.00046]) for each in us],
        OTHER_REGIME,
    ),
    "0.001 is a good default for RMSprop": (
        lambda *us: scale(us[1], "test_loss", 1.3, [0.001]),
        NOT_REPRODUCED,
    ),
    "a momentum of 0.9 acts like ten times the rate, below the best rate": (
        lambda *us: scale(us[1], "test_loss", 1.3, [0.001]),
        NOT_REPRODUCED,
    ),
    "momentum raises the highest rate that is stable": (
        lambda *us: [diverge(sgd, 1, rate) for sgd in us[::2] for rate in (0.1, 0.22, 0.46)],
        REPRODUCED,
    ),
    "with small batches momentum lowers the rate at which training becomes unstable": (
        lambda *us: [diverge(us[1], 1, 0.1), diverge(us[3], 1, 0.046)],
        REPRODUCED,
    ),
    "well tuned, the more general optimizer is never worse": (
        lambda *us: scale(us[3], "test_loss", 0.5),
        REPRODUCED,
    ),
    "Adam is fairly robust to the choice of its settings": (
        lambda *us: scale(us[1], "test_loss", 3, [0.001, 0.0022, 0.022]),
        NOT_REPRODUCED,
    ),
    "trying several optimizers at their defaults does about as well as tuning one": (
        lambda *us: scale(us[2], "test_loss", 1.5, [0.01]),
        OTHER_REGIME,
    ),
}


@each_claim_of(adaptive_optimizers)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])


def the_claim(text):
    return next(claim for claim in adaptive_optimizers.CLAIMS if claim.claim == text)


def test_a_default_is_good_by_what_it_gains_over_guessing():
    """Where the best loss is 1.40, one of 2.10 has hardly left guessing: 1.5 times is not good."""
    losses = (lambda *us: scale(us[0], "test_loss", 1.40 / 0.0757), NOT_REPRODUCED)
    assert_turns(the_claim("0.001 is a good default for Adam"), *losses)


def test_a_default_at_which_a_seed_diverged_is_not_good():
    diverged = (lambda *us: diverge(us[1], 1, 0.001), NOT_REPRODUCED)
    assert_turns(the_claim("0.001 is a good default for Adam"), *diverged)


def test_both_defaults_are_good_rates_of_their_records():
    for name in ("mnist_adam_u", "mnist_rmsprop_u"):
        assert runs.load(name).good[0] == 0.001
