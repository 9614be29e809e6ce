"""Drawing the ten questions: the same for one student for ever, fair, and without any answer."""

from collections import Counter

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab.assignments import questions

STUDENTS = [f"student-{number}" for number in range(300)]
CHAPTERS = {1, 2, 6, 8, 9, 12}


def test_the_bank_is_large_enough_and_holds_no_answer():
    templates = questions.bank()
    assert len({each["id"] for each in templates}) == len(templates) >= 24
    per_chapter = Counter(each["chapter"] for each in templates)
    assert per_chapter.keys() == CHAPTERS and min(per_chapter.values()) >= 3
    for chapter in CHAPTERS:
        of_chapter = [each for each in templates if each["chapter"] == chapter]
        assert {each["difficulty"] for each in of_chapter} == {"easy", "medium", "hard"}
    keys = {"id", "chapter", "difficulty", "answer", "values", "prompt", "options"}
    for each in templates:
        assert each.keys() <= keys
        assert ("options" in each) != ("answer" in each)
        assert each.get("answer", "letter") in questions.FORMS


def test_every_draw_is_balanced():
    for student in STUDENTS:
        drawn = questions.draw(student).questions
        assert [each.difficulty for each in drawn] == (["easy"] * 4 + ["medium"] * 3 + ["hard"] * 3)
        assert {each.chapter for each in drawn} == CHAPTERS
        assert len({each.template for each in drawn}) == 10


def test_no_question_and_no_number_is_left_out():
    drawn = [each for student in STUDENTS for each in questions.draw(student).questions]
    counts = Counter(each.template for each in drawn)
    for template in questions.bank():
        assert counts[template["id"]] > 300 * 10 / 31 / 4, template["id"]
        for name, values in template["values"].items():
            seen = [each.values[name] for each in drawn if each.template == template["id"]]
            assert all(value in seen for value in values), (template["id"], name)
    places = Counter(
        [name for name, _ in each.options].index("change")
        for each in drawn
        if each.template == "what_the_rate_changes"
    )
    assert places.keys() == {0, 1, 2, 3}


def test_students_get_different_tests():
    codes = [questions.draw(student).code for student in STUDENTS]
    assert len(set(codes)) > 295  # four letters: two of 300 may share a code, a third hardly


def test_one_draw_is_frozen():
    """A change here changes the questions of everybody who has begun: not while a course runs."""
    test = questions.draw("ada")
    assert [each.template for each in test.questions] == [
        "diagnosis",
        "read_the_curve",
        "step_decay_rate",
        "multi_step_rate",
        "loss_of_guessing",
        "steps_of_a_run",
        "largest_stable_rate",
        "decay_step",
        "wrong_mode",
        "loaded_rate",
    ]
    assert test.questions[2].values == {"rate": 0.4, "step_size": 15, "gamma": 0.1, "epoch": 44}
    assert [name for name, _ in test.questions[0].options] == [
        "overfitting",
        "high",
        "low",
        "sound",
    ]
    assert questions.draw(" ada ") == test
    assert test.code == "L6RC"


def test_the_code_stands_for_what_is_shown(monkeypatch):
    before = questions.draw("ada").code
    templates = [dict(each) for each in questions.bank()]
    for each in templates:
        each["prompt"] += " Changed."
    monkeypatch.setattr(questions, "bank", lambda: tuple(templates))
    assert questions.draw("ada").code != before


def test_without_a_name_there_are_no_questions(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    test = questions.draw(None)
    assert test.questions == ()
    assert "type your id into `student_id`" in displayed(test, 3)
    assert test.takes(3, "A") and test.takes(3, 0.5) and not test.takes(3, None)


def test_a_hub_knows_the_name(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert questions.draw(None) == questions.draw("ada")
    assert questions.draw("bob").student == "bob"


def test_a_question_shows_its_options_and_how_to_answer():
    test = questions.draw("ada")
    assert "The test of **ada**. Its code is **L6RC**." in displayed(test)
    first = displayed(test, 1)
    assert "**Question 1** (easy)" in first
    assert "\n- **A** The network learns its training images by heart" in first
    assert "*Answer with one letter.*" in first
    assert "1 % off still counts" in displayed(test, 3)
    for student in STUDENTS:
        for question in questions.draw(student).questions:
            assert "{" not in question.text().replace(r"\tfrac{1}{2}", "")


@pytest.mark.parametrize(
    ("number", "answer", "takes"),
    [
        (1, "B", True),
        (1, " b ", True),
        (1, 2, False),
        (1, "BC", False),
        (1, "", False),
        (3, 0.5, True),
        (3, 2, True),
        (3, "0.5", False),
        (3, True, False),
        (3, None, False),
    ],
)
def test_the_form_of_an_answer(number, answer, takes):
    assert questions.draw("ada").takes(number, answer) == takes


def test_chance_depends_on_its_text_alone():
    assert questions.Chance("x").shuffled(range(6)) == [4, 5, 2, 3, 0, 1]
    numbers = Counter(questions.Chance(str(each)).below(4) for each in range(2000))
    assert min(numbers.values()) > 400


def displayed(test, number=None) -> str:
    """Return the Markdown that ``test.show`` displays."""
    InteractiveShell.instance()
    with capture_output() as captured:
        test.show(number)
    (output,) = captured.outputs
    return output.data["text/markdown"]
