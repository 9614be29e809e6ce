"""The whole road: nbgrader grades every class through the judge, and students read why."""

import csv
import html
import re
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from commands import in_turn, nbgrader
from nbgrader import utils
from submissions import CLASSES, graded_twice

ROOT = Path(__file__).resolve().parents[3]
NAME = "lr01_first_step"
WRONG = [(name, student) for name, members in CLASSES.items() for student in members.EXPECTED]
RIGHT = [
    (name, student)
    for name, members in CLASSES.items()
    for student in ("master", *members.ANSWERS)
    if student not in members.EXPECTED and student != "probe"
]
each_assignment = pytest.mark.parametrize("name", CLASSES)


def test_every_assignment_has_a_class():
    assert CLASSES.keys() == {path.stem for path in (ROOT / "solutions").glob("*/*.ipynb")}


@each_assignment
def test_a_class_covers_what_can_go_wrong(name):
    """Two right solutions beside the master's, and each item answered wrongly again and again."""
    members = CLASSES[name]
    assert sum(each == name for each, _ in RIGHT) >= 3
    for grade_id in members.FULL:
        missed = [student for student, items in members.EXPECTED.items() if grade_id in items]
        assert missed, f"nobody in the class of {name} misses {grade_id}"


@pytest.mark.parametrize(("name", "student"), RIGHT)
def test_a_right_submission_gets_full_marks(classrooms, name, student):
    classroom = classrooms(name)
    assert classroom.scores(student) == CLASSES[name].FULL, classroom.messages(student)


@each_assignment
def test_the_untouched_release_gets_nothing(classrooms, name):
    assert classrooms(name).scores("untouched") == dict.fromkeys(CLASSES[name].FULL, 0)


@pytest.mark.parametrize(
    ("name", "student", "grade_id"),
    [(name, student, each) for name, student in WRONG for each in CLASSES[name].FULL],
)
def test_a_wrong_answer_gets_its_points_and_its_message(classrooms, name, student, grade_id):
    full = CLASSES[name].FULL[grade_id]
    points, message = CLASSES[name].EXPECTED[student].get(grade_id, (full, " of "))
    text = classrooms(name).messages(student)[grade_id]
    assert classrooms(name).scores(student)[grade_id] == pytest.approx(points), text
    assert message in text
    assert text.startswith(f"{points:g} of {full:g} points")


def test_deleted_cells_come_back(classroom):
    scores = classroom.scores("probe")
    assert scores["reading"] == scores["q1_meaning"] == 1
    assert scores["q5_next_steps"] == 0
    assert "`answer_q5` does not exist" in classroom.messages("probe")["q5_next_steps"]


@each_assignment
def test_every_test_cell_holds_text_and_one_float(classrooms, name):
    classroom = classrooms(name)
    for student in ("master", *CLASSES[name].ANSWERS):
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


def test_shell_lines_pictures_and_long_output_are_shown(classroom):
    cells = {cell.id: cell for cell in classroom.graded("everyday").cells}
    text, picture = cells["measurement_answer"].outputs
    assert "image/png" in picture.data
    assert text.text.startswith("epoch 0\nepoch 1\n")
    assert text.text.endswith("epoch 149\nthe result: 0.981\n")
    said = "".join(output.text for output in cells["q4_repair_answer"].outputs)
    assert "no-such-package" in said and "100%" in said and said.count("it/s") == 1


def test_a_cell_that_ends_its_process_or_never_ends_says_so(classroom):
    cells = {cell.id: cell for cell in classroom.graded("breaking").cells}
    assert "ended its Python process" in cells["q1_answer"].outputs[0].evalue
    cells = {cell.id: cell for cell in classroom.graded("uphill").cells}
    assert cells["q2_answer"].outputs[-1].ename in ("CellTimeoutError", "KeyboardInterrupt")


@pytest.fixture(scope="module")
def once(classroom, tmp_path_factory) -> Path:
    """The course before some were graded again."""
    folder = tmp_path_factory.mktemp("once")
    shutil.unpack_archive(classroom.folder / "once.zip", folder)
    return folder


@each_assignment
def test_graded_twice_is_graded_alike(classrooms, once, name):
    student, twice = graded_twice(name), classrooms(name)
    first = replace(twice, folder=once)
    outcome = twice.folder / "outcomes" / name / name / f"{student}.json"
    assert outcome.stat().st_mtime > (twice.folder / "once.zip").stat().st_mtime
    assert twice.scores(student) == first.scores(student)
    assert twice.messages(student) == first.messages(student)


@pytest.fixture(scope="module")
def told(classroom):
    """The first class, with its feedback pages and its exported points."""
    command = (classroom.folder, "nbgrader")
    in_turn((*command, "generate_feedback", NAME), (*command, "export"))
    return classroom


def test_feedback_holds_the_messages_and_no_answer(told):
    master = nbformat.read(told.folder / "solutions" / NAME / f"{NAME}.ipynb", 4)
    lines = set()
    for cell in master.cells:
        for solution in re.findall(r"BEGIN SOLUTION\n(.*?)\n *# END", cell.source, re.DOTALL):
            lines |= {line.strip() for line in solution.splitlines()}
    released = (told.folder / "exercises" / NAME / f"{NAME}.ipynb").read_text()
    secret = [line for line in lines if len(line) > 12 and line.replace('"', '\\"') not in released]
    assert len(secret) > 15
    page = read_feedback(told, "untouched")
    assert "answer_q1 has no answer yet" in page
    assert [line for line in secret if line in page] == []
    page = read_feedback(told, "mixed_up")
    assert "A larger step is not faster learning" in page
    assert [line for line in secret if line.startswith("answer_") and line in page] == []


def test_feedback_asks_no_other_host_for_anything(told):
    page = (told.folder / "feedback" / "untouched" / NAME / f"{NAME}.html").read_text()
    assert "A note" not in page and "Assignment 1" in page
    assert (
        re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", page)
        == []
    )


def read_feedback(classroom, student):
    path = classroom.folder / "feedback" / student / NAME / f"{NAME}.html"
    page = html.unescape(re.sub(r"<[^>]+>", "", path.read_text()))
    return re.sub(r"\s+", " ", page)


def test_grades_are_exported(told):
    with (told.folder / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == NAME}
    assert float(rows["master"]["score"]) == 25
    assert float(rows["untouched"]["score"]) == 0
    assert float(rows["mixed_up"]["score"]) == pytest.approx(8.9)
    assert {float(row["max_score"]) for row in rows.values()} == {25}


def test_no_execute_is_refused(classroom):
    with pytest.raises(AssertionError, match="without --no-execute"):
        nbgrader(
            classroom.folder, "autograde", NAME, "--student", "terse", "--force", "--no-execute"
        )
