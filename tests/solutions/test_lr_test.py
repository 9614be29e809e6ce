"""The master of the ten-question test: its points, and that its answers are those of its own id."""

from pathlib import Path

import nbformat
import pytest

from autograder.checks.lr_test.keys import key_of
from autograder.checks.lr_test.marking import is_near, lettered
from lrlab.assignments.questions import draw

MASTER = Path(__file__).resolve().parents[2] / "solutions" / "lr_test" / "lr_test.ipynb"


@pytest.fixture(scope="module")
def cells() -> list[nbformat.NotebookNode]:
    return nbformat.read(MASTER, 4).cells


def test_points_add_up_and_match_the_table(cells):
    graded = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.metadata.nbgrader.points for cell in graded] == [1] * 10
    rows = [line.split("|") for line in cells[0].source.splitlines() if line.startswith("|")]
    assert [int(row[3]) for row in rows[2:]] == [4, 3, 3]


def test_the_master_answers_its_own_questions(cells):
    """When the bank has changed, `python -m autograder key master` prints the new answers."""
    answers: dict = {}
    for cell in cells:
        if cell.id.endswith("_answer"):
            exec(cell.source, answers)  # noqa: S102 (our own notebook)
    test = draw("master")
    assert (answers["student_id"], answers["test_code"]) == ("master", test.code)
    for place, question in enumerate(test.questions, 1):
        key, answer = key_of(question), answers[f"answer_{place}"]
        if question.options:
            assert answer == lettered(question, key)[0]
        else:
            assert is_near(answer, key.right, question)
