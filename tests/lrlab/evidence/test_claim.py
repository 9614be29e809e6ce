"""A claim: its records, and the verdict by its own criteria."""

from lrlab.evidence.claim import (
    NOT_REPRODUCED,
    OTHER_REGIME,
    REPRODUCED,
    Claim,
    Finding,
    verdicts,
)

CLAIM = Claim(
    claim="",
    source="",
    published="",
    records=("mnist_sgd_u", "cifar_case"),
    measure=lambda sgd, case: Finding("", {"x": len(sgd.seeds) - len(case.seeds)}),
    reproduced=lambda numbers: numbers["x"] > 2,
    other_regime=lambda numbers: numbers["x"] > 1,
    rule="",
)


def test_the_second_criterion_is_asked_when_the_first_fails():
    for x, verdict in ((3, REPRODUCED), (1.5, OTHER_REGIME), (0, NOT_REPRODUCED)):
        assert CLAIM.verdict(Finding("", {"x": x})) == verdict


def test_a_verdict_is_computed_from_the_records_in_the_order_of_their_names():
    assert [record.document["name"] for record in CLAIM.load()] == ["mnist_sgd_u", "cifar_case"]
    assert verdicts([CLAIM]) == [OTHER_REGIME]  # five seeds, and three
