"""The practice test of the book is what the bank gives for the id "practice", now."""

from autograder.checks.lr_test.keys import key_of
from autograder.checks.lr_test.practice import QUIZ, practice_test
from lrlab import quiz
from lrlab.assignments.questions import draw


def test_the_committed_practice_test_is_fresh():
    assert QUIZ.read_text(encoding="utf-8") == practice_test(), "run `make release`"


def test_it_asks_what_the_student_called_practice_is_asked(monkeypatch):
    monkeypatch.chdir(QUIZ.parents[2])
    asked, drawn = quiz.load("practice_test"), draw("practice").questions
    assert [each.prompt for each in asked] == [each.prompt for each in drawn]
    for question, source in zip(asked, drawn, strict=True):
        (right,) = (option for option in question.options if option.correct)
        key = key_of(source)
        if source.options:
            assert right.text == dict(source.options)[key.right]
        else:
            assert float(right.text) == float(f"{key.right:.4g}")
        assert len(question.options) == 4
