"""The keys of the ten-question test: one right answer each, confirmed by a second computation."""

import inspect
import itertools
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import second_answers

from autograder.checks import lr_test
from autograder.checks.lr_test.keys import as_text, key_of, sentences
from autograder.checks.lr_test.marking import lettered
from autograder.judge.verdict import CheckError
from lrlab.assignments import questions
from lrlab.assignments.questions import bank

CHAPTERS = sorted({each.chapter for each in bank()})
TEMPLATES = {each.name: each for each in bank()}
NUMBERS = [name for name, each in TEMPLATES.items() if each.answer == "number"]
WHOLE = [name for name, each in TEMPLATES.items() if each.answer == "whole"]
LETTERED = [name for name, each in TEMPLATES.items() if each.options]


def every_question(name: str) -> list:
    """Return the question with every combination of its values."""
    template = TEMPLATES[name]
    return [
        template.write_out(dict(zip(template.values, each, strict=True)), template.options)
        for each in itertools.product(*template.values.values())
    ]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_question_of_a_chapter_has_its_answer_and_its_sentences(chapter):
    name = f"chapter_{chapter:02}"
    asked = {each.name for each in bank() if each.chapter == chapter}
    module = import_module(f"{lr_test.__name__}.{name}")
    answered = {
        each
        for each, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not each.startswith("_")
    }
    assert asked == answered == sentences(name).keys()
    for each in asked:
        about = "options" if TEMPLATES[each].options else "mistakes"
        assert sentences(name)[each].keys() == {"read", "reason", about, "hint", "steps", "check"}
        assert all(it.keys() == {"feedback"} for it in sentences(name)[each][about].values())


def test_there_are_answers_and_sentences_for_no_other_chapter():
    expected = {f"chapter_{chapter:02}" for chapter in CHAPTERS}
    for package in (lr_test, questions):
        folder = Path(package.__file__).parent
        assert {path.stem for path in folder.glob("chapter_*.yml")} == expected
    assert {path.stem for path in Path(lr_test.__file__).parent.glob("chapter_*.py")} == expected
    assert second_answers.NUMBERS.keys() == {*NUMBERS, *WHOLE}


@pytest.mark.parametrize(
    ("value", "mistake", "message"),
    [
        ("rate", "rate", "a drawn number and a mistake are both called 'rate'; rename one"),
        ("right", "uphill", "the right answer and a drawn number are both called 'right'"),
        ("rate", "right", "the right answer and a mistake are both called 'right'"),
    ],
)
def test_a_name_for_two_things_is_refused(monkeypatch, value, mistake, message):
    (question, *_) = every_question("step_by_hand")
    chapter = import_module(f"{lr_test.__name__}.chapter_01")
    monkeypatch.setattr(chapter, "step_by_hand", lambda **values: (1.0, {mistake: 2.0}))
    with pytest.raises(CheckError, match=f"question 'step_by_hand' of chapter 1: {message}"):
        key_of(replace(question, values={value: 3.0}))


@pytest.mark.parametrize("name", [*NUMBERS, *WHOLE])
def test_a_number_is_confirmed_and_no_mistake_comes_near_it(name):
    whole = name in WHOLE
    for question in every_question(name):
        key = key_of(question)
        expected = second_answers.NUMBERS[name](**question.values)
        assert key.right == pytest.approx(expected, rel=0 if whole else 1e-4), question.values
        assert len(key.mistakes) == 3 and key.mistakes.keys() == key.sentences.keys()
        assert abs(key.right) > 1e-9
        for one, other in itertools.combinations([key.right, *key.mistakes.values()], 2):
            apart = 0.5 if whole else 0.03 * max(abs(one), abs(other))
            assert abs(one - other) > apart, (question.values, key)


@pytest.mark.parametrize("name", LETTERED)
def test_one_option_is_right_and_all_are_different(name):
    for question in every_question(name):
        key = key_of(question)
        texts = dict(question.options)
        assert len(set(texts.values())) == 4
        assert key.right in texts
        assert {*key.sentences, key.right} == texts.keys()
        right, sentences = lettered(question, key)
        assert sentences[right].startswith("Yes. ")
        assert [each for each in sentences.values() if each.startswith("Yes. ")] == [
            sentences[right]
        ]


def test_the_answers_to_lettered_questions_differ_where_the_numbers_decide():
    answers = {
        name: {key_of(question).right for question in every_question(name)} for name in LETTERED
    }
    assert answers == second_answers.RIGHT_OPTIONS


def test_a_solution_shows_the_drawn_number_and_not_a_mistake():
    """A mistake once had the name of a drawn number, and its value stood in the solution."""
    for question in every_question("falls_in_a_run"):
        shown = f"Each fall takes {question.values['patience']} + 1 of them"
        assert shown in key_of(question).steps[1]


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_sentence_for_a_mistake_gives_the_answer_away(name):
    for question in every_question(name):
        key = key_of(question)
        right = dict(question.options).get(key.right) or as_text(key.right)
        for sentence in key.sentences.values():
            assert not re.search(rf"(?<![\w.]){re.escape(right)}(?!\w|\.\d)", sentence), sentence
        for text in (key.hint, key.reason, key.read, key.check, *key.steps):
            assert text and "{" not in text.replace("{1}{2}", "")
