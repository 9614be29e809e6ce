"""The table of claims as a page shows it."""

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab import runs
from lrlab.evidence import CLAIMS, rules, show, summary
from lrlab.evidence.claim import REPRODUCED, verdicts
from lrlab.evidence.table import table


def test_the_table_has_a_row_for_each_claim():
    head, rule, *rows = table(CLAIMS).splitlines()
    assert head.count("|") == rule.count("|") == 6
    assert len(rows) == len(CLAIMS)
    for row, claim in zip(rows, CLAIMS, strict=True):
        assert row.startswith(f"| {claim.claim} (") and row.count(" | ") == 4
        assert "None" not in row and "nan" not in row
    assert "| 2.312 ± 0.004 | 5 seeds, MNIST | **reproduced** |" in rows[0]
    assert len(rules(CLAIMS).splitlines()) == len(CLAIMS)


def test_the_table_is_shown_as_html_in_a_frame_that_a_keyboard_can_scroll():
    InteractiveShell.instance()
    with capture_output() as captured:
        show(CLAIMS)
    (output,) = captured.outputs
    html = output.data["text/html"]
    assert html.count("<tr>") == len(CLAIMS) + 1
    assert '<a href="https://arxiv.org/abs/1206.5533">Bengio 2012</a>' in html
    assert 'tabindex="0" role="region"' in html


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
