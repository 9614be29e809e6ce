"""The keys of the ten-question test: one right answer each, confirmed by a second computation."""

import itertools
import math
import re

import pytest

from autograder.checks.lr_test.keys import as_text, feedback, key_of, optimizer_keys, run_keys
from autograder.checks.lr_test.marking import answer_key, lettered, mark
from autograder.judge.verdict import StudentFailure
from lrlab.assignments.questions import bank, draw, write_out

TEMPLATES = {each["id"]: each for each in bank()}
NUMBERS = [name for name, each in TEMPLATES.items() if each.get("answer") == "number"]
WHOLE = [name for name, each in TEMPLATES.items() if each.get("answer") == "whole"]
LETTERED = [name for name, each in TEMPLATES.items() if "options" in each]


def every_question(name: str) -> list:
    """Return the question with every combination of its values."""
    template = TEMPLATES[name]
    return [
        write_out(
            template, dict(zip(template["values"], each, strict=True)), template.get("options", {})
        )
        for each in itertools.product(*template["values"].values())
    ]


def plateau_falls(values, patience, threshold=0.0) -> list[int]:
    """Return the epochs, from 1, after which a plateau rule fires; written without lrlab."""
    found, best, waited = [], math.inf, 0
    for epoch, value in enumerate(values, 1):
        waited += 1
        if value < best * (1 - threshold):
            best, waited = value, 0
        if waited == patience + 1:
            found, waited = [*found, epoch], 0
    return found


def sign(number: float) -> float:
    return math.copysign(1, number)


# The same answers by other means: a formula instead of a run of PyTorch or lrlab.
SECOND = {
    "step_by_hand": lambda weight, gradient, rate: weight - rate * gradient,
    "length_of_the_step": lambda first, second, length: length * second / first,
    "loss_of_guessing": lambda classes: math.log(classes),
    "adam_first_step": lambda gradient, rate: -rate * sign(gradient),
    "rate_grid": lambda low, high, count: (high / low) ** (1 / (count - 1)),
    "largest_stable_rate": lambda curvature: 2 / curvature,
    "summed_loss": lambda rate, batch_size: rate / batch_size,
    "default_rate": lambda optimizer: 0.01 if optimizer in ("RMSprop", "Adagrad") else 0.001,
    "matching_rate": lambda rate, momentum: rate * (1 - momentum),
    "first_rmsprop_step": lambda gradient, rate: rate / math.sqrt(1 - 0.99),
    "decay_step": lambda optimizer, weight, rate, decay: (
        -rate if optimizer == "Adam" else -rate * decay * weight
    ),
    "step_decay_rate": lambda rate, step_size, gamma, epoch: (
        rate * gamma ** math.floor(epoch / step_size)
    ),
    "multi_step_rate": lambda rate, milestones, gamma, epoch: (
        rate * math.prod(gamma for each in milestones if each <= epoch)
    ),
    "cosine_rate": lambda rate, step: rate * math.cos(math.pi * step / 400) ** 2,
    "exponential_gamma": lambda start, end, epochs: math.exp(math.log(end / start) / epochs),
    "per_batch_stepping": lambda rate, batches, step_size, gamma: (
        rate * gamma ** math.floor(batches / step_size)
    ),
    "warmup_rate": lambda peak, warmup_steps, step: peak / warmup_steps * (step + 1),
    "rate_after_falls": lambda rate, factor, falls: rate * factor**falls,
    "loaded_rate": lambda saved, new, place: {"before": saved, "after": new}[place],
    "first_fall": lambda losses, patience: plateau_falls(losses, patience)[0],
    "falls_in_a_run": lambda best, patience: (20 - best) // (patience + 1),
    "wrong_mode": lambda accuracies, patience: patience + 2,
    "small_gains": lambda losses, patience, threshold: plateau_falls(losses, patience, threshold)[
        0
    ],
    "best_epoch": lambda curves: min(range(8), key=lambda epoch: curves["loss"][epoch]) + 1,
    "steps_of_a_run": lambda held_out, batch_size, epochs: (
        math.floor((50_000 - held_out) / batch_size) * epochs
    ),
}


def test_every_question_has_a_key_and_sentences():
    computed = {
        name
        for module in (optimizer_keys, run_keys)
        for name, function in vars(module).items()
        if callable(function) and getattr(function, "__module__", "") == module.__name__
    }
    assert computed >= TEMPLATES.keys() == feedback().keys()
    assert SECOND.keys() == {*NUMBERS, *WHOLE}


@pytest.mark.parametrize("name", [*NUMBERS, *WHOLE])
def test_a_number_is_confirmed_and_no_mistake_comes_near_it(name):
    whole = name in WHOLE
    for question in every_question(name):
        key = key_of(question)
        expected = SECOND[name](**question.values)
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
    assert answers == {
        "what_the_rate_changes": {"change"},
        "read_the_curve": {"low", "good", "high"},
        "where_next": {"up", "down", "take"},
        "optimizer_line": {"by_name"},
        "diagnosis": {"overfitting", "low", "high"},
        "call_order": {"clean", "wiped", "piled", "late"},
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_sentence_for_a_mistake_gives_the_answer_away(name):
    for question in every_question(name):
        key = key_of(question)
        right = dict(question.options).get(key.right) or as_text(key.right)
        for sentence in key.sentences.values():
            assert not re.search(rf"(?<![\w.]){re.escape(right)}(?!\w|\.\d)", sentence), sentence
        for text in (key.hint, key.reason, key.read, key.check, *key.steps):
            assert text and "{" not in text.replace("{1}{2}", "")


class Answered:
    """A student with these variables."""

    def __init__(self, name, **variables):
        self.name = name
        self._variables = variables

    def variable(self, name):
        if name not in self._variables:
            raise StudentFailure(f"`{name}` does not exist")
        return self._variables[name]


def marked(place, **variables) -> tuple[float, str]:
    """Return points and message for one answer of ada."""
    (part,) = mark(Answered("ada", **variables), place)
    assert part.points == 1
    return part.earned, part.message


@pytest.mark.parametrize(
    ("place", "answer", "points", "message"),
    [
        (1, "B", 0, "You chose B. A rate that is too high throws the training loss far above"),
        (1, "c", 1, "You chose C. Yes. It takes both curves"),
        (3, 0.004, 1, "this counts"),
        (3, 0.00403, 1, "this counts"),
        (3, 0.0041, 0, "not what PyTorch and lrlab get for these numbers. Read chapter 8, Code."),
        (3, 0.04, 0, "That multiplies by gamma once."),
        (5, 2, 0, "That is the logarithm to base 10. PyTorch's loss takes the natural one."),
        (6, 9360.5, 0, "It should be a whole number"),
        (8, -0.01, 1, "this counts"),
        (8, -0.001, 0, "You took one kind of decay for the other."),
        (8, math.nan, 0, "not what PyTorch and lrlab get"),
        (9, 0, 0, "the scheduler waits for something that gets smaller"),
        (10, None, 0, "`answer_10` has no value yet"),
        (10, "0.1", 0, "it should be one number"),
    ],
)
def test_an_answer_and_what_it_hears(place, answer, points, message):
    earned, said = marked(place, **{f"answer_{place}": answer})
    assert (earned, message in said) == (points, True), said


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"student_id": "bob"},
            "you answered the questions of 'bob', but yours are drawn for 'ada'",
        ),
        ({"student_id": "bob", "test_code": "L6RC"}, "the questions of 'bob'"),
        ({"test_code": "QQQQ"}, "your `test_code` is 'QQQQ', which stands for other questions"),
    ],
)
def test_somebody_elses_questions_are_called_that(variables, message):
    with pytest.raises(StudentFailure, match=message):
        marked(3, answer_3=0.004, **variables)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"student_id": None, "test_code": None},
        {"student_id": " ada ", "test_code": " l6rc "},
        {"student_id": 7, "test_code": ["L6RC"]},
    ],
)
def test_ones_own_questions_are_marked(variables):
    assert marked(3, answer_3=0.004, **variables)[0] == 1


def test_the_instructor_can_read_a_students_key():
    text = answer_key("ada")
    assert text.startswith("The test of ada, code L6RC.")
    assert text.count("\nAnswer: ") == 10
    assert "Answer: 0.004. The rate has been multiplied by gamma" in text
    assert all(question.prompt in text for question in draw("ada").questions)
