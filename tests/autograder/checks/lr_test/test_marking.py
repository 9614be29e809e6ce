"""Marking the ten-question test: what each answer earns, and what whoever gave it hears."""

import math

import pytest

from autograder.checks.lr_test.keys import as_text, key_of
from autograder.checks.lr_test.marking import answer_key, mark
from autograder.judge.verdict import StudentFailure
from lrlab.assignments.questions import draw
from lrlab.assignments.questions.question import LETTERS, Question

ADAS = draw("ada").code


class Answered:
    """A student with these ids, one or more with spaces between them, and these variables."""

    def __init__(self, ids, **variables):
        self.ids = ids.split()
        self._variables = variables

    def variable(self, name):
        if name not in self._variables:
            raise StudentFailure(f"`{name}` does not exist")
        return self._variables[name]


def asked(template: str, values: dict) -> tuple[str, int, Question]:
    """Return a student who is asked ``template`` with these values, at which place, and how."""
    for number in range(10_000):
        student = f"student-{number}"
        for place, question in enumerate(draw(student).questions, 1):
            if question.template == template and question.values == question.values | values:
                return student, place, question
    raise AssertionError(f"nobody is asked {template} with {values}")


def first_with_a_number(student: str) -> tuple[int, Question]:
    """Return the first of a student's questions that asks for a number, and its place."""
    questions = enumerate(draw(student).questions, 1)
    return next((place, each) for place, each in questions if not each.options)


def marked(ids: str, place: int, **variables) -> tuple[float, str]:
    """Return points and message for one answer."""
    (part,) = mark(Answered(ids, **variables), place)
    assert part.points == 1
    return part.earned, part.message


TOO_LOW = {
    "train": [2.3, 2.28, 2.25, 2.21, 2.17, 2.12],
    "validation": [2.29, 2.27, 2.23, 2.19, 2.15, 2.1],
}
A_TENTH_TWICE = {"rate": 0.4, "step_size": 15, "gamma": 0.1, "epoch": 44}
ADAM = {"optimizer": "Adam", "weight": 2.0, "rate": 0.01, "decay": 0.05}


@pytest.mark.parametrize(
    ("template", "values", "option", "points", "message"),
    [
        (
            "diagnosis",
            {"curves": TOO_LOW},
            "high",
            0,
            "A rate that is too high throws the training loss far above",
        ),
        ("diagnosis", {"curves": TOO_LOW}, "low", 1, "Yes. It takes both curves"),
    ],
)
def test_an_option_and_what_it_hears(template, values, option, points, message):
    student, place, question = asked(template, values)
    letter = LETTERS[[name for name, _ in question.options].index(option)]
    for answer in (letter, letter.lower()):
        earned, said = marked(student, place, **{f"answer_{place}": answer})
        assert earned == points
        assert said.startswith(f"You chose {letter}. {message}")


@pytest.mark.parametrize(
    ("template", "values", "answer", "points", "message"),
    [
        ("step_decay_rate", A_TENTH_TWICE, 0.004, 1, "this counts"),
        ("step_decay_rate", A_TENTH_TWICE, 0.00403, 1, "this counts"),
        (
            "step_decay_rate",
            A_TENTH_TWICE,
            0.0041,
            0,
            "not what PyTorch and lrlab get for these numbers. Read chapter 8, Code.",
        ),
        ("step_decay_rate", A_TENTH_TWICE, 0.04, 0, "That multiplies by gamma once."),
        (
            "loss_of_guessing",
            {"classes": 100},
            2,
            0,
            "That is the logarithm to base 10. PyTorch's loss takes the natural one.",
        ),
        ("steps_of_a_run", {}, 9360.5, 0, "It should be a whole number"),
        ("decay_step", ADAM, -0.01, 1, "this counts"),
        ("decay_step", ADAM, -0.001, 0, "You took one kind of decay for the other."),
        ("decay_step", ADAM, math.nan, 0, "not what PyTorch and lrlab get"),
        ("wrong_mode", {}, 0, 0, "the scheduler waits for something that gets smaller"),
        ("loaded_rate", {}, None, 0, "has no value yet"),
        ("loaded_rate", {}, "0.1", 0, "it should be one number"),
    ],
)
def test_a_number_and_what_it_hears(template, values, answer, points, message):
    student, place, _ = asked(template, values)
    earned, said = marked(student, place, **{f"answer_{place}": answer})
    assert (earned, message in said) == (points, True), said


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"student_id": "bob"},
            "you answered the questions of 'bob', but yours are drawn for 'ada'",
        ),
        ({"student_id": "bob", "test_code": ADAS}, "the questions of 'bob'"),
        ({"student_id": 20231234}, "the questions of '20231234'"),
        ({"test_code": "QQQQ"}, "your `test_code` is 'QQQQ', which stands for other questions"),
    ],
)
def test_somebody_elses_questions_are_called_that(variables, message):
    with pytest.raises(StudentFailure, match=message) as failure:
        mark(Answered("ada", **variables), 3)
    asked = variables.get("student_id") or variables["test_code"]
    assert f"'{asked}' were answered, but the id here is 'ada'" in failure.value.problem
    assert "`same_person` in nbgrader_config.py" in failure.value.problem


def test_the_right_id_with_another_code_is_told_from_another_person():
    with pytest.raises(StudentFailure) as failure:
        mark(Answered("ada", student_id="ada", test_code="QQQQ"), 3)
    assert "'QQQQ' were answered" in failure.value.problem
    assert "another version of lrlab" in failure.value.problem
    assert "same_person" not in failure.value.problem


def test_a_letter_of_another_alphabet_is_named():
    with pytest.raises(StudentFailure) as failure:
        mark(Answered("ada", student_id="ad\u0430"), 3)
    assert "(letter 3 is a CYRILLIC SMALL LETTER A) were answered" in failure.value.problem


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"student_id": None, "test_code": None},
        {"student_id": " ada ", "test_code": f" {ADAS.lower()} "},
        {"student_id": "\u200fADA\u200e", "test_code": [ADAS]},
        {"test_code": f"\u200b{ADAS.lower()}\xa0"},
    ],
)
def test_ones_own_questions_are_marked(variables):
    question = draw("ada").questions[2]
    assert not question.options
    assert marked("ada", 3, answer_3=key_of(question).right, **variables)[0] == 1


@pytest.mark.parametrize(
    "variables",
    [
        {"student_id": "Eve"},
        {"test_code": draw("eve").code},
        {"student_id": "eve", "test_code": draw("eve").code},
    ],
)
def test_the_questions_of_another_id_count_when_the_instructor_says_that_it_is_the_same_person(
    variables,
):
    place, question = first_with_a_number("eve")
    answer = {f"answer_{place}": key_of(question).right}
    assert marked("eve@uni.example eve", place, **variables, **answer)[0] == 1
    with pytest.raises(StudentFailure):
        mark(Answered("eve@uni.example", **variables, **answer), place)
    with pytest.raises(StudentFailure, match="'mallory'"):
        mark(Answered("eve@uni.example eve", student_id="mallory", **answer), place)


@pytest.mark.parametrize(
    ("folder", "typed"),
    [("bob.ray", "Bob.Ray"), ("jose\u0301", "jos\xe9"), ("20231234", 20231234)],
)
def test_an_id_in_another_form_is_the_same_persons(folder, typed):
    place, question = first_with_a_number(folder)
    answer = {f"answer_{place}": key_of(question).right}
    assert marked(folder, place, student_id=typed, test_code=draw(typed).code, **answer)[0] == 1


def test_the_instructor_can_read_a_students_key():
    text = answer_key("ada")
    assert text.startswith(f"The test of ada, code {ADAS}.")
    assert text.count("\nAnswer: ") == 10
    for question in draw("ada").questions:
        assert question.prompt in text
        assert f". {key_of(question).reason}" in text
    assert f"Answer: {as_text(key_of(draw('ada').questions[2]).right)}. " in text
