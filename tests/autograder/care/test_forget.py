"""One student's data is listed, deleted, and looked for afterwards in every byte of the course."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from broken.course import NAME
from class_of_three import ADA, BO, POINTS, ZOE, contents, points
from commands import autograder

from autograder.care import forget
from autograder.care.back_up import back_up
from autograder.care.places import Places
from autograder.care.restore import restore

ABOUT = {BO: (BO, "Lee"), ZOE: (ZOE, "Öst")}


def where(course: Path, words: tuple[str, ...]) -> set[str]:
    """Return the files whose names or bytes have one of these words."""
    found = set()
    for name, content in contents(course.parent, ".").items():
        if "/autograder/" in f"/{name}" or "/backups/" in f"/{name}":
            continue
        ascii_form = [word.encode("ascii", "backslashreplace") for word in words]  # as JSON has it
        if any(word in name or word.encode() in content for word in words) or any(
            form in content for form in ascii_form
        ):
            found.add(name)
    return found


@pytest.mark.parametrize("student", [BO, ZOE])
def test_nothing_of_a_student_is_left(course, student):
    places = Places.of(course)
    package, _ = back_up(places)
    restore(places, package)  # so that there is something put aside
    assert len(where(course, ABOUT[student])) > 15
    said = autograder(course, "forget", student, "--yes")
    assert ascii(student)[1:-1] in said and "1 graded submissions" in said
    assert where(course, ABOUT[student]) == {"course/class.csv"}
    assert "class.csv still has the id" in said
    assert "1 back-ups in" in said and "run this again" in said
    assert points(course) == {name: score for name, score in POINTS.items() if name != student}
    pages = course.parent / "exchange" / "learning-rates" / "feedback"
    assert len(list(pages.glob("*.html"))) == 2
    assert "There is nothing of a student" in refused(course, "forget", student, "--yes")


def refused(course: Path, *arguments: str, typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=course,
        input=typed,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def test_it_lists_and_asks_first(course):
    before = contents(course.parent, ".")
    said = refused(course, "forget", ADA, typed="yes\n")
    assert f"submitted/{ADA}" in said and "inbound" in said and "outcomes" in said
    assert "Nothing was deleted." in said
    after = contents(course.parent, ".")
    assert {name: after[name] for name in before} == before


def test_what_a_student_made_of_folders_is_deleted_and_nothing_else(course):
    """Deeper than any path may be, and links that lead out."""
    outside = course.parent / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    home = course / "submitted" / ADA / NAME
    (home / "out").symlink_to(outside)
    (home / "kept.txt").symlink_to(outside / "kept.txt")
    here = os.open(home, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d" * 20, dir_fd=here)
        inner = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    places = Places.of(course)
    back_up(places)
    forget.forget(forget.traces(places, ADA))
    assert not home.parent.exists()
    assert (outside / "kept.txt").read_text() == "kept"
