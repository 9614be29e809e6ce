"""The evidence table: every verdict follows from its records, and turns when they do."""

import copy
import json
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab import evidence, runs
from lrlab.evidence import NOT_REPRODUCED, OTHER_REGIME, REPRODUCED, Claim, Finding
from lrlab.evidence.claims import CLAIMS

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def course(monkeypatch):
    monkeypatch.chdir(ROOT)


def scale(record: dict, quantity: str, factor: float, rates=None) -> None:
    """Multiply one measured quantity, at some rates or at all of them."""
    for result in record["results"]:
        if rates is None or result["learning_rate"] in rates:
            spread = result[quantity]
            spread["mean"] = factor * spread["mean"] if spread["mean"] is not None else None
            spread["values"] = [v if v is None else factor * v for v in spread["values"]]


def diverge(record: dict, count: int, rates=None) -> None:
    for result in record["results"]:
        if rates is None or result["learning_rate"] in rates:
            result["diverged"] = count


def move_best(record: dict, rate: float) -> None:
    """Make ``rate`` the best one, with the loss that the best one had."""
    results = {each["learning_rate"]: each for each in record["results"]}
    old, new = results[record["best"]], results[rate]
    old["test_loss"], new["test_loss"] = new["test_loss"], old["test_loss"]


# For each claim, in the table's order: a change of its records, and the verdict afterwards.
TAMPERED = {
    "a fresh ten-class network has a loss of ln 10": (
        lambda first: scale(first, "loss_before", 1.02),
        NOT_REPRODUCED,
    ),
    "a short step lowers the loss in proportion to its rate": (
        lambda first: scale(first, "loss_after", 0.999, [0.03]),
        NOT_REPRODUCED,
    ),
    "a healthy update is about a thousandth of the weights": (
        lambda first, sgd: scale(first, "update_ratio", 0.05),
        REPRODUCED,
    ),
    "the loss is U-shaped in the learning rate, with a sharp rise on the right": (
        lambda sgd: scale(sgd, "test_loss", 0.01, [1.0, 2.2, 4.6, 10.0]),
        NOT_REPRODUCED,
    ),
    "a grid with a factor of 2 between rates is fine enough": (
        lambda *us: scale(us[3], "test_loss", 3, [0.001, 0.0022, 0.0046, 0.022]),
        NOT_REPRODUCED,
    ),
    "the best rate is close to the largest one that does not diverge": (
        lambda sgd, momentum: move_best(sgd, 0.046),
        OTHER_REGIME,
    ),
    "the same, for adaptive optimizers": (
        lambda *us: [diverge(us[0], 3, [0.0046]), diverge(us[2], 3, [0.022])],
        REPRODUCED,
    ),
    "a rate of 0.5 is too high": (lambda *us: diverge(us[0], 5, [0.46]), REPRODUCED),
    "if the loss is stuck at 0.1, lower the rate to 0.01": (
        lambda *us: scale(us[2], "test_loss", 0.01, [0.1]),
        NOT_REPRODUCED,
    ),
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
    "one cycle needs fewer steps": (
        lambda constant, cycle: scale(cycle, "test_loss", 1.3),
        NOT_REPRODUCED,
    ),
    "a constant rate with a cooldown does as well as a cosine": (
        lambda cosine, rest: scale(rest, "test_loss", 1.24),
        REPRODUCED,
    ),
    "dividing the rate by ten at half and at three quarters pays": (
        lambda constant, multi: scale(multi, "test_loss", 0.7),
        REPRODUCED,
    ),
    "for Adam on CIFAR-10, 0.001 is better than 0.0001 and 0.01": (
        lambda case: scale(case, "lowest_loss", 0.7, [0.0001]),
        NOT_REPRODUCED,
    ),
    "twenty epochs of Adam at 0.001 reach 80 % and 0.8": (
        lambda case: scale(case, "lowest_loss", 0.8, [0.001]),
        OTHER_REGIME,
    ),
    "learning rate, schedule and number of epochs alone reach 80 % and 0.8": (
        lambda frontier: scale({"results": frontier["finalists"]}, "lowest_loss", 0.9),
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


def test_there_are_enough_rows_and_each_has_its_records():
    assert len(CLAIMS) >= 10
    assert len({claim.claim for claim in CLAIMS}) == len(CLAIMS)
    assert {claim.claim for claim in CLAIMS} == TAMPERED.keys()
    for claim in CLAIMS:
        assert claim.records
        for record in claim.load():
            assert len(record["seeds"]) >= 3
            assert (ROOT / "book" / "runs" / f"{record['name']}.json").is_file()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.claim)
def test_a_verdict_turns_when_the_record_does(claim):
    records = claim.load()
    before = claim.verdict(claim.measure(*records))
    tamper, verdict = TAMPERED[claim.claim]
    changed = copy.deepcopy(records)
    tamper(*changed)
    finding = claim.measure(*changed)
    assert claim.verdict(finding) == verdict != before, finding.numbers


def test_all_three_verdicts_occur():
    assert set(evidence.verdicts(CLAIMS)) == {REPRODUCED, OTHER_REGIME, NOT_REPRODUCED}


def test_the_table_has_a_row_for_each_claim():
    head, rule, *rows = evidence.table(CLAIMS).splitlines()
    assert head.count("|") == rule.count("|") == 6
    assert len(rows) == len(CLAIMS)
    for row, claim in zip(rows, CLAIMS, strict=True):
        assert row.startswith(f"| {claim.claim} (") and row.count(" | ") == 4
        assert "None" not in row and "nan" not in row
    assert "| 2.312 ± 0.004 | 5 seeds, MNIST | **reproduced** |" in rows[0]
    assert len(evidence.rules(CLAIMS).splitlines()) == len(CLAIMS)


def test_the_table_is_shown_as_html_in_a_frame_that_a_keyboard_can_scroll():
    InteractiveShell.instance()
    with capture_output() as captured:
        evidence.show(CLAIMS)
    (output,) = captured.outputs
    html = output.data["text/html"]
    assert html.count("<tr>") == len(CLAIMS) + 1
    assert '<a href="https://arxiv.org/abs/1206.5533">Bengio 2012</a>' in html
    assert 'tabindex="0" role="region"' in html


def test_the_links_lead_to_works_of_the_reference_list():
    listed = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    for claim in CLAIMS:
        if "arxiv.org/abs/" in claim.source:
            number = claim.source.split("arxiv.org/abs/")[1].split(")")[0]
            assert number in listed, claim.source


def test_a_missing_record_stops_the_page(tmp_path, monkeypatch):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "experiments.yml").write_text("{}")
    (tmp_path / "runs" / "other.json").write_text(json.dumps({}))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(runs.RunError, match="'mnist_first_step' is not recorded"):
        evidence.table(CLAIMS)


def test_the_second_criterion_is_asked_when_the_first_fails():
    claim = Claim(
        claim="",
        source="",
        published="",
        records=(),
        measure=lambda: Finding("", {}),
        reproduced=lambda numbers: numbers["x"] > 2,
        other_regime=lambda numbers: numbers["x"] > 1,
        rule="",
    )
    for x, verdict in ((3, REPRODUCED), (1.5, OTHER_REGIME), (0, NOT_REPRODUCED)):
        assert claim.verdict(Finding("", {"x": x})) == verdict
