"""Five U's: the same marks and colours in print and in the browser, small data, words that are true."""

import json
import re
from pathlib import Path

import pytest

from lrlab import runs
from lrlab.figures import optimizer_us

ROOT = Path(__file__).parents[3]


@pytest.fixture
def records(monkeypatch):
    monkeypatch.chdir(ROOT)
    return [runs.load(f"mnist_{name.lower()}_u") for name in optimizer_us.MARKS]


def test_each_record_is_named_by_its_optimizer(records):
    state = optimizer_us.state(*records)
    assert [each["name"] for each in state["optimizers"]] == list(optimizer_us.MARKS)
    assert len(json.dumps(state)) < 50_000
    for each, record in zip(state["optimizers"], records, strict=True):
        assert (each["best"], each["good"]) == (record.best, record.good)
        assert len(each["results"][0]["train_loss"]["mean"]) == len(state["steps"])


def test_print_and_browser_use_the_same_colours(records):
    source = (ROOT / "book/figures/optimizer_us.mjs").read_text(encoding="utf-8")
    assert re.findall(r'light: "(#\w+)"', source) == list(optimizer_us.COLOURS.values())
    lines = optimizer_us.picture(*records).axes[0].lines[: 2 * len(records) : 2]
    drawn = {line.get_label(): (line.get_marker(), line.get_color()) for line in lines}
    assert drawn == {
        name: (mark, optimizer_us.COLOURS[name]) for name, mark in optimizer_us.MARKS.items()
    }


def test_the_words_list_the_best_rates_from_low_to_high(records):
    assert optimizer_us.alt(*records).endswith(
        "near 0.002 (RMSprop), 0.005 (AdamW), 0.01 (Adam), 0.05 (momentum) and 0.2 (SGD), "
        "at losses from 0.064 to 0.076."
    )


def test_the_best_rates_are_filled_and_the_ticks_are_plain(records):
    axes = optimizer_us.picture(*records).axes[0]
    for record, line, best in zip(records, axes.lines[::2], axes.lines[1::2], strict=False):
        assert line.get_markerfacecolor() == "white" != best.get_markerfacecolor()
        assert list(best.get_xdata()) == record.best_rates
    ticks = [tick.get_text() for tick in axes.get_yticklabels()]
    assert ticks == ["0.1", "0.2", "0.5", "1", "ln 10"]
