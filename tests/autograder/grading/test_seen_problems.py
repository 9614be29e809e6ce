"""Whatever goes wrong with a submission is seen by whom it concerns, in every place where one looks.

One class is graded once, by ``python -m autograder grade``, and read in all places; then nbgrader's
own command says the same of it.
"""

import csv
import html
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from broken.cases import put
from broken.course import ANSWERS, NAME, answered, make_course, right
from commands import autograder, in_turn, nbgrader
from nbgrader.api import Gradebook

SCALED = "\n".join(ANSWERS["scaled_answer"])
HANGS = SCALED.replace("    return", "    while factor == 8: pass\n    return")
FILLS = SCALED.replace("    return", "    open('big', 'wb').write(bytes(2**28))\n    return")
HOSTILE = "eve\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}"
UNLISTED = "fay"  # whom the class list does not know
SHOWN = "eve\N{REPLACEMENT CHARACTER}"  # without what a terminal obeys
MEMORY = "a submission may use 4,096 MiB of memory"
# For each student what is handed in, what is said of the submission, and of an item.
STUDENTS = {
    "ann": ({}, "", ()),
    "bob": (
        {"scaled_answer": f"while True:\n    pass\n\n{SCALED}"},
        (
            "The cell that begins with `while True:` ran longer than 4 seconds, and was stopped; what "
            "it would have made, `scaled`, is missing. Look for a loop that never ends."
        ),
        ("scaled", "Its cell ran longer than 4 seconds, and was stopped."),
    ),
    "cleo": (
        {"scaled_answer": HANGS},
        "`scaled` took more than 3 s when it was checked, and was stopped. Look for a loop that never ends.",
        ("scaled", "Your function took more than 3 s and was stopped."),
    ),
    "dan": (
        {"last_answer": "all_of_it = bytearray(50 * 2**30)\nfinal = 'C'"},
        (
            "The cell that begins with `all_of_it = bytearray(50 * 2**30)` stopped with MemoryError, "
            f"line 1; {MEMORY}; what it would have made, `all_of_it`, `final`, are missing."
        ),
        ("last", f"Its cell stopped with MemoryError, line 1; {MEMORY}."),
    ),
    "fay": (
        {"scaled_answer": FILLS},
        (
            "The cell that begins with `factor = None` stopped with OSError: [Errno 27] File too "
            "large, line 2; a file may have 128 MiB."
        ),
        ("scaled", "OSError: [Errno 27] File too large. A file may have 128 MiB."),
    ),
    HOSTILE: (
        {"last_answer": "import os\nos._exit(3)\nfinal = 'C'"},
        (
            "The cell that begins with `import os` ended its Python process (exit status 3); the "
            "others ran in a new one without it; what it would have made, `final`, is missing."
        ),
        ("last", "Its cell ended its Python process (exit status 3)."),
    ),
}
CUT = "The file is not a Jupyter notebook, or only a part of one: open it in this course's Jupyter,"
FILES = {"gus": '{"cells": [', "hal": b"PK\x03\x04", "ida": None}
UNREADABLE = {"gus": CUT, "hal": CUT, "ida": f"There is no notebook here: hand in {NAME}.ipynb."}
ASTRAY = f"submitted/zoe/{NAME}-1 is not graded: it should be zoe/{NAME}/"
SAID = {student: said for student, (_, said, _) in STUDENTS.items() if said} | UNREADABLE


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> tuple[Path, str]:
    """The course after its class was graded, in a folder with a space, and what was said."""
    course = make_course(tmp_path_factory.mktemp("seen") / "my course")
    for student, (answers, _, _) in STUDENTS.items():
        hand_in(course, student, answered(right(course), **answers))
    for student, content in FILES.items():
        hand_in(course, student, content)
    hand_in(course, "zoe", "{}", f"{NAME}-1")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for student in {*STUDENTS, *FILES} - {UNLISTED}:
            gradebook.add_student(student, first_name="Some", last_name="Body")
    said = autograder(course, "grade", NAME, "--workers", "2")
    in_turn((course, "nbgrader", "generate_feedback", NAME), (course, "autograder", "report", NAME))
    return course, said


@pytest.fixture(scope="module")
def course(graded) -> Path:
    return graded[0]


def hand_in(course: Path, student: str, content: object, assignment: str = NAME) -> None:
    home = course / "submitted" / student / assignment
    home.mkdir(parents=True)
    put(home, content)


def stored(course: Path, student: str) -> dict:
    return json.loads((course / "outcomes" / NAME / NAME / f"{student}.json").read_text())


def page(path: Path) -> str:
    """Return what stands on a page, in one line."""
    text = re.sub(r"<(style|script|head)\b.*?</\1>", "", path.read_text(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def last_lines(said: str) -> list[str]:
    """Return what the last lines say, from the first count on; what was broken is one line again."""
    start = re.search(
        r"^(\[AutogradeApp \| WARNING\] )?\d+ (could not|graded with)", said, re.MULTILINE
    )
    lines = said[start.start() :].removeprefix(start[1] or "")
    lines = lines.replace("\n    ", "\n") if start[1] else lines  # so a log indents
    return lines.replace("\n    ", " ").splitlines()


def test_grade_ends_with_everybody_who_has_a_problem(graded):
    said, total = graded[1], len(STUDENTS) + len(FILES)
    assert f"{total} of {total} submissions done\n{len(UNREADABLE)} could not be read" in said
    unread, first, second, *lines = last_lines(said)
    assert unread == (
        f"{len(UNREADABLE)} could not be read (no score in an LMS until you decide in formgrader):"
    )
    assert first.startswith(f"  gus, hal: {CUT}")  # what is the same is said once
    assert second == f"  ida: {UNREADABLE['ida']}"
    counted = f"{len(STUDENTS) - 1} graded with a problem (its page begins with a note on it):"
    told = {
        f"  {student.replace(HOSTILE, SHOWN)}: {text}"
        for student, (_, text, _) in STUDENTS.items()
        if text
    }
    assert lines[0] == counted
    assert set(lines[1 : len(told) + 1]) == told
    assert lines[len(told) + 1 :] == [
        "1 passed over:",
        f"  {ASTRAY}",
        "1 on no class list (a mistyped folder?):",
        f"  {UNLISTED}",
        f"More on each: python -m autograder report {NAME}",
    ]
    assert all(line.isprintable() for line in said[said.index(unread[:20]) :].splitlines())


def test_nbgraders_command_and_merge_end_with_the_same(graded):
    course, said = graded
    both = in_turn(
        (course, "autograder", "grade", NAME),  # nobody is due, and all are named
        (course, "nbgrader", "autograde", NAME),
        (course, "autograder", "merge", NAME),
    )
    assert "Nothing is due" in both
    again, by_nbgrader, merged = both.split("More on each: ")[:3]
    for each in (again, by_nbgrader, merged):
        assert last_lines(each) == last_lines(said)[:-1]


def test_nbgraders_command_for_one_student_tells_of_that_one(course):
    said = nbgrader(course, "autograde", NAME, "--student", "cleo", "--force")
    assert last_lines(said)[1] == f"  cleo: {SAID['cleo']}"
    assert "gus" not in said and "zoe" not in said


@pytest.mark.parametrize("student", STUDENTS)
def test_a_submission_that_met_a_limit_has_a_problem(course, student):
    found, (_, said, _) = stored(course, student), STUDENTS[student]
    assert found["status"] == ("problem" if said else "graded")
    assert found["problems"] == ([said] if said else [])


@pytest.mark.parametrize("student", [each for each in STUDENTS if STUDENTS[each][2]])
def test_the_student_reads_the_cause_and_the_limit(course, student):
    item, why = STUDENTS[student][2]
    assert why in " ".join(
        part["message"] for part in stored(course, student)["verdicts"][item]["parts"]
    )
    text = page(course / "feedback" / student / NAME / f"{NAME}.html")
    assert why in text
    assert SAID[student].replace("`", "") in text


@pytest.mark.parametrize("student", SAID)
def test_the_class_report_has_it(course, student):
    text = page(course / "reports" / f"{NAME}.html")
    assert SAID[student].replace("`", "") in text.replace("`", "")


def submissions(course: Path) -> dict[str, tuple[bool, bool]]:
    """Return who stands out in formgrader's lists: whose needs a person, and whose is flagged."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            each.student_id: (each.needs_manual_grade, each.notebooks[0].flagged)
            for each in gradebook.assignment_submissions(NAME)
        }


def test_formgraders_lists_show_it_and_the_page_begins_with_it(course):
    assert submissions(course) == {
        **{student: (False, bool(said)) for student, (_, said, _) in STUDENTS.items()},
        **dict.fromkeys(UNREADABLE, (True, True)),
    }
    for student, said in SAID.items():
        notebook = nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", 4)
        assert said in notebook.cells[0].source


NAMED = {"canvas": 3, "moodle": 0}  # the column of the ids


def test_the_files_for_canvas_and_moodle_leave_out_what_could_not_be_read(course):
    for name in ("canvas", "moodle"):
        with (course / "reports" / f"{NAME}-{name}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        column = rows[0].index(NAME)
        points = {
            row[NAMED[name]]: row[column]
            for row in rows
            if row[NAMED[name]] in (*STUDENTS, *UNREADABLE)
        }
        assert {who for who, text in points.items() if text in ("", "-")} == UNREADABLE.keys()
        assert points["ann"] == "7" and points["bob"] == "2"
    page = (course / "reports" / f"{NAME}.html").read_text()
    assert f"left out: {len(UNREADABLE)}" in page


def test_one_decision_of_a_person_settles_a_submission_and_a_good_one_unflags_it(course, tmp_path):
    """What formgrader's button "No credit" does; then ``hal`` hands in what can be read."""
    folder = shutil.copytree(course, tmp_path / "course")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("meaning", NAME, NAME, "gus")
        grade.manual_score, grade.needs_manual_grade = 0, False
        gradebook.find_submission_notebook(NAME, NAME, "ann").flagged = True  # by a person
        gradebook.db.commit()
    shutil.rmtree(folder / "submitted" / "hal")
    hand_in(folder, "hal", right(folder))
    one = ("nbgrader", "autograde", NAME, "--force", "--student")
    in_turn((folder, *one, "hal"), (folder, *one, "ann"), (folder, "autograder", "report", NAME))
    found = submissions(folder)
    assert found["gus"] == (False, True)
    assert found["hal"] == (False, False)
    assert found["ann"] == (False, True)
    rows = (folder / "reports" / f"{NAME}-canvas.csv").read_text()
    assert '"gus","","0"' in rows and '"hal","","7"' in rows
