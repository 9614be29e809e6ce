"""The plateau rule against torch's own scheduler, value for value."""

import math
import random

import pytest
import torch

from lrlab import plateau

CURVES = {
    "falls for ever": [1 / (n + 1) for n in range(30)],
    "flat": [0.5] * 30,
    "overfits": [1.0, 0.8, 0.7, 0.69, 0.7, 0.71, 0.72, 0.69, 0.75, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3],
    "better by less than the threshold": [0.5 - 1e-6 * n for n in range(30)],
    "noisy": [random.Random(3).random() for _ in range(60)],
    "not a number": [1.0, math.nan, math.nan, 0.9, math.nan, 1.0, 1.0],
    "negative": [-1.0, -1.00001, -1.1, -1.1, -1.1, -1.1],
    "empty": [],
}


def torchs_rates(values, factor, mode, **rule):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    # eps is torch's smallest change of a rate; 0 keeps it out of the comparison.
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode=mode, factor=factor, eps=0, **rule
    )
    rates = []
    for value in values:
        scheduler.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


@pytest.mark.parametrize("rule", [{}, {"patience": 2}, {"patience": 0, "cooldown": 3}], ids=str)
@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("curve", CURVES)
def test_falls_where_torchs_scheduler_falls(curve, mode, rule):
    values = CURVES[curve]
    fractions = [
        plateau.fraction(values[: end + 1], factor=0.5, mode=mode, **rule)
        for end in range(len(values))
    ]
    assert fractions == pytest.approx(torchs_rates(values, 0.5, mode, **rule), rel=1e-12)


def test_the_curves_make_the_rule_fall_now_and_then():
    counts = {name: len(plateau.reductions(curve, patience=2)) for name, curve in CURVES.items()}
    assert counts["falls for ever"] == counts["empty"] == 0 and counts["flat"] == 9
    assert counts["overfits"] == 3 and plateau.reductions(CURVES["overfits"], patience=2)[0] == 6


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="'min' for a loss, 'max' for an accuracy"):
        plateau.reductions([1.0], mode="minimum")
