"""The master of the ten-question test: its points, and that its answers are those of its own id."""

from autograder.checks.lr_test.keys import key_of
from autograder.checks.lr_test.marking import is_near, lettered
from lrlab.assignments.questions import draw


def test_points_add_up_and_match_the_table(points, promised):
    assert list(points.values()) == [1] * 10
    assert promised == [4, 3, 3]


def test_the_master_answers_its_own_questions(cells, define):
    """When the bank has changed, `python -m autograder key master` prints the new answers."""
    answers = define(source for name, source in cells.items() if name.endswith("_answer"))
    test = draw("master")
    assert (answers["student_id"], answers["test_code"]) == ("master", test.code)
    for place, question in enumerate(test.questions, 1):
        key, answer = key_of(question), answers[f"answer_{place}"]
        if question.options:
            assert answer == lettered(question, key)[0]
        else:
            assert is_near(answer, key.right, question)
