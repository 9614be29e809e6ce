"""A class in which nearly everyone hands in something broken: it is graded, and told what is wrong.

The class is graded by ``nbgrader autograde``, and once more by ``python -m autograder grade``.
"""

import functools
import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from broken import CASES, FULL, NAME, hand_in, make_course
from commands import in_turn
from nbgrader.api import Gradebook

# Root may read every file. Without these two rights it is held by permissions, as others are.
DROP = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
RIGHTS = DROP if os.geteuid() == 0 else []
each_student = pytest.mark.parametrize("student", CASES)


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    return make_course(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture(scope="module")
def doors(released, tmp_path_factory) -> tuple[Path, Path, str]:
    """The course after nbgrader's own command has graded the class; and after two workers have.

    Then comes what was written.
    """
    one, two = (tmp_path_factory.mktemp(name) / "course" for name in ("one", "two"))
    for folder in (one, two):
        hand_in(shutil.copytree(released, folder))
    said = in_turn(
        (one, "nbgrader", "autograde", NAME),
        (one, "nbgrader", "generate_feedback", NAME),
        (two, "autograder", "grade", NAME, "--workers", "2", "--force"),
        (two, "nbgrader", "generate_feedback", NAME),
        rights=RIGHTS,
    )
    return one, two, said


@pytest.fixture(scope="module")
def course(doors) -> Path:
    """The course after nbgrader's own command has graded the class."""
    return doors[0]


def outcome(course: Path, student: str) -> dict:
    return json.loads((course / "outcomes" / NAME / NAME / f"{student}.json").read_text())


def notebook(course: Path, student: str) -> nbformat.NotebookNode:
    return nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", 4)


def page(course: Path, student: str) -> str:
    """Return what a student reads on the feedback page, in one line."""
    text = (course / "feedback" / student / NAME / f"{NAME}.html").read_text()
    text = re.sub(r"<(style|script|head)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub("</?code>", "`", text)
    return one_line(html.unescape(re.sub(r"<[^>]+>", "", text)))


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@functools.cache
def scores(course: Path) -> dict[tuple[str, str], float]:
    """Return all scores in a gradebook."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(NAME)
            for grade in submission.notebooks[0].grades
        }


def test_the_class_is_large_and_begins_and_ends_with_a_right_student():
    assert sum(case.write.__name__ != "right_as_it_is" for case in CASES.values()) >= 30
    for student in (min(CASES), max(CASES)):
        assert CASES[student].write.__name__ == "right_as_it_is"


@each_student
def test_a_student_gets_the_points_of_what_can_be_used(course, student):
    points = dict(zip(FULL, CASES[student].points, strict=True))
    assert {name: scores(course)[student, name] for name in FULL} == points


@each_student
def test_a_submission_ends_in_one_of_three_ways_and_says_why(course, student):
    case, found = CASES[student], outcome(course, student)
    problems = found["problems"]
    assert found["status"] == case.status
    assert (len(problems) == 0) == (case.status == "graded")
    if case.status != "graded":
        assert case.says in " ".join(problems)
        assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in problems)


@each_student
def test_the_student_reads_it(course, student):
    graded = notebook(course, student)
    text = "\n".join(
        [cell.source for cell in graded.cells if cell.cell_type == "markdown"]
        + [str(each) for cell in graded.cells for each in cell.get("outputs", [])]
    )
    says = CASES[student].says
    assert says in one_line(text.replace("\\n", " "))
    assert says in page(course, student)


@each_student
def test_the_page_shows_no_fault_of_ours(course, student):
    text = page(course, student)
    assert f"{sum(CASES[student].points):g} of {sum(FULL.values()):g} points" in text
    for word in ("nbclient", "nbconvert", "autograder", str(course)):
        assert word not in text


@each_student
def test_the_locked_cells_are_the_released_ones(course, student):
    """In their order, with their points and names, in the course's language; no copy, no tag."""
    release = nbformat.read(course / "exercises" / NAME / f"{NAME}.ipynb", 4)
    graded = notebook(course, student)
    assert graded.metadata == release.metadata
    locked = [cell for cell in release.cells if cell.id in ("rules", *FULL)]
    found = [cell for cell in graded.cells if cell.metadata.get("nbgrader", {}).get("locked")]
    for before, after in zip(locked, found, strict=True):
        assert (after.id, after.source, after.metadata) == (
            before.id,
            before.source,
            before.metadata,
        )
    order = [cell.id for cell in graded.cells if cell.id in {each.id for each in release.cells}]
    assert order == [cell.id for cell in release.cells if cell.id in order]
    assert not any("tags" in cell.metadata for cell in graded.cells)


def test_nobody_is_left_out_and_nothing_half_done_stays(course):
    for room in ("autograded", "feedback"):
        assert {path.name for path in (course / room).iterdir()} == CASES.keys()
    assert {path.stem for path in (course / "outcomes" / NAME / NAME).iterdir()} == CASES.keys()
    notes = [path for path in (course / ".grading").rglob("*") if path.is_file()]
    assert {path.suffix for path in notes} == {".graded", ".turn"}  # who grades waits by the second


def test_what_the_class_hands_in_stays_as_it_is(course, released, tmp_path):
    fresh = shutil.copytree(released, tmp_path / "course")
    hand_in(fresh)
    compared = subprocess.run(
        ["diff", "--recursive", "--no-dereference", "--brief", "submitted", fresh / "submitted"],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in compared.stdout.splitlines() if "a fifo" not in line]
    assert lines == []


def test_two_workers_give_the_same(doors):
    course, workers, said = doors
    assert f"{len(CASES)} of {len(CASES)} submissions done" in said
    assert scores(workers) == scores(course)
    for room in ("autograded", "feedback"):
        assert contents(workers / room) == contents(course / room)
    for student in CASES:
        one, two = outcome(course, student), outcome(workers, student)
        assert one | {"used": None} == two | {"used": None}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
