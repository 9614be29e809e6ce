"""The quiz: a good bank is written out in full, a bad one is reported in full."""

import re
from pathlib import Path

import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab import quiz

ROOT = Path(__file__).parents[2]
BANKS = sorted(path.stem for path in (ROOT / "book/quizzes").glob("*.yml"))


def question(**changes) -> dict:
    return {
        "id": "what",
        "difficulty": "easy",
        "prompt": "What does $\\eta$ scale?\n\n```python\nlr = 0.1 < 1\n```",
        "options": {
            "A": {"text": "The `step`", "correct": True, "feedback": "One step is the rate times."},
            "B": {"text": "The <b>data</b>", "feedback": "No optimizer changes the data."},
        },
        "hint": "Look at the update.",
        "steps": ["Write the update.", "Read it."],
        "answer": "The step.",
        "check": "Double the rate, and the step doubles.",
        **changes,
    }


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """Return a function that writes questions as quizzes/bank.yml of the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("quizzes").mkdir()

    def write(*questions, text=None):
        content = text
        if text is None:
            content = yaml.safe_dump({"questions": list(questions)}, sort_keys=False)
        Path("quizzes/bank.yml").write_text(content, encoding="utf-8")

    return write


def faults(*questions, bank) -> list[str]:
    bank(*questions)
    with pytest.raises(quiz.QuizError) as caught:
        quiz.load("bank")
    return str(caught.value).splitlines()


def test_a_bank_is_read_whole(bank):
    bank(question(), question(id="second", difficulty="hard"))
    first, second = quiz.load("bank")
    assert (first.id, first.difficulty, second.difficulty) == ("what", "easy", "hard")
    assert [option.correct for option in first.options] == [True, False]
    assert first.steps == ("Write the update.", "Read it.")


def test_a_bank_is_found_from_the_root_and_from_book(bank, monkeypatch):
    bank(question())
    Path("book/quizzes").mkdir(parents=True)
    Path("quizzes/bank.yml").rename("book/quizzes/bank.yml")
    from_root = quiz.load("bank")
    monkeypatch.chdir("book")
    assert quiz.load("bank") == from_root


def test_all_faults_are_reported_together_one_line_each(bank):
    one = question(difficulty="tricky", hint="", surprise=1)
    one["options"]["B"]["correct"] = True
    del one["options"]["A"]["feedback"]
    two = question(id="what", steps="only text", answer=0.1)
    lines = faults(one, two, bank=bank)
    assert [line.split(": ", 2)[1] for line in lines] == [
        "question 1",
        "question 'what', hint",
        "question 'what', difficulty",
        "question 'what', option A, feedback",
        "question 'what'",
        "question 'what', answer",
        "question 'what', steps",
        "question 'what'",
    ]
    assert all(line.startswith("quizzes/bank.yml: ") and line.endswith(".") for line in lines)
    assert "2 options are marked correct; mark exactly one" in lines[4]
    assert "0.1; put it in quotes" in lines[5]
    assert "used twice" in lines[7]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"options": {"A": {"text": "One", "correct": True, "feedback": "Yes."}}},
            "2 to 8 options",
        ),
        ({"options": ["a", "b"]}, "must be a mapping of 2 to 8 options, named A, B"),
        ({"options": {"A": {}, "C": {}}}, "named A, B and so on, in order"),
        ({"options": {"B": {}, "A": {}}}, "named A, B and so on, in order"),
        (
            {"options": {letter: {} for letter in "ABCDEFGHI"}},
            "must be a mapping of 2 to 8 options",
        ),
        ({"options": {"A": "a", "B": "b"}}, "must be a mapping with text, correct, feedback"),
        ({"steps": []}, "list of at least 1"),
        ({"prompt": None}, "prompt: is missing or empty"),
    ],
)
def test_each_fault_says_what_to_mend(bank, change, message):
    assert any(message in line for line in faults(question(**change), bank=bank))


@pytest.mark.parametrize("extra", [{"correct": "maybe"}, {"text": "The `step`"}, {"text": "a\nb"}])
def test_a_faulty_option_is_named(bank, extra):
    one = question()
    one["options"]["B"] |= extra
    assert any("option B" in line for line in faults(one, bank=bank))


@pytest.mark.parametrize("text", ["", "[]", "questions: 3", "questions: ["])
def test_a_file_that_is_no_bank_is_refused(bank, text):
    bank(text=text)
    with pytest.raises(quiz.QuizError, match=r"quizzes/bank\.yml: "):
        quiz.load("bank")


def test_an_option_that_stands_twice_is_refused(bank):
    bank(text=yaml.safe_dump({"questions": [question()]}).replace("B:", "A:"))
    with pytest.raises(quiz.QuizError, match="'A' stands here a second time"):
        quiz.load("bank")


def test_an_unknown_bank_names_the_known_ones(bank):
    bank(question())
    with pytest.raises(FileNotFoundError, match=r"'nothing\.yml'.*there are .*bank\.yml"):
        quiz.load("nothing")


def test_the_html_holds_everything_and_trusts_no_markup(bank):
    bank(question())
    html = quiz.to_html(quiz.load("bank"), "bank")
    text = re.sub(r"<[^>]+>", "", html)
    for words in ("No optimizer changes the data.", "Look at the update.", "Write the update."):
        assert words in text
    assert "<legend>Question 1 of 1" in html and html.count('type="radio"') == 2
    assert "<code>step</code>" in html and "<math" in html
    assert "<b>data</b>" not in html and "&lt;b&gt;data" in html
    assert "lr = 0.1 &lt; 1" in html


def test_show_carries_a_live_view_and_a_static_page(bank, monkeypatch):
    monkeypatch.chdir(ROOT)
    name = BANKS[0]
    InteractiveShell.instance()
    with capture_output() as captured:
        quiz.show(name)
    (output,) = captured.outputs
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert 'data-module="quiz"' in output.data["text/html"]


@pytest.mark.parametrize("name", BANKS)
def test_the_banks_of_the_book_are_sound(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    questions = quiz.load(name)
    assert {question.difficulty for question in questions} == set(quiz.DIFFICULTIES)
    ranks = [quiz.DIFFICULTIES.index(question.difficulty) for question in questions]
    assert ranks == sorted(ranks), "easy questions come first"
    places = {tuple(option.correct for option in question.options) for question in questions}
    assert len(places) > 1, "the right option stands in the same place in every question"
    told = [each.feedback for question in questions for each in question.options if each.correct]
    again = [text for text in told if re.match(r"(Yes|Right|Correct|True|Exactly)\b", text)]
    assert again == [], "each stands behind the word Right"


def test_the_book_has_banks():
    assert BANKS
