"""Drawing the ten questions: the same for one student for ever, fair, and without any answer."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab.assignments import questions
from lrlab.assignments.questions.chance import Chance
from lrlab.assignments.questions.question import FORMS

ROOT = Path(__file__).resolve().parents[4]
STUDENTS = [f"student-{number}" for number in range(300)]
CHAPTERS = {int(path.name[:2]) for path in ROOT.glob("book/[0-9][0-9]_*.ipynb")}


def test_the_bank_is_large_enough_and_holds_no_answer():
    templates = questions.bank()
    assert len({each.name for each in templates}) == len(templates) >= 24
    per_chapter = Counter(each.chapter for each in templates)
    assert per_chapter.keys() == CHAPTERS and min(per_chapter.values()) >= 3
    for chapter in CHAPTERS:
        of_chapter = [each for each in templates if each.chapter == chapter]
        assert {each.difficulty for each in of_chapter} == {"easy", "medium", "hard"}
    for each in templates:
        assert bool(each.options) == (each.answer == "letter")
        assert all(option.keys() == {"text"} for option in each.options.values())
        assert each.answer in FORMS


def test_every_draw_is_balanced():
    for student in STUDENTS:
        drawn = questions.draw(student).questions
        assert [each.difficulty for each in drawn] == (["easy"] * 4 + ["medium"] * 3 + ["hard"] * 3)
        per_chapter = Counter(each.chapter for each in drawn)
        assert len(per_chapter) == min(10, len(CHAPTERS))
        assert max(per_chapter.values()) - min(per_chapter.values()) <= 1
        assert len({each.template for each in drawn}) == 10


def test_no_question_and_no_number_is_left_out():
    drawn = [each for student in STUDENTS for each in questions.draw(student).questions]
    counts = Counter(each.template for each in drawn)
    for template in questions.bank():
        assert counts[template.name] > 300 * 10 / 31 / 4, template.name
        for name, values in template.values.items():
            seen = [each.values[name] for each in drawn if each.template == template.name]
            assert all(value in seen for value in values), (template.name, name)
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
        "default_rate",
        "read_the_curve",
        "step_by_hand",
        "best_epoch",
        "steps_of_a_run",
        "largest_stable_rate",
        "loss_of_guessing",
        "small_gains",
        "per_batch_stepping",
        "wrong_mode",
    ]
    assert test.questions[2].values == {"weight": 0.8, "gradient": 0.9, "rate": 0.1}
    assert [name for name, _ in test.questions[1].options] == ["low", "good", "nothing", "high"]
    assert questions.draw(" ada ") == test
    assert test.code == "R8TS"


def test_the_code_stands_for_what_is_shown(monkeypatch):
    before = questions.draw("ada").code
    templates = tuple(replace(each, prompt=each.prompt + " Changed.") for each in questions.bank())
    monkeypatch.setattr(questions, "bank", lambda: templates)
    assert questions.draw("ada").code != before


def test_without_a_name_there_are_no_questions(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    test = questions.draw(None)
    assert test.questions == ()
    assert "type your id into `student_id`" in displayed(test)
    with capture_output() as captured:
        test.show(3)
    assert captured.outputs == []  # once is enough
    assert not test.takes(3, "A") and not test.has_code(None)
    assert test.wants(3) == "its question is not drawn: student_id should be your id, in quotes."


def test_a_hub_knows_the_name(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert questions.draw(None) == questions.draw("ada")
    assert questions.draw("bob").student == "bob"


def test_a_question_shows_its_options_and_how_to_answer():
    test = questions.draw("ada")
    assert f"The test of **ada**. Its code is **{test.code}**." in displayed(test)
    lettered = displayed(test, place_of("letter"))
    assert f"**Question {place_of('letter')}** (easy)" in lettered
    _, first = test.questions[place_of("letter") - 1].options[0]
    assert f"\n- **A** {first}" in lettered
    assert "*Answer with one letter.*" in lettered
    assert "1 % off still counts" in displayed(test, place_of("number"))
    for student in STUDENTS:
        for question in questions.draw(student).questions:
            assert "{" not in question.text().replace(r"\tfrac{1}{2}", "")


@pytest.mark.parametrize(
    ("form", "answer", "takes"),
    [
        ("letter", "B", True),
        ("letter", " b ", True),
        ("letter", 2, False),
        ("letter", "BC", False),
        ("letter", "", False),
        ("number", 0.5, True),
        ("number", 2, True),
        ("number", torch.tensor(0.5), True),
        ("letter", "(b)", True),
        ("number", "0.5", False),
        ("number", True, False),
        ("number", None, False),
    ],
)
def test_the_form_of_an_answer(form, answer, takes):
    test, place = questions.draw("ada"), place_of(form)
    assert test.takes(place, answer) == takes
    assert test.wants(place).startswith(f"answer_{place} should be one {form}")


def test_the_code_may_be_typed_in_small_letters():
    test = questions.draw("ada")
    assert test.has_code("R8TS") and test.has_code(" r8ts ")
    assert not test.has_code("R8T") and not test.has_code(None)


def test_chance_depends_on_its_text_alone():
    assert Chance("x").shuffled(range(6)) == [4, 5, 2, 3, 0, 1]
    numbers = Counter(Chance(str(each)).below(4) for each in range(2000))
    assert min(numbers.values()) > 400


def place_of(form: str) -> int:
    """Return the number of ada's first question that is answered in this form."""
    return [each.answer for each in questions.draw("ada").questions].index(form) + 1


def displayed(test, number=None) -> str:
    """Return the Markdown that ``test.show`` displays."""
    InteractiveShell.instance()
    with capture_output() as captured:
        test.show(number)
    (output,) = captured.outputs
    return output.data["text/markdown"]
