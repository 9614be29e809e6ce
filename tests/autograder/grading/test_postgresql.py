"""A gradebook in PostgreSQL: graded, recorded by two at one time, and lost in the middle."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import postgresql
import pytest
from broken import FULL, NAME, make_course, right
from broken.cases import put
from broken.course import answered
from commands import in_turn
from nbgrader.api import Gradebook
from postgresql import Server

GRADE, MERGE = ("autograder", "grade", NAME), ("autograder", "merge", NAME)
CLASS = {f"student{number}": (1, 2, 3, 1) for number in range(6)}
CLASS |= {"student1": (1, 2, 3, 0), "student2": (0, 0, 0, 0)}
# Ends every connection to the gradebook at its 12th commit, as a server that is restarted does.
LOSE = """
import runpy, sys
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine
from autograder.grading import workers

workers.PAUSE = 0.1
left = [12]

@event.listens_for(Engine, "commit")
def lose(connection):
    left[0] -= 1
    if left[0] == 0:
        with create_engine({url!r}).connect() as other:
            other.execute(text({lost!r} + " and pid <> pg_backend_pid()"))

sys.argv = ["autograder", "merge", {name!r}]
runpy.run_module("autograder", run_name="__main__")
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server, where PostgreSQL is installed."""
    place = postgresql.programs()
    if place is None:
        pytest.skip("PostgreSQL is not tested, as it is not here: apt-get install postgresql")
    with postgresql.running(place) as found:
        yield found


@pytest.fixture(scope="module")
def ran(server, tmp_path_factory) -> Path:
    """A course with six submissions that ran and are not recorded."""
    folder = make_course(tmp_path_factory.mktemp("ran") / "c")
    for student, points in CLASS.items():
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        wrong = {} if points[-1] else {"last_answer": 'final = "A"'}
        put(home, answered(right(folder), **wrong) if any(points) else "{")
    in_turn((folder, *GRADE, "--shard", "1/1"))
    return folder


def copied(ran: Path, folder: Path, url: str, *students: str) -> Path:
    """Return a copy of a course with its gradebook at ``url``, and only these students if any."""
    shutil.copytree(ran, folder)
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    for home in (folder / "submitted").iterdir():
        if students and home.name not in students:
            shutil.rmtree(home)
    return folder


def points(url: str) -> dict[str, tuple[float, ...]]:
    """Return what each student has for each item, from the gradebook."""
    with Gradebook(url) as gradebook:
        found = gradebook.assignment_submissions(NAME)
        grades = {
            each.student.id: {grade.name: grade.score for grade in each.notebooks[0].grades}
            for each in found
        }
    return {student: tuple(each[name] for name in FULL) for student, each in grades.items()}


def test_a_class_is_graded_merged_and_reported(server, ran, tmp_path):
    url = server.new("graded")
    folder = copied(ran, tmp_path / "c", url)
    said = in_turn(
        (folder, "nbgrader", "generate_assignment", NAME),
        (folder, *GRADE, "--workers", "2"),
        (folder, *MERGE),
        (folder, "nbgrader", "generate_feedback", NAME),
        (folder, "autograder", "report", NAME),
    )
    assert "6 of 6 submissions done" in said and "6 of 6 submissions recorded" in said
    assert points(url) == CLASS
    assert len(list((folder / "feedback").rglob("*.html"))) == 6


def test_two_machines_record_at_one_time(server, ran, tmp_path):
    url = server.new("merged")
    students = sorted(CLASS)
    halves = [copied(ran, tmp_path / str(half), url, *students[half::2]) for half in range(2)]
    in_turn((halves[0], "nbgrader", "generate_assignment", NAME))
    merges = [
        subprocess.Popen([sys.executable, "-m", *MERGE], cwd=folder, stdout=subprocess.DEVNULL)
        for folder in halves
    ]
    assert [merge.wait(120) for merge in merges] == [0, 0]
    assert points(url) == CLASS


def test_a_connection_that_is_lost_is_made_again(server, ran, tmp_path):
    url = server.new("lost")
    folder = copied(ran, tmp_path / "c", url)
    program = LOSE.format(url=url, lost=postgresql.LOST, name=NAME)
    (folder / "lose_the_connection.py").write_text(program)
    said = in_turn(
        (folder, "nbgrader", "generate_assignment", NAME), (folder, "lose_the_connection")
    )
    assert "The gradebook cannot be used now" in said and "try 1 of 5" in said
    assert "6 of 6 submissions recorded" in said
    assert points(url) == CLASS


def test_a_question_is_taken_out_and_comes_back(server, ran, tmp_path):
    """Every row of it goes before what it belongs to, as this gradebook insists."""
    url = server.new("changed")
    folder = copied(ran, tmp_path / "c", url, "student0", "student1")
    release = (folder, "nbgrader", "generate_assignment", NAME)
    in_turn(release, (folder, *GRADE))
    path = folder / "solutions" / NAME / f"{NAME}.ipynb"
    whole = path.read_text()
    master = nbformat.reads(whole, 4)
    master.cells = [cell for cell in master.cells if not cell.id.startswith("last")]
    nbformat.write(master, path)
    in_turn(release, (folder, *GRADE))
    with Gradebook(url) as gradebook:
        assert gradebook.find_submission(NAME, "student0").score == 6
        assert gradebook.find_assignment(NAME).max_score == 6
    path.write_text(whole)
    in_turn(release, (folder, *GRADE))
    assert points(url) == {student: CLASS[student] for student in ("student0", "student1")}
