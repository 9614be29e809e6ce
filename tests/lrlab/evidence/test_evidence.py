"""The claims of all chapters: they are found, complete, tested, and rest on records."""

import subprocess
import sys
from importlib import import_module

import pytest

from lrlab import evidence
from lrlab.evidence import CLAIMS
from lrlab.evidence.claim import NOT_REPRODUCED, OTHER_REGIME, REPRODUCED, Claim, verdicts

CHAPTERS = {chapter.__name__.rsplit(".", 1)[1]: chapter for chapter in evidence.chapters()}


def test_every_chapter_of_the_book_has_a_module_named_by_its_slug(course):
    files = sorted(path.stem for path in (course / "book").glob("[0-9]*.ipynb"))
    assert [f"{module.CHAPTER:02}_{slug}" for slug, module in CHAPTERS.items()] == files


def test_the_claims_come_in_the_order_of_the_chapters():
    assert [claim for chapter in CHAPTERS.values() for claim in chapter.CLAIMS] == list(CLAIMS)
    assert all(chapter.CLAIMS for chapter in CHAPTERS.values())


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_claim_has_a_change_of_its_records_that_turns_it(slug):
    tampered = import_module(f"evidence.test_{slug}").TAMPERED
    assert list(tampered) == [claim.claim for claim in CHAPTERS[slug].CLAIMS]


def test_there_are_enough_rows_and_each_has_its_records(course):
    assert len(CLAIMS) >= 30
    assert len({claim.claim for claim in CLAIMS}) == len(CLAIMS)
    for claim in CLAIMS:
        assert claim.records
        for record in claim.load():
            assert len(record.seeds) >= 3
            assert (course / "book" / "runs" / f"{record.document['name']}.json").is_file()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.claim)
def test_a_claim_says_whose_it_is_and_how_its_verdict_is_computed(claim):
    assert claim.source
    assert len(claim.published) > 1 and claim.published not in ("no figure", "not claimed there")
    assert claim.rule.startswith("reproduced ") or "; reproduced when " in claim.rule
    assert claim.rule.endswith(".")
    assert ("; other regime when" in claim.rule) == (claim.other_regime is not Claim.other_regime)


def test_all_three_verdicts_occur():
    assert set(verdicts(CLAIMS)) == {REPRODUCED, OTHER_REGIME, NOT_REPRODUCED}


def test_the_links_lead_to_works_of_the_reference_list(course):
    listed = (course / "book" / "references.bib").read_text(encoding="utf-8")
    for claim in CLAIMS:
        if "arxiv.org/abs/" in claim.source:
            number = claim.source.split("arxiv.org/abs/")[1].split(")")[0]
            assert number in listed, claim.source


def test_reading_the_evidence_loads_no_trainer():
    code = "import sys, lrlab.evidence; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    trainers = {"torch", "lrlab.runs.pool", "lrlab.runs.sweep", "lrlab.runs.summary"}
    assert not trainers & set(done.stdout.split())
