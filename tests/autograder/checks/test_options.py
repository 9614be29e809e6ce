"""Options from YAML: what is right and what is said; a faulty file says what to fix, and where."""

import pytest

from autograder import ROOT
from autograder.checks import options

TABLES = sorted(ROOT.glob("autograder/checks/lr*/options.yml"))
SELECTION = """
answer_q2:
  options:
    A: {correct: true, feedback: "Yes: a."}
    0.5: {feedback: about a half}
    C: {correct: true, feedback: "Yes: c."}
  missed: one more
"""


def load(text, folder):
    (folder / "options.yml").write_text(text, encoding="utf-8")
    return options.load(str(folder / "checks.py"))


def test_a_question_with_its_options(tmp_path):
    assert load(SELECTION, tmp_path) == {
        "answer_q2": options.Options(
            "answer_q2",
            frozenset("AC"),
            {"A": "Yes: a.", 0.5: "about a half", "C": "Yes: c."},
            "one more",
        )
    }
    assert list(load(SELECTION, tmp_path)["answer_q2"].feedback) == ["A", 0.5, "C"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("correct: true, ", "", "answer_q2: no option is correct"),
        ("missed: one more", "missing: one more", r"answer_q2: unknown \['missing'\]"),
        ("missed: one more", "", "answer_q2: several options are correct, so it needs missed"),
        ("feedback: about a half", "text: a half", r"answer_q2, option 0.5: has \['text'\]"),
        ("correct: true", "right: true", "answer_q2, option A: has .*right"),
    ],
)
def test_a_faulty_file_says_what_to_mend(tmp_path, old, new, message):
    with pytest.raises(ValueError, match=rf"options\.yml: {message}"):
        load(SELECTION.replace(old, new), tmp_path)


@pytest.mark.parametrize("path", TABLES, ids=[path.parent.name for path in TABLES])
def test_the_tables_of_the_assignments_are_sound(path):
    for question in options.load(str(path)).values():
        assert question.right < question.feedback.keys()
        assert all(question.feedback.values())
