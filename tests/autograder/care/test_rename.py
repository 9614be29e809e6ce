"""A student is known by another id, or by two; all of it moves, or none, and nothing is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from broken.course import NAME
from class_of_three import ADA, BO, POINTS, ZOE, contents, points
from commands import autograder
from nbgrader.api import Gradebook

from autograder.care import CareError, merge, rename, rows
from autograder.care.places import Places

NEW = "Zoë Wu-吴"
LATER = "2026-12-02 10:00:00.000000 UTC"


def everything(course: Path) -> dict[str, bytes]:
    return contents(course.parent, ".") | {"points": json.dumps(points(course)).encode()}


def inbound(course: Path) -> list[str]:
    found = os.listdir(course.parent / "exchange" / "learning-rates" / "inbound")
    return sorted(name.split("+")[0] for name in found)


def test_a_graded_student_gets_another_id(course):
    page = course / "feedback" / ZOE / NAME / f"{NAME}.html"
    before = page.read_bytes()
    said = autograder(course, "rename", ZOE, NEW)
    assert "and the gradebook" in said and "same_person" in said
    assert points(course) == {ADA: 7, BO: 4, NEW: 6}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_student(NEW).last_name == "Öst"
    assert (course / "feedback" / NEW / NAME / f"{NAME}.html").read_bytes() == before
    named = [path for path in course.parent.rglob("*") if ZOE in path.name]
    assert [path for path in named if "before" not in str(path)] == []
    assert inbound(course) == sorted([ADA, BO, NEW])
    report = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert NEW in report and ZOE not in report
    assert "Nothing is due: 3 graded already." in autograder(course, "grade", NAME)
    assert points(course) == {ADA: 7, BO: 4, NEW: 6}


@pytest.mark.parametrize("new", ["", " x", "a/b", "..", ".x", "a\nb", "a\u202eb", "x*", "é" * 101])
def test_an_id_that_can_be_no_folder_is_refused(course, new):
    with pytest.raises(CareError, match="cannot be an id"):
        rename.rename(Places.of(course), ADA, new)


def test_who_is_not_there_or_there_already_is_refused(course):
    before = everything(course)
    places = Places.of(course)
    with pytest.raises(CareError, match="Neither the gradebook nor a folder knows"):
        rename.rename(places, "nobody", "somebody")
    with pytest.raises(CareError, match=r"merge_students ada bo\.lee"):
        rename.rename(places, ADA, BO)
    with pytest.raises(CareError, match="knows no student 'nobody'"):
        merge.merge(places, ADA, "nobody")
    assert everything(course) == before


def test_what_cannot_be_moved_or_recorded_leaves_all_as_it_was(course, monkeypatch):
    places, before = Places.of(course), everything(course)
    monkeypatch.setattr(rows, "rename", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rename.rename(places, ADA, "eve")
    assert everything(course) == before
    (course / "outcomes" / NAME / NAME / "eve.json").write_text("in the way")
    before = everything(course)
    with pytest.raises(FileExistsError):
        rename.rename(places, ADA, "eve")
    assert everything(course) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from autograder.care import moves, rename, rows
from autograder.care.places import Places

left = [int(sys.argv[1])]

def kill(function):
    def killed(*arguments):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return killed

moves._rename = kill(moves._rename)
rename.rows.rename = kill(rows.rename)
rename._rewrite = kill(rename._rewrite)
rename.rename(Places.of(Path.cwd()), "ada", "eve")
"""


@pytest.mark.parametrize(("at", "moved"), [(1, False), (4, False), (7, False), (8, True)])
def test_one_that_is_killed_is_taken_back_or_finished(course, at, moved):
    """At a rename of a file, at the gradebook, or after it."""
    before = everything(course)
    done = subprocess.run([sys.executable, "-c", KILLED, str(at)], cwd=course, check=False)
    assert done.returncode == -signal.SIGKILL
    said = rename.recover(Places.of(course))
    assert ("is finished" if moved else "is taken back") in said[0]
    if moved:
        assert points(course) == {"eve": 7, BO: 4, ZOE: 6}
        assert [path for path in course.parent.rglob("*") if path.stem.split("+")[0] == ADA] == []
    else:
        assert everything(course) == before
    assert rename.recover(Places.of(course)) == []


def hand_in_again(course: Path, student: str, time: str) -> None:
    """Let a student hand in BO's answers at another time, and be graded."""
    home = course / "submitted" / student / NAME
    shutil.copy(course / "submitted" / BO / NAME / f"{NAME}.ipynb", home)
    (home / "timestamp.txt").write_text(time)


@pytest.mark.parametrize("newer", [ADA, ZOE])
def test_two_ids_become_one_and_the_newer_submission_counts(course, newer):
    older = ({ADA, ZOE} - {newer}).pop()
    (course / "submitted" / newer / NAME / "timestamp.txt").write_text(LATER)
    kept = contents(course / "submitted" / older / NAME, ".")
    page = (course / "feedback" / newer / NAME / f"{NAME}.html").read_bytes()
    (course / "submitted" / ZOE / "notes.txt").write_text("beside")
    said = autograder(course, "merge_students", ZOE, ADA)
    assert "the newer submission counts" in said
    assert points(course) == {ADA: POINTS[newer], BO: 4}
    assert (course / "feedback" / ADA / NAME / f"{NAME}.html").read_bytes() == page
    (aside,) = course.glob("submitted.before-*")
    assert contents(aside / ADA / NAME, ".") == kept
    (grades,) = course.glob(f"gradebook.before-*/{ADA}/{NAME}.json")
    told = json.loads(grades.read_text())
    assert (told["student"], told["score"]) == (older, POINTS[older])
    assert {each["name"] for each in told["notebooks"][0]["grades"]} >= {"measured", "last"}
    assert (course / "submitted" / ADA / "notes.txt").read_text() == "beside"
    assert not [path for path in course.parent.rglob("*") if path.name.startswith(ZOE)]
    assert inbound(course) == [ADA, ADA, BO]


def test_who_was_never_graded_is_merged_too(course):
    shutil.copytree(course / "submitted" / BO, course / "submitted" / "bo2")
    places = Places.of(course)
    rows.ensure(places.course, "bo2")
    (course / "submitted" / "bo2" / NAME / "timestamp.txt").write_text(LATER)
    merge.merge(places, "bo2", BO)
    assert points(course) == {ADA: 7, ZOE: 6}, "what counts now is not graded yet"
    assert (course / "submitted" / BO / NAME / "timestamp.txt").read_text() == LATER
    autograder(course, "grade", NAME)
    assert points(course) == POINTS


def test_a_merge_that_cannot_be_recorded_leaves_all_as_it_was(course, monkeypatch):
    before = everything(course)
    monkeypatch.setattr(rows, "merge", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merge.merge(Places.of(course), ZOE, ADA)
    assert everything(course) == before
