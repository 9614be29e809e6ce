"""Questions with options and numbers: points for each option, and no answer in any message."""

import math

import pytest
import torch

from autograder.checks.choices import choice, selection, shown
from autograder.checks.numbers import number
from autograder.checks.options import Options
from autograder.judge.verdict import StudentFailure
from lrlab.assignments.answers import is_number
from lrlab.assignments.expect import CheckFailed, expect

FEEDBACK = {"A": "about a", "B": "about b", "C": "about c", "D": "about d"}


class Answered:
    """A student with one variable."""

    def __init__(self, value):
        self.value = value

    def variable(self, name):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


def choose(value):
    """Return points and messages for one letter; B is right."""
    parts = choice(Answered(value), Options("answer", frozenset("B"), FEEDBACK), 2)
    return sum(each.earned for each in parts), " ".join(each.message for each in parts)


def select(value):
    """Return points and messages for a selection; A and C are right."""
    asked = Options("answer", frozenset("AC"), FEEDBACK, "one is missing")
    parts = selection(Answered(value), asked, 0.5)
    assert sum(each.points for each in parts) == 2
    return sum(each.earned for each in parts), [each.message for each in parts]


@pytest.mark.parametrize("value", ["B", "b", " B "])
def test_the_right_letter(value):
    assert choose(value) == (2, "You chose B. about b")


@pytest.mark.parametrize(
    "value",
    [
        "\N{CYRILLIC CAPITAL LETTER VE}",
        "\N{CYRILLIC SMALL LETTER VE}",
        "\N{GREEK CAPITAL LETTER BETA}",
        "\N{FULLWIDTH LATIN CAPITAL LETTER B}",
        "\N{FULLWIDTH LATIN SMALL LETTER B}",
        "\N{MATHEMATICAL BOLD CAPITAL B}",
        "\N{CIRCLED LATIN CAPITAL LETTER B}",
        "B\N{NO-BREAK SPACE}",
        "\N{ZERO WIDTH SPACE}B",
        "'B'",
        "(b)",
        "B.",
        "**B**",
        "\N{LEFT DOUBLE QUOTATION MARK}B\N{RIGHT DOUBLE QUOTATION MARK}",
    ],
)
def test_a_letter_that_looks_like_the_right_one_is_the_right_one(value):
    assert choose(value) == (2, "You chose B. about b")
    assert select(["A", value])[0] == select(["A", "B"])[0]


@pytest.mark.parametrize(
    ("letter", "value"),
    [
        ("A", "\N{CYRILLIC CAPITAL LETTER A}"),
        ("A", "\N{GREEK SMALL LETTER ALPHA}"),
        ("C", "\N{CYRILLIC SMALL LETTER ES}"),
        ("C", "\N{FULLWIDTH LATIN CAPITAL LETTER C}"),
        ("D", "\N{CYRILLIC SMALL LETTER KOMI DE}"),
    ],
)
def test_each_letter_has_look_alikes(letter, value):
    assert choose(value) == choose(letter)


@pytest.mark.parametrize("value", ["\N{CYRILLIC CAPITAL LETTER BE}", "A B", "A, B", "B or C", "8"])
def test_what_does_not_look_like_one_letter_is_none(value):
    points, message = choose(value)
    assert points == 0 and "it should be one of A, B, C, D, in quotes" in message


def test_a_wrong_letter_hears_about_itself_only():
    points, message = choose("D")
    assert (points, message) == (0, "You chose D. about d")


@pytest.mark.parametrize("value", ["E", "", 2, ["B"], True, "BB", torch.zeros(2)])
def test_what_is_no_letter(value):
    points, message = choose(value)
    assert points == 0
    assert "it should be one of A, B, C, D, in quotes" in message


@pytest.mark.parametrize("ask", [choose, select])
def test_no_answer(ask):
    assert ask(None)[0] == 0
    assert ask(StudentFailure("`answer` does not exist"))[0] == 0


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (["A", "C"], 2),
        (["c", "A", "a"], 2),
        (["A"], 1.5),
        (["B"], 0.5),
        (["A", "B"], 1),
        ("a, c", 2),
        ("A C", 2),
        ("['A', 'C']", 2),
    ],
)
def test_each_option_counts(value, points):
    assert select(value)[0] == points


@pytest.mark.parametrize(
    "value",
    [[], list("ABCD"), "a, b, c, d", "AC", "A", "A and C", "", ["A", "E"], [["A"]], {"A": "C"}],
)
def test_selections_that_say_nothing(value):
    assert select(value)[0] == 0


VALUES = [
    None,
    "",
    "A",
    "b",
    " c ",
    "(d)",
    "E",
    "AB",
    "a, b",
    "B or C",
    "abcd",
    2,
    True,
    torch.zeros(2),
]
VALUES += [[], ["a"], ["A", "A"], ["A", " b"], ["AB"], ["E"], [["A"]], list("ABCD"), {"A": "C"}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_visible_check_takes_what_the_judge_takes(value):
    for judged, visible in ((choose, expect.letter), (select, expect.several)):
        said = "".join(judged(value)[1])
        taken = not any(each in said for each in ("should be", "no answer", "every option"))
        try:
            visible("answer", value, "ABCD")
        except CheckFailed:
            assert not taken
        else:
            assert taken


def test_an_option_that_was_left_out_is_not_named():
    _, messages = select(["B"])
    assert messages == [
        "You chose B. about b",
        "You left out one that does not belong here.",
        "one is missing",
        "one is missing",
    ]


def test_numbers_may_be_options():
    asked = Options("answer", frozenset({2.0}), {2.0: "two", 0.1: "tenth"}, "one")
    parts = selection(Answered([2, 0.1]), asked, 1)
    assert parts[0].message.startswith("`answer` is [2, 0.1]") or parts[0].earned == 0
    parts = selection(Answered([2]), asked, 1)
    assert [each.earned for each in parts] == [1, 1]


@pytest.mark.parametrize("value", [math.nan, "1", None, True, torch.ones(2), [1]])
def test_what_is_no_right_number(value):
    parts = number(Answered(value), "answer", 1, math.isfinite, "It should be finite.")
    assert [each.earned for each in parts] == [0]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("0.5", "`answer` is '0.5'; it should be one number, without quotes."),
        ("1e-3", "it should be one number, without quotes."),
        ("0,5", "it should be one number, without quotes and with a decimal point."),
        (
            [0, 5],
            "`answer` is [0, 5]; it should be one number; if you meant a decimal comma, write a",
        ),
        ("about 1", "`answer` is 'about 1'; it should be one number."),
        ([0, 5, 0], "it should be one number."),
    ],
)
def test_a_number_written_in_another_way_is_named(value, hint):
    (said,) = number(Answered(value), "answer", 1, math.isfinite, "no")
    assert said.earned == 0 and hint in said.message


@pytest.mark.parametrize("value", [1, 1.5, torch.tensor(2.0), torch.ones(1, 1)])
def test_what_is_a_number(value):
    assert is_number(value)
    assert number(Answered(value), "answer", 1, math.isfinite, "no")[0].earned == 1


def test_a_quoted_value_is_short_and_on_one_line():
    assert len(shown("x" * 1000)) < 90
    assert "\n" not in shown(torch.zeros(5, 5))
