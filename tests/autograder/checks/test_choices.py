"""Questions with options and numbers: points for each option, and no answer in any message."""

import math

import pytest
import torch

from autograder.checks.choices import choice, selection, shown
from autograder.checks.numbers import is_number, number
from autograder.checks.options import Options
from autograder.judge.verdict import StudentFailure

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
    [(["A", "C"], 2), (["c", "A", "a"], 2), (["A"], 1.5), (["B"], 0.5), (["A", "B"], 1)],
)
def test_each_option_counts(value, points):
    assert select(value)[0] == points


@pytest.mark.parametrize("value", [[], list("ABCD"), "AC", ["A", "E"], [["A"]], {"A": "C"}])
def test_selections_that_say_nothing(value):
    assert select(value)[0] == 0


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


@pytest.mark.parametrize("value", [1, 1.5, torch.tensor(2.0), torch.ones(1, 1)])
def test_what_is_a_number(value):
    assert is_number(value)
    assert number(Answered(value), "answer", 1, math.isfinite, "no")[0].earned == 1


def test_a_quoted_value_is_short_and_on_one_line():
    assert len(shown("x" * 1000)) < 90
    assert "\n" not in shown(torch.zeros(5, 5))
