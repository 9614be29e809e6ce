"""Drawings: a long label is cut where people would cut it."""

import pytest

from autograder.report.charts import bars


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Question 3: is 0.5 too high?", "Question 3: is 0.5 too high?"),
        (
            "Question 4: a program that does not learn, part 2",
            "Question 4: a program that does not…, part 2",
        ),
        (
            "Question 1: what does the learning rate scale, and why?",
            "Question 1: what does the learning rate…",
        ),
        ("x" * 60, "x" * 45 + "…"),
    ],
)
def test_a_label_is_cut_between_words_and_says_which_part_it_is(label, expected):
    (row,) = bars("Difficulty", "share", [(label, "50 %", 50, None)], 100, [0, 100]).rows
    assert row.label == expected
