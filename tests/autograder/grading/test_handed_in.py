"""What students hand in beside a notebook, or as one: it is used, or they are told why it is not."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from broken.course import FULL, NAME, answered, make_course, right
from commands import in_turn, nbgrader
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

STUDENTS: dict[str, Callable] = {}
CODE = "factor = scaled(0.1, 100)"


def student(write: Callable) -> Callable:
    """Add a student: a function that fills a folder, given the right notebook as plain JSON."""
    STUDENTS[write.__name__] = write
    return write


def put(folder: Path, name: str, content: object) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


@student
def ann_as_it_should_be(folder, notebook):
    put(folder, f"{NAME}.ipynb", notebook)


@student
def many_frames(folder, notebook):
    """Three hundred pictures, a repository, and what the exchange adds: all that counts is there."""
    for number in range(300):
        put(folder, f"frame_{number:03}.png", "x")
        put(folder, f".git/objects/{number:03}", "x")
    put(folder, "notes.txt", "factor = scaled(0.1, 100)")
    put(folder, "src/my_helpers.py", "letter = 'C'")
    exchanged(folder, notebook)
    code = "import os\nexec(open('notes.txt').read())\nassert len(os.listdir()) == 303"
    last = "from src.my_helpers import letter as final"
    put(folder, f"{NAME}.ipynb", answered(notebook, measured_answer=code, last_answer=last))


def exchanged(folder, notebook, time="2026-01-02 03:04:05.000006 UTC"):
    """Hand in through nbgrader's exchange, as a student whose secret is her name."""
    put(folder, f"{NAME}.ipynb", notebook)
    put(folder, "submission_secret.txt", folder.parent.name)
    put(folder, "timestamp.txt", time)


@student
def lost_secret(folder, notebook):
    exchanged(folder, notebook)


@student
def newer_secret(folder, notebook):
    exchanged(folder, notebook)


@student
def no_time(folder, notebook):
    exchanged(folder, notebook, time="yesterday")


@student
def large_checkpoint(folder, notebook):
    put(folder, f"{NAME}.ipynb", answered(notebook, last_answer="final = open('c.pt').read()"))
    put(folder, "c.pt", "")
    os.truncate(folder / "c.pt", 60_000_000)


@student
def helper_notebook(folder, notebook):
    cell = {"cell_type": "code", "metadata": {}, "source": CODE, "outputs": []}
    cell |= {"execution_count": None, "id": "one"}
    helper = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    put(folder, "repair.ipynb", helper)
    put(folder, "more/repair.ipynb", helper)
    code = "%run repair.ipynb\nassert factor\n%run more/repair.ipynb"
    put(folder, f"{NAME}.ipynb", answered(notebook, measured_answer=code))


@student
def one_folder_deeper(folder, notebook):
    """As a zip of the whole folder leaves it."""
    answer = "final = open('data/letter.txt').read()"
    put(folder, f"{NAME}/{NAME}.ipynb", answered(notebook, last_answer=answer))
    put(folder, f"{NAME}/data/letter.txt", "C")
    put(folder, f"__MACOSX/{NAME}/._{NAME}.ipynb", "Mac OS X")


@student
def renamed_on_a_mac(folder, notebook):
    exchanged(folder, notebook)
    (folder / f"{NAME}.ipynb").rename(folder / "Lab 1 Ana.ipynb")
    put(folder, "._Lab 1 Ana.ipynb", "Mac OS X")


@student
def answered_copy(folder, notebook):
    put(folder, f"{NAME}-Copy1.ipynb", notebook)
    untouched = {cell["id"]: "" for cell in notebook["cells"] if cell["id"].endswith("_answer")}
    put(folder, f"{NAME}.ipynb", answered(json.loads(json.dumps(notebook)), **untouched))


@student
def two_answered_copies(folder, notebook):
    answered_copy(folder, notebook)
    put(folder, "draft.ipynb", answered(notebook, last_answer="final = 'A'"))


@student
def zoe_as_it_should_be(folder, notebook):
    put(folder, f"{NAME}.ipynb", notebook)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course after nbgrader's own command has graded the class, and made feedback.

    ``workers/`` beside it holds the same, graded by our command.
    """
    folder = make_course(tmp_path_factory.mktemp("handed-in") / "course")
    for name, write in STUDENTS.items():
        place = folder / "submitted" / name / NAME
        place.mkdir(parents=True)
        write(place, right(folder))
    workers = shutil.copytree(folder, folder.parent / "workers")
    in_turn(
        (folder, "nbgrader", "autograde", NAME),
        (folder, "nbgrader", "generate_feedback", NAME),
        (workers, "autograder", "grade", NAME, "--workers", "1"),
    )
    return folder


def outcome(course: Path, student: str) -> dict:
    return json.loads((course / "outcomes" / NAME / NAME / f"{student}.json").read_text())


def points(course: Path, student: str) -> list[float]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook(NAME, NAME, student).grades
        scores = {grade.name: grade.score for grade in grades}
        return [scores[name] for name in FULL]


ALL = list(FULL.values())


def found(course: Path, student: str) -> tuple[list[float], list[str]]:
    """Return the points and problems of a student, which both commands must have found."""
    workers = outcome(course.parent / "workers", student)
    problems = outcome(course, student)["problems"]
    assert (workers["problems"], workers["digest"]) == (
        problems,
        outcome(course, student)["digest"],
    )
    assert points(course.parent / "workers", student) == points(course, student)
    assert (course / "feedback" / student / NAME / f"{NAME}.html").exists()
    return points(course, student), problems


def test_many_files_are_all_there_and_nbgraders_own_too(course):
    assert found(course, "many_frames") == (ALL, [])
    for room in ("autograded", "feedback"):
        place = course / room / "many_frames" / NAME
        assert (place / "submission_secret.txt").read_text() == "many_frames"
        assert (place / "timestamp.txt").read_text() == "2026-01-02 03:04:05.000006 UTC\n"
        assert (place / "frame_299.png").exists() and not (place / ".git").exists()


def test_a_file_that_is_too_large_is_named(course):
    sentence = "Of your files, c.pt was not taken: 60 MB, 50 MB are allowed."
    assert found(course, "large_checkpoint") == ([*ALL[:-1], 0], [sentence])


def test_a_notebook_beside_is_a_file_like_any_other_but_not_graded(course):
    assert found(course, "helper_notebook") == (ALL, [])
    place = course / "autograded" / "helper_notebook" / NAME
    assert [path.name for path in place.glob("*.ipynb")] == [f"{NAME}.ipynb"]


def test_a_notebook_one_folder_deeper_is_graded_with_what_lies_beside_it(course):
    name = f"{NAME}.ipynb"
    sentence = f"The notebook was found as {NAME}/{name}; hand it in as {name}, in no folder."
    assert found(course, "one_folder_deeper") == (ALL, [sentence])
    place = course / "autograded" / "one_folder_deeper" / NAME
    assert (place / "data" / "letter.txt").read_text() == "C"


def test_a_renamed_notebook_is_found_beside_a_macs_notes(course):
    sentence = f"The notebook was renamed; hand it in as {NAME}.ipynb."
    assert found(course, "renamed_on_a_mac") == (ALL, [sentence])


def test_answers_in_a_copy_count_when_no_other_notebook_has_any(course):
    points, (sentence,) = found(course, "answered_copy")
    assert points == ALL
    assert f"No question is answered in {NAME}.ipynb. So {NAME}-Copy1.ipynb was graded" in sentence


def test_of_two_copies_none_is_graded_and_both_are_named(course):
    points, (sentence,) = found(course, "two_answered_copies")
    assert points == [0, 0, 0, 0]
    assert sentence.endswith(f"graded, not the answers in {NAME}-Copy1.ipynb and draft.ipynb.")


@pytest.mark.parametrize("student", ["ann_as_it_should_be", "zoe_as_it_should_be"])
def test_who_hands_in_what_is_asked_reads_no_problem(course, student):
    assert found(course, student) == (ALL, [])


def test_a_secret_that_is_missing_stops_nobodys_feedback(course, tmp_path):
    """It is put back when it belongs to what was graded; who has none is named."""
    for student in ("lost_secret", "newer_secret"):
        (course / "feedback" / student / NAME / "submission_secret.txt").unlink()
    put(course / "submitted" / "newer_secret" / NAME, "timestamp.txt", "2026-02-02 00:00:00 UTC")
    said = nbgrader(course, "release_feedback", NAME, f"--Exchange.root={tmp_path}")
    given = {path.stem for path in tmp_path.glob("*/feedback/*.html")}
    known = [(each, NAME) for each in ("many_frames", "lost_secret", "renamed_on_a_mac")]
    known.append(("renamed_on_a_mac", "Lab 1 Ana"))  # by the name that her nbgrader asks for
    assert given == {notebook_hash(secret=secret, notebook_id=name) for secret, name in known}
    assert f"Feedback was released for 3 of {len(STUDENTS)} students" in said
    assert "The feedback of newer_secret is not released: it was handed in again since" in said
    assert (
        "The feedback of zoe_as_it_should_be is not released: timestamp.txt and submission_" in said
    )
    assert "The feedback of no_time is not released: timestamp.txt, by which" in said
    assert "Traceback" not in said
