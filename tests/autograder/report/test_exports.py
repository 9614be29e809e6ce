"""The files for Canvas and Moodle: right scores, nobody invented, and nothing in them that runs."""

import csv
import functools
import json
import os
import sys
import tempfile
from pathlib import Path
from unittest import mock

import nbformat
import pytest
from nbgrader.api import Gradebook
from traitlets import TraitError

from autograder.outcomes import UNREADABLE, Outcome, save
from autograder.report.exports import canvas_csv, inert, moodle_csv
from autograder.report.scores import final_scores

ROOT = Path(__file__).resolve().parents[3]
NAME = "lr01_first_step"
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME]
# What a spreadsheet takes for a formula, also behind spaces or where a semicolon separates cells.
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    'Ann";=1+1;"',
    "Ann; =1+1",
]


@functools.cache
def empty_gradebook() -> bytes:
    """Return a gradebook with nothing in it; nbgrader takes seconds to make one."""
    # It calls `alembic`, which lies beside the running Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, PATH=path):
        Gradebook(f"sqlite:///{folder}/gradebook.db").close()
        return Path(folder, "gradebook.db").read_bytes()


def fill_gradebook(root: Path, students: dict[str, dict], scores: dict[str, list]) -> None:
    """Make a gradebook with two cells of 3 and 2 points; ``scores`` gives each cell's, or None."""
    (root / "gradebook.db").write_bytes(empty_gradebook())
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment(NAME)
        gradebook.add_notebook(NAME, NAME)
        for cell, points in (("one_step", 3), ("reading", 2)):
            gradebook.add_grade_cell(cell, NAME, NAME, max_score=points, cell_type="code")
            gradebook.add_solution_cell(f"{cell}_answer", NAME, NAME)
        for student, about in students.items():
            gradebook.add_student(student, **about)
        for student, points in scores.items():
            submission = gradebook.add_submission(NAME, student)
            for grade in submission.notebooks[0].grades:
                grade.auto_score = points[grade.name == "reading"]
                grade.needs_manual_grade = grade.auto_score is None
        gradebook.db.commit()


def leave_outcome(root: Path, student: str, messages: dict[str, str], name: str = NAME) -> None:
    """Write an outcome in which each item in ``messages`` lost its only point."""
    verdicts = {
        item: {
            "points": 0.0,
            "max_points": 1.0,
            "parts": [{"points": 1.0, "earned": 0.0, "message": message}],
            "text": "",
        }
        for item, message in messages.items()
    }
    notebook = nbformat.v4.new_notebook()
    save(root, Outcome(NAME, name, student, "", "graded", [], {}, verdicts, notebook))


def table(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.fixture
def course(tmp_path):
    """A course with a score, a late one, one by hand, one half graded, and one not handed in."""
    names = {"first_name": "Ann", "last_name": "Ames"}
    students = {
        "ann": {**names, "lms_user_id": "101", "email": "ann@example.org"},
        "bob": {"lms_user_id": "SIS-7", "email": "bob@example.org"},
        "cyd": {"first_name": "Cyd", "email": "cyd@example.org"},
        "dan": {"last_name": "Dunn", "email": "dan@example.org"},
        "eve": {"email": "eve@example.org"},
    }
    fill_gradebook(
        tmp_path, students, {"ann": [2.5, 1], "bob": [3, 2], "cyd": [0, 0], "dan": [3, None]}
    )
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "bob").late_submission_penalty = 0.75
        gradebook.find_grade("reading", NAME, NAME, "cyd").manual_score = 1.25
        gradebook.db.commit()
    return tmp_path


def test_canvas(course):
    assert table(canvas_csv(course, NAME)) == [
        CANVAS,
        ["    Points Possible", "", "", "", "", "5"],
        ["Ames, Ann", "101", "", "ann", "", "3.5"],
        ["bob", "", "SIS-7", "bob", "", "4.25"],
        ["Cyd", "", "", "cyd", "", "1.25"],
        ["Dunn", "", "", "dan", "", ""],
        ["eve", "", "", "eve", "", ""],
    ]


def test_moodle(course):
    leave_outcome(course, "ann", {"one_step": "The loss is 0.25.", "reading": "You chose A."})
    leave_outcome(course, "dan", {"one_step": "Not for whom no score is told."})
    assert table(moodle_csv(course, NAME)) == [
        ["Username", "Email address", "First name", "Last name", NAME, "Feedback comments"],
        [
            *["ann", "ann@example.org", "Ann", "Ames", "3.5"],
            "one_step (0/1): The loss is 0.25. | reading (0/1): You chose A.",
        ],
        ["bob", "bob@example.org", "", "", "4.25", "handed in late: -0.75"],
        ["cyd", "cyd@example.org", "Cyd", "", "1.25", "reading (1.25/2): Graded by hand."],
        ["dan", "dan@example.org", "", "Dunn", "-", ""],
        ["eve", "eve@example.org", "", "", "-", ""],
    ]


def wait_for_a_person(root: Path, student: str) -> None:
    """Have a submission wait for a person at its first item, as one that could not be read does."""
    decide(root, student, auto_score=0.0, needs_manual_grade=True)
    sentence = "The file is no notebook."
    notebook = nbformat.v4.new_notebook()
    save(root, Outcome(NAME, NAME, student, "", UNREADABLE, [sentence], {}, {}, notebook))


def test_a_submission_that_could_not_be_read_is_left_out_until_a_person_decides(course):
    wait_for_a_person(course, "ann")
    assert table(canvas_csv(course, NAME))[2][-1] == ""
    assert table(moodle_csv(course, NAME))[1][-2:] == ["-", ""]
    decide(course, "ann", manual_score=0.0, needs_manual_grade=False)  # "No credit"
    assert table(canvas_csv(course, NAME))[2][-1] == "1"
    assert table(moodle_csv(course, NAME))[1][-2] == "1"


def test_a_score_that_is_not_complete_is_marked_where_the_course_says_so(course):
    wait_for_a_person(course, "ann")
    leave_outcome(course, "dan", {"one_step": "You chose B."})
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ScoreFiles.incomplete = 'mark'\n"
    )
    students = {row[0]: row[-1] for row in table(canvas_csv(course, NAME))[2:]}
    assert students == {
        "Ames, Ann (could not be read)": "1",
        "bob": "4.25",
        "Cyd": "1.25",
        "Dunn (not completely graded)": "3",
        "eve": "",  # who has handed in nothing
    }
    marked = {row[0]: row[-2:] for row in table(moodle_csv(course, NAME))}
    assert marked["ann"] == ["1", "Could not be read: The file is no notebook."]
    assert marked["dan"] == ["3", "Not completely graded: one_step (0/1): You chose B."]
    assert marked["eve"] == ["-", ""]


def test_another_word_for_what_becomes_of_it_is_refused(course):
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.ScoreFiles.incomplete = 'x'\n")
    with pytest.raises(TraitError, match="leave out"):
        canvas_csv(course, NAME)


def decide(root: Path, student: str, comment: str = "", **decided) -> None:
    """Grade the item "one_step" by hand, as formgrader does, and comment on its answer."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for name, value in decided.items():
            setattr(gradebook.find_grade("one_step", NAME, NAME, student), name, value)
        if comment:
            found = gradebook.find_comment("one_step_answer", NAME, NAME, student)
            found.auto_comment, found.manual_comment = "No response.", comment
        gradebook.db.commit()


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        ({}, "one_step (0/1): You chose B. | reading (0/1): You chose A."),
        (
            {"manual_score": 3, "comment": "Your text\nsays why."},
            (
                "one_step (3/3): Graded by hand. | reading (0/1): You chose A. "
                "| one_step_answer: Comment: Your text says why."
            ),
        ),
        ({"manual_score": 0.5}, "one_step (0.5/3): Graded by hand. | reading (0/1): You chose A."),
        (
            {"extra_credit": 0.5, "comment": "=1"},
            (
                "one_step (3/3): You chose B. Extra credit: 0.5. | reading (0/1): You chose A. "
                "| one_step_answer: Comment: =1"
            ),
        ),
        (
            {"manual_score": 3, "extra_credit": 1},
            "one_step (4/3): Graded by hand. Extra credit: 1. | reading (0/1): You chose A.",
        ),
    ],
)
def test_what_a_person_decided_stands_in_place_of_the_judges_words(tmp_path, decided, said):
    fill_gradebook(tmp_path, {"ann": {}}, {"ann": [2.5, 1]})
    leave_outcome(tmp_path, "ann", {"one_step": "You chose B.", "reading": "You chose A."})
    decide(tmp_path, "ann", **decided)
    assert table(moodle_csv(tmp_path, NAME))[1][-1] == said


def test_of_several_notebooks_the_right_item_is_by_hand(tmp_path):
    fill_gradebook(tmp_path, {"ann": {}}, {})
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_notebook("second", NAME)
        gradebook.add_grade_cell("one_step", "second", NAME, max_score=4, cell_type="code")
        for notebook in gradebook.add_submission(NAME, "ann").notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = 0, False
        gradebook.find_grade("one_step", "second", NAME, "ann").manual_score = 3
        gradebook.db.commit()
    for name in (NAME, "second"):
        leave_outcome(tmp_path, "ann", {"one_step": "You chose B."}, name)
    assert table(moodle_csv(tmp_path, NAME))[1][-1] == (
        f"{NAME}/one_step (0/1): You chose B. | second/one_step (3/4): Graded by hand."
    )


def test_a_direction_mark_is_not_shown(tmp_path):
    """Spreadsheets put U+200F before a Hebrew name, and a name in both directions has more."""
    about = {"first_name": "\u200fדנה", "last_name": "\u202bכהן\u202c", "lms_user_id": "\u200e101"}
    fill_gradebook(tmp_path, {"ann": about}, {"ann": [1, 1]})
    leave_outcome(tmp_path, "ann", {"one_step": "\u200f=1 \u2067x\u2069"})
    (_, canvas), (_, moodle) = (
        table(canvas_csv(tmp_path, NAME))[1:],
        table(moodle_csv(tmp_path, NAME)),
    )
    assert canvas[:4] == ["כהן, דנה", "101", "", "ann"]
    assert moodle[:3] == ["ann", "דנה", "כהן"] and moodle[-1] == "one_step (0/1): =1 x"


def test_a_mark_hides_no_formula_and_no_row_of_points(tmp_path):
    about = {"first_name": "\u200f=1+1", "last_name": "Points\u200f \u200ePossible"}
    fill_gradebook(tmp_path, {"ann": about}, {"ann": [1, 1]})
    assert table(canvas_csv(tmp_path, NAME))[2][0] == "points possible, =1+1"
    assert table(moodle_csv(tmp_path, NAME))[1][1] == "'=1+1"


@pytest.mark.parametrize("others", ["\u200fbob", "bob\u200e", " bob", "b\ufeffob"])
def test_an_id_with_marks_never_gets_the_row_of_another_student(tmp_path, others):
    fill_gradebook(tmp_path, {"bob": {}, others: {}}, {"bob": [3, 2], others: [0, 0]})
    for rows, column in ((canvas_csv, 3), (moodle_csv, 0)):
        found = {row[column]: row for row in table(rows(tmp_path, NAME))}
        assert "5" in found["bob"] and "0" in found["\ufffdbob"]


def test_a_column_of_addresses_has_no_gap(course):
    """Moodle gives a row without an identifier to the student above it."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.find_student("eve").email = None
        gradebook.db.commit()
    assert table(moodle_csv(course, NAME))[0][:2] == ["Username", "First name"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(tmp_path, formula):
    about = {"first_name": formula, "last_name": formula, "email": formula, "lms_user_id": formula}
    fill_gradebook(tmp_path, {formula: about}, {formula: [1, 1]})
    leave_outcome(tmp_path, formula, {formula: formula})
    for path in (canvas_csv(tmp_path, NAME), moodle_csv(tmp_path, NAME)):
        text = path.read_text(encoding="utf-8")
        # A reader whose separator is the semicolon, which knows no quotes, is the worst case.
        cells = [cell for row in table(path) for cell in row]
        cells += [cell.strip('"') for line in text.splitlines() for cell in line.split(";")]
        for cell in cells:
            assert not cell.lstrip().startswith(("=", "+", "@", "＝")), cell
            assert cell == "-" or not cell.lstrip().startswith("-"), cell


def test_every_cell_is_quoted_and_a_row_is_a_line(tmp_path):
    fill_gradebook(tmp_path, {"ann": {"first_name": 'A"\n\r,;n', "last_name": "\x00x"}}, {})
    lines = canvas_csv(tmp_path, NAME).read_text().split("\n")
    assert len(lines) == 4 and lines[-1] == ""
    assert all(line[0] == line[-1] == '"' for line in lines[:-1])
    assert lines[2] == '"\ufffdx, A"" ,;n","","","ann","",""'


def test_a_name_is_not_the_row_of_the_points(tmp_path):
    fill_gradebook(tmp_path, {"ann": {"last_name": "Points Possible"}}, {"ann": [1, 1]})
    rows = table(canvas_csv(tmp_path, NAME))
    assert ["Points Possible" in row[0] for row in rows] == [False, True, False]


def test_moodle_shows_tags_as_text(tmp_path):
    fill_gradebook(tmp_path, {"ann": {}}, {"ann": [1, 1]})
    leave_outcome(tmp_path, "ann", {"one_step": "<img src=x> & <=1"})
    assert table(moodle_csv(tmp_path, NAME))[1][-1] == (
        "one_step (0/1): &lt;img src=x&gt; &amp; &lt;'=1"
    )


def test_moodle_links_the_chapters_that_a_message_names(tmp_path):
    (tmp_path / "_config.yml").write_text("html: {baseurl: https://course.example}")
    (tmp_path / "book").symlink_to(ROOT / "book")
    fill_gradebook(tmp_path, {"ann": {}, "bob": {}}, {"ann": [1, 1], "bob": [1, 1]})
    leave_outcome(tmp_path, "ann", {"one_step": "Read chapter 1, Code."})
    many = {f"item{n:04}": "Read chapter 1, Code." for n in range(400)}
    leave_outcome(tmp_path, "bob", many)  # with links it would be cut, perhaps in one
    linked, words = (row[-1] for row in table(moodle_csv(tmp_path, NAME))[1:])
    link = '<a href="https://course.example/01_first_step.html#code">chapter 1, Code</a>'
    assert linked == f"one_step (0/1): Read {link}."
    assert words.startswith("item0000 (0/1): Read chapter 1, Code. | ") and "<" not in words


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", json.dumps([]).encode()])
def test_a_damaged_outcome_costs_its_comment_only(tmp_path, content):
    fill_gradebook(tmp_path, {"ann": {}}, {"ann": [1, 1]})
    (tmp_path / "outcomes" / NAME / NAME).mkdir(parents=True)
    (tmp_path / "outcomes" / NAME / NAME / "ann.json").write_bytes(content)
    assert table(moodle_csv(tmp_path, NAME))[1][-2:] == ["2", ""]


def test_without_a_gradebook_nothing_is_made(tmp_path):
    for export in (canvas_csv, moodle_csv):
        with pytest.raises(LookupError, match="autograder merge"):
            export(tmp_path, NAME)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_assignment_is_named(course):
    with pytest.raises(LookupError, match="lr99_nothing"):
        canvas_csv(course, "lr99_nothing")


def test_the_course_says_where_its_gradebook_is(tmp_path, course, monkeypatch):
    """Its own settings count, not those of the folder in which the command was given."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{course}/gradebook.db'\n"
    )
    assert [each.score for each in final_scores(other, NAME)] == [3.5, 4.25, 1.25, None, None]
    monkeypatch.chdir(other)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(LookupError):
        final_scores(empty, NAME)


def test_inert_leaves_ordinary_text_alone():
    for text in ("Ann-Marie O'Neil", "a = b; c", "x@example.org", "1e-3"):
        assert inert(text) == text
