"""The table of claims as a page shows it."""

import json
import re

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab import evidence, runs
from lrlab.evidence import CLAIMS, show, summary
from lrlab.evidence.claim import REPRODUCED, verdicts
from lrlab.evidence.table import HEAD, table


def test_the_table_has_a_row_for_each_claim():
    html = table(CLAIMS)
    assert "None" not in html and "nan" not in html
    _, *rows = html.split("<tr>\n")
    assert len(rows) == len(CLAIMS)
    for row, claim in zip(rows, CLAIMS, strict=True):
        assert row.count("</td>") == HEAD.count("</th>") == 4
        for column in re.findall(r'data-column="(.*?)"', row):
            assert f"<th>{column}</th>" in HEAD
        assert all(f"<code>{name}</code>" in row for name in claim.records)
    assert rows[0].startswith("<td>a fresh ten-class network has a loss of ln 10 (<a href=")
    assert ">MNIST 2.312 ± 0.004, CIFAR-10 2.303 <small>(3 and 5 seeds, " in rows[0]
    assert "<strong>reproduced</strong>" in rows[0]
    assert "Reproduced when the mean on either data set is within 0.02 of ln 10." in rows[0]


def test_the_table_is_shown_as_html():
    InteractiveShell.instance()
    with capture_output() as captured:
        show(CLAIMS)
    (output,) = captured.outputs
    assert output.data["text/html"] == table(CLAIMS)
    assert '<a href="https://arxiv.org/abs/1206.5533">Bengio 2012</a>' in table(CLAIMS)


@pytest.mark.parametrize("chapter", evidence.chapters(), ids=lambda chapter: chapter.__name__)
def test_a_chapter_shows_its_rows_as_the_evidence_page_does(chapter):
    own = table(evidence.of(chapter.CHAPTER)).split("<tr>\n")[1:]
    own[-1] = own[-1].split("</tr>")[0]
    assert own and all(row in table(CLAIMS) for row in own)


@pytest.mark.parametrize("chapter", evidence.chapters(), ids=lambda chapter: chapter.__name__)
def test_a_caption_leads_to_the_evidence_of_its_chapter(course, chapter):
    html = table(chapter.CLAIMS, evidence.caption(chapter))
    (name, number), *_ = re.findall(
        r'<caption><a href="(.*?)#Evidence">Chapter (\d+)</a>: \w', html
    )
    assert (course / "book" / name).is_file() and int(number) == int(name[:2]) == chapter.CHAPTER


def test_a_chapter_without_evidence_is_an_error():
    with pytest.raises(ValueError, match="no evidence belongs to a chapter 99"):
        evidence.of(99)


def test_the_summary_counts_every_claim_once():
    counts = [part.rsplit(": ", 1) for part in summary(CLAIMS).split(", ")]
    assert sum(int(count) for _, count in counts) == len(CLAIMS)
    assert dict(counts)[REPRODUCED] == str(verdicts(CLAIMS).count(REPRODUCED))


def test_a_missing_record_stops_the_page(tmp_path, monkeypatch):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "experiments.yml").write_text("{}")
    (tmp_path / "runs" / "other.json").write_text(json.dumps({}))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(runs.RunError, match="'mnist_first_step' is not recorded"):
        table(CLAIMS)
