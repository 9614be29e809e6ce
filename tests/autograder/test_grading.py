"""The whole road: nbgrader grades a class through the judge, and students read why."""

import csv
import html
import re

import nbformat
import pytest
from nbgrader import utils
from submissions import ANSWERS, EXPECTED, FULL

NAME = "lr01_first_step"


@pytest.mark.parametrize("student", ["master", "by_hand", "terse"])
def test_a_right_submission_gets_full_marks(classroom, student):
    assert classroom.scores(student) == FULL


def test_the_untouched_release_gets_nothing(classroom):
    assert classroom.scores("untouched") == dict.fromkeys(FULL, 0)


@pytest.mark.parametrize(
    ("student", "grade_id"), [(student, each) for student in EXPECTED for each in FULL]
)
def test_a_wrong_answer_gets_its_points_and_its_message(classroom, student, grade_id):
    points, message = EXPECTED[student].get(grade_id, (FULL[grade_id], " of "))
    text = classroom.messages(student)[grade_id]
    assert classroom.scores(student)[grade_id] == pytest.approx(points), text
    assert message in text
    assert text.startswith(f"{points:g} of {FULL[grade_id]:g} points")


def test_deleted_cells_come_back(classroom):
    scores = classroom.scores("probe")
    assert scores["reading"] == scores["q1_meaning"] == 1
    assert scores["q5_next_steps"] == 0
    assert "`answer_q5` does not exist" in classroom.messages("probe")["q5_next_steps"]


def test_every_test_cell_holds_text_and_one_float(classroom):
    for student in ANSWERS:
        for cell in classroom.graded(student).cells:
            if utils.is_grade(cell):
                text, result = cell.outputs
                assert (text.output_type, text.name) == ("stream", "stdout")
                points = float(result.data["text/plain"])
                assert 0 <= points <= cell.metadata.nbgrader.points
                assert utils.determine_grade(cell)[0] == points


def test_the_visible_check_is_kept_as_text(classroom):
    text = classroom.messages("mistaken")["q1_meaning"]
    assert "The visible check in this cell said: answer_q1 should be one letter" in text


def test_a_cell_that_ends_its_process_or_never_ends_says_so(classroom):
    cells = {cell.id: cell for cell in classroom.graded("breaking").cells}
    assert "ended its Python process" in cells["q1_answer"].outputs[0].evalue
    cells = {cell.id: cell for cell in classroom.graded("uphill").cells}
    assert cells["q2_answer"].outputs[-1].ename in ("CellTimeoutError", "KeyboardInterrupt")


def test_graded_twice_is_graded_alike(classroom):
    before = classroom.scores("mixed_up"), classroom.messages("mixed_up")
    classroom.nbgrader("autograde", NAME, "--student", "mixed_up", "--force")
    assert (classroom.scores("mixed_up"), classroom.messages("mixed_up")) == before


def test_feedback_holds_the_messages_and_no_answer(classroom):
    classroom.nbgrader("generate_feedback", NAME)
    master = nbformat.read(classroom.folder / "solutions" / NAME / f"{NAME}.ipynb", 4)
    lines = set()
    for cell in master.cells:
        for solution in re.findall(r"BEGIN SOLUTION\n(.*?)\n *# END", cell.source, re.DOTALL):
            lines |= {line.strip() for line in solution.splitlines()}
    released = (classroom.folder / "exercises" / NAME / f"{NAME}.ipynb").read_text()
    secret = [line for line in lines if len(line) > 12 and line.replace('"', '\\"') not in released]
    assert len(secret) > 15
    page = read_feedback(classroom, "untouched")
    assert "answer_q1` has no answer yet" in page
    assert [line for line in secret if line in page] == []
    page = read_feedback(classroom, "mixed_up")
    assert "A larger step is not faster learning" in page
    assert [line for line in secret if line.startswith("answer_") and line in page] == []


def read_feedback(classroom, student):
    path = classroom.folder / "feedback" / student / NAME / f"{NAME}.html"
    page = html.unescape(re.sub(r"<[^>]+>", "", path.read_text()))
    return re.sub(r"\s+", " ", page)


def test_grades_are_exported(classroom):
    classroom.nbgrader("export")
    with (classroom.folder / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["master"]["score"]) == 25
    assert float(rows["untouched"]["score"]) == 0
    assert float(rows["mixed_up"]["score"]) == pytest.approx(8.9)
    assert {float(row["max_score"]) for row in rows.values()} == {25}


def test_no_execute_is_refused(classroom):
    with pytest.raises(AssertionError, match="without --no-execute"):
        classroom.nbgrader("autograde", NAME, "--student", "terse", "--force", "--no-execute")


def test_validate_takes_the_assignments_name(classroom):
    assert "Success! Your notebook passes all the tests." in classroom.nbgrader("validate", NAME)
