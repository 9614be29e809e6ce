"""Changes of records, and whether the verdict on a claim turns with them."""

import copy
from collections.abc import Callable, Iterable
from types import ModuleType

import pytest

from lrlab.evidence.claim import Claim
from lrlab.runs.record import Record


def each_claim_of(chapter: ModuleType) -> pytest.MarkDecorator:
    """Run a test once with each claim of a chapter."""
    return pytest.mark.parametrize("claim", chapter.CLAIMS, ids=lambda claim: claim.claim)


def assert_turns(claim: Claim, tamper: Callable[..., object], verdict: str) -> None:
    """Assert that the claim has another verdict now, and this one after its records changed."""
    records = claim.load()
    before = claim.verdict(claim.measure(*records))
    changed = copy.deepcopy(records)
    tamper(*changed)
    finding = claim.measure(*changed)
    assert claim.verdict(finding) == verdict != before, finding.numbers


def scale(record: Record, quantity: str, factor: float, rates: Iterable[float] = ()) -> None:
    """Multiply one measured quantity, at some rates or, when none is named, at all of them."""
    for result in record.results:
        if not rates or result["learning_rate"] in rates:
            spread = result[quantity]
            spread["mean"] = factor * spread["mean"] if spread["mean"] is not None else None
            spread["values"] = [v if v is None else factor * v for v in spread["values"]]


def diverge(record: Record, count: int, rate: float) -> None:
    """Say that ``count`` seeds diverged at a rate."""
    record.at(rate)["diverged"] = count


def move_best(record: Record, rate: float) -> None:
    """Make ``rate`` the best one, with the loss that the best one had."""
    old, new = record.at(record.best), record.at(rate)
    old["test_loss"], new["test_loss"] = new["test_loss"], old["test_loss"]
