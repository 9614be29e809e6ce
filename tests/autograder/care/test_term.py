"""The end of a term: one file that a stranger understands, and a course that begins anew."""

import csv
import hashlib
import io
import json
import stat
import tarfile

import pytest
from broken.course import NAME
from class_of_three import ADA, BO, POINTS, ZOE, points
from commands import autograder, in_turn

from autograder.care import CareError, term
from autograder.care.places import Places


def test_the_archive_holds_what_must_be_kept_and_the_course_begins_anew(course, tmp_path):
    path = tmp_path / "term.tar.gz"
    said = autograder(course, "archive", str(path), "--begin-anew")
    assert "The course is empty" in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as tar:
        held = {entry.name: tar.extractfile(entry).read() for entry in tar if entry.isreg()}
    listed = json.loads(held["contents.json"])["digests"]
    assert listed == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in held.items()
        if name != "contents.json"
    }
    readme = str(held["README.txt"], "utf-8")
    assert "3 students, 1 assignments, 3 graded submissions" in readme
    for top in {name.split("/")[0] for name in held}:
        assert top in readme or top in ("grading", "outbound"), top
    grades = list(csv.DictReader(io.StringIO(str(held["grades.csv"], "utf-8"))))
    assert {row["student_id"]: float(row["score"]) for row in grades} == POINTS
    for student in (ADA, BO, ZOE):
        assert f"submitted/{student}/{NAME}/{NAME}.ipynb" in held
        assert f"feedback/{student}/{NAME}/{NAME}.html" in held
    assert b"BEGIN SOLUTION" in held[f"source/{NAME}/{NAME}.ipynb"]
    assert b"nbgrader==0.9.6" in held["versions.txt"]

    in_turn(
        (course, "nbgrader", "generate_assignment", NAME),
        (course, "autograder", "roster", "class.csv"),
    )
    assert points(course) == {}
    assert not (course / "submitted").exists()
    refused = pytest.raises(CareError, match="is there already, and is left as it is")
    with refused:
        term.archive(Places.of(course), path)
    autograder(course, "restore", str(path))
    assert points(course) == POINTS


def test_where_nothing_was_graded_there_is_nothing_to_archive(course, tmp_path):
    (course / "gradebook.db").unlink()
    with pytest.raises(CareError, match="nothing was ever graded"):
        term.archive(Places.of(course), tmp_path / "term.tar.gz")
    assert not list(tmp_path.glob("*term*"))
