"""``expect`` shows one sentence and no stack trace."""

import pytest

from lrlab.assignments.expect import CheckFailed, expect


def test_what_holds_is_silent(capsys):
    expect([1], "never shown")
    assert capsys.readouterr().out == ""


def test_what_fails_says_its_sentence():
    with pytest.raises(CheckFailed, match="^It should be a letter.$"):
        expect("", "It should be a letter.")


def test_a_notebook_shows_the_sentence_alone():
    failure = CheckFailed("It should be a letter.")
    assert failure._render_traceback_() == ["Not yet: It should be a letter."]
    assert isinstance(failure, AssertionError)
