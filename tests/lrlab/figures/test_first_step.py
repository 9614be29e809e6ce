"""The first step in print: what lies above the paper, and the words for who cannot see it."""

from pathlib import Path

import pytest

from lrlab import runs
from lrlab.figures import first_step


@pytest.fixture
def record(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])
    return runs.load("mnist_first_step")


def test_first_step_says_what_lies_above_its_axis(record):
    (axes,) = first_step.picture(record).axes
    assert any("at 10: 4.1" in text.get_text() for text in axes.texts)
    assert axes.get_title(loc="left") == "One step of SGD, batch of 64 (MNIST)"


def test_the_words_name_the_best_single_step_and_where_a_step_begins_to_harm(record):
    words = first_step.alt(record)
    assert "falls slowly up to a rate of 2 and rises steeply above 5." in words


def test_the_browser_gets_the_record_as_it_is(record):
    assert first_step.state(record) == record.document
