"""The curves that judge a plateau rule: each shows the slips that it is there to show."""

import zlib
from types import SimpleNamespace

import pytest
import torch

from autograder.checks.lr09_plateau.plateau_feedback import SLIPS, falls, name_slip, slipped
from autograder.checks.lr09_plateau.plateau_trials import (
    EPOCHS,
    curves,
    held_out,
    random_curves,
    train_with_plateau,
)
from autograder.checks.lr09_plateau.trigger_feedback import COUNTINGS
from lrlab import plateau

SHOWS = {  # for each curve, the slips that change its answer, whoever the student is
    "plateau": set(),
    "reset": {"no count", "fires on", "once", "forgets"},
    "best": {"last", "fires on", "once", "forgets"},
    "threshold": {"no threshold", "absolute", "creeps"},
    "nan": {"nan is better", "first is best"},
}


def student(seed: int) -> SimpleNamespace:
    """The random numbers of one submission."""

    def generator(purpose: str) -> torch.Generator:
        return torch.Generator().manual_seed(seed * 1_000_003 + zlib.crc32(purpose.encode()))

    return SimpleNamespace(generator=generator)


@pytest.mark.parametrize("name", SHOWS)
def test_a_curve_shows_its_slips_to_every_student(name):
    for seed in range(40):
        curve = curves(student(seed))[name]
        right = falls(curve.values, curve.patience, curve.threshold)
        assert right
        for slip in SHOWS[name]:
            assert slipped(curve.values, curve.patience, curve.threshold, slip) != right, slip


def test_the_rule_is_torchs_and_the_librarys():
    for seed in range(10):
        for curve in [*curves(student(seed)).values(), *random_curves(student(seed))]:
            found = plateau.reductions(
                curve.values, patience=curve.patience, threshold=curve.threshold
            )
            assert [each + 1 for each in found] == falls(
                curve.values, curve.patience, curve.threshold
            )


def test_every_slip_is_named():
    for slip, sentence in SLIPS.items():
        named = False
        for seed in range(10):
            for curve in curves(student(seed)).values():
                settings = (curve.values, curve.patience, curve.threshold)
                found = slipped(*settings, slip)
                if found != falls(*settings):
                    named = named or name_slip(found, *settings) == sentence
        assert named, slip


def test_no_two_ways_of_counting_look_the_same():
    for seed in range(20):
        made = curves(student(seed))
        answers = [
            [counting.falls(made[name]) for name in ("plateau", "reset")] for counting in COUNTINGS
        ]
        assert all(answers.count(answer) == 1 for answer in answers)


def test_held_out_data_leaves_no_doubt():
    for seed in range(3):
        data = held_out(student(seed))
        rates, losses, _ = train_with_plateau(data.trial, data.rate, data.images, data.better)
        assert rates == [data.rate] * EPOCHS and losses == sorted(losses, reverse=True)
        rates, losses, _ = train_with_plateau(data.trial, data.rate, data.images, data.worse)
        assert rates[3] == pytest.approx(data.rate / 10) and min(losses) == losses[0]
