"""Chapter 9's claims: each verdict turns when its records do."""

from evidence.tampering import assert_turns, each_claim_of
from lrlab.evidence import plateau
from lrlab.evidence.claim import NOT_REPRODUCED, REPRODUCED


def change(record, quantity, how) -> None:
    """Let ``how`` change each seed's curve of a record at the middle rate, in place."""
    for seed, values in enumerate(record.at(plateau.RATE)[quantity]["values"]):
        how(seed, values)


def stop_early(case) -> None:
    """Let no epoch after the third be better than it."""
    for result in case.results:
        for curve in result["validation_loss"]["values"]:
            curve[3:] = [max(value, curve[2]) for value in curve[3:]]


def fall_deeper(*ruled) -> None:
    """Take a tenth off every validation loss after the fall."""
    for record in ruled:
        falls = dict(plateau.fallen(record))

        def lower(seed, curve, falls=falls):
            if seed in falls:
                curve[falls[seed] + 1 :] = [0.9 * value for value in curve[falls[seed] + 1 :]]

        change(record, "validation_loss", lower)


def train_on(*ruled) -> None:
    """Let the training loss go on at its usual pace."""
    for record in ruled:
        change(record, "train_loss", _evenly)


def _evenly(_, curve) -> None:
    step = (curve[-1] - curve[0]) / (len(curve) - 1)
    curve[:] = [curve[0] + step * epoch for epoch in range(len(curve))]


def gain_nothing(case, ruled) -> None:
    """Let the fall of the rate change nothing: both runs are the case."""
    kept = case.at(plateau.RATE)["validation_loss"]["values"]

    def keep(seed, curve):
        curve[:] = kept[seed]

    change(ruled, "validation_loss", keep)


def go_on_jumping(*ruled) -> None:
    """Let every second epoch be far from its neighbours."""

    def jump(_, curve):
        curve[17:] = [1.0 + 0.3 * (epoch % 2) for epoch in range(len(curve[17:]))]

    for record in ruled:
        change(record, "validation_loss", jump)


def end_no_better(case, ruled) -> None:
    """Let one run whose rate fell end with the test loss of the case."""
    ruled.at(plateau.RATE)["test_loss"]["values"][0] = 1.0


TAMPERED = {
    "in a run of 20 epochs a plateau rule with its default patience lowers the rate": (
        stop_early,
        REPRODUCED,
    ),
    "where the validation error has stopped improving, a tenth of the rate improves it": (
        fall_deeper,
        REPRODUCED,
    ),
    "when the rate is divided by ten, training and validation error drop at once": (
        train_on,
        NOT_REPRODUCED,
    ),
    "a validation error that no longer falls shows that overfitting has begun: stop there": (
        gain_nothing,
        REPRODUCED,
    ),
    "lowering the rate ends the jumping of the loss": (go_on_jumping, NOT_REPRODUCED),
    "Adam adapts its steps, so a plateau rule may be redundant with it": (gain_nothing, REPRODUCED),
    "models often benefit from a rate reduced by a factor of 2 to 10 once learning stagnates": (
        end_no_better,
        NOT_REPRODUCED,
    ),
}


@each_claim_of(plateau)
def test_a_verdict_turns_when_the_record_does(claim):
    assert_turns(claim, *TAMPERED[claim.claim])
