"""A gradebook is copied while somebody writes into it, and one in PostgreSQL goes the same ways."""

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from broken.course import NAME
from class_of_three import ADA, BO, POINTS, ZOE
from grading import postgresql
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograder.care import CareError, database, forget, merge, rename
from autograder.care.back_up import back_up, keep
from autograder.care.places import Places
from autograder.care.restore import restore
from autograder.care.term import begin_anew
from autograder.care.unpack import check, unpack

# Writes a number at the beginning and at the end of a file, always in one transaction.
WRITE = """
import itertools, sqlite3, sys, time
gradebook = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
print("begun", flush=True)
for number in itertools.count():
    time.sleep(0.002)
    gradebook.execute("begin immediate")
    gradebook.execute("update student set email = ? where id = 'ada'", (number,))
    gradebook.execute("update mark set number = ?", (number,))
    gradebook.execute("commit")
"""
LARGE = """
create table large (content);
insert into large values (zeroblob(16000000));
create table mark (number);
insert into mark values (0);
"""


def is_whole(gradebook: Path) -> bool:
    connection = sqlite3.connect(gradebook)
    (state,) = connection.execute("pragma integrity_check").fetchone()
    (first,) = connection.execute("select email from student where id = 'ada'").fetchone()
    (last,) = connection.execute("select number from mark").fetchone()
    connection.close()
    return state == "ok" and int(first) == last > 0


def test_a_copy_is_consistent_while_a_grader_writes(course, tmp_path):
    gradebook = course / "gradebook.db"
    connection = sqlite3.connect(gradebook)
    connection.executescript(LARGE)
    connection.close()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITE, gradebook], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "begun\n"
    try:
        packages = [back_up(Places.of(course)) for _ in range(3)]
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    for number, (package, said) in enumerate(packages):
        assert "Somebody graded all the while" in said[0]
        copy = tmp_path / f"{number}.db"
        unpack(package, {"gradebook.db": copy}.get)
        assert is_whole(copy)


def test_files_and_gradebook_are_of_one_moment(course):
    """Somebody grades while the files are read: that try is given up, and the next one counts."""
    places, tries = Places.of(course), []

    def put_in(writer):
        tries.append(True)
        if len(tries) == 1:
            connection = sqlite3.connect(course / "gradebook.db")
            connection.execute("update grade set manual_score = 0")
            connection.commit()
            connection.close()

    package = course / "package.tar.gz"
    assert keep(places, package, put_in) == []
    assert len(tries) == 2
    (course / "gradebook.db").unlink()
    restore(places, package)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission(NAME, ADA).score == 0


def test_a_locked_gradebook_is_waited_for_and_then_named(course, monkeypatch):
    places = Places.of(course)
    lock = sqlite3.connect(course / "gradebook.db", isolation_level=None, check_same_thread=False)
    lock.execute("begin exclusive")
    threading.Timer(1.5, lambda: lock.execute("rollback")).start()
    package, _ = back_up(places)
    assert check(package).gradebook == "gradebook.db"
    monkeypatch.setattr(database, "PATIENCE", 0)
    lock.execute("begin exclusive")
    with pytest.raises(CareError, match="cannot be copied: database is locked"):
        back_up(places)
    lock.close()
    assert len(list((course / "backups").iterdir())) == 1


def test_a_damaged_gradebook_is_named_and_no_back_up_replaces_a_good_one(course):
    places = Places.of(course)
    package, _ = back_up(places)
    gradebook = course / "gradebook.db"
    content = bytearray(gradebook.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    gradebook.write_bytes(content)
    with pytest.raises(CareError, match=r"gradebook\.db (is damaged|cannot be copied)"):
        back_up(places)
    assert list((course / "backups").iterdir()) == [package]
    restore(places, package)
    assert points(Places.of(course).course.db_url) == POINTS


def points(url: str) -> dict[str, float]:
    with Gradebook(url) as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(NAME)}


@pytest.fixture(scope="module")
def server():
    place = postgresql.programs()
    if place is None:
        pytest.skip("PostgreSQL is not tested, as it is not here: apt-get install postgresql")
    with postgresql.running(place) as found:
        yield found


@pytest.fixture
def moved(server, course, request) -> tuple[Path, str]:
    """The class with its gradebook in PostgreSQL, row by row as in SQLite."""
    url = server.new("kept_" + str(abs(hash(request.node.name))))
    with Gradebook(url, "learning-rates"):
        pass  # makes the tables
    from nbgrader.api import Base

    old, new = create_engine(f"sqlite:///{course / 'gradebook.db'}"), create_engine(url)
    with old.connect() as source, new.begin() as target:
        target.execute(text("delete from course"))
        for table in Base.metadata.sorted_tables:
            if found := [row._asdict() for row in source.execute(table.select())]:
                target.execute(table.insert(), found)
    old.dispose()
    new.dispose()
    (course / "gradebook.db").unlink()
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    assert points(url) == POINTS
    return course, url


def test_postgresql_is_kept_and_restored_and_what_was_there_is_put_aside(moved):
    course, url = moved
    places = Places.of(course)
    package, said = back_up(places)
    assert said == [] and check(package).gradebook == "gradebook.sql"
    rename.rename(places, ADA, "eve")
    restore(places, package)
    assert points(url) == POINTS
    package, _ = back_up(places)  # of what was restored, without what was put aside
    begin_anew(places)
    assert points(url) == {}
    restore(places, package)
    assert points(url) == POINTS
    first, *_ = database.database(places.course).aside()
    assert points(str(first.render_as_string(hide_password=False))) == {"eve": 7, BO: 4, ZOE: 6}
    forget.forget(forget.traces(places, "eve"))
    assert points(str(first.render_as_string(hide_password=False))) == {BO: 4, ZOE: 6}
    forget.forget(forget.traces(places, ADA))
    merge.merge(places, ZOE, BO)
    assert points(url).keys() == {BO}


def test_a_script_that_fails_leaves_postgresql_and_the_folders_as_they_were(moved, monkeypatch):
    course, url = moved
    places = Places.of(course)
    package, _ = back_up(places)
    save = database.PostgreSQL.load

    def broken(self, saved, mark):
        saved.write_text(saved.read_text() + "\nselect no_such_thing;\n")
        save(self, saved, mark)

    monkeypatch.setattr(database.PostgreSQL, "load", broken)
    (course / "submitted" / ADA / "later.txt").write_text("later")
    with pytest.raises(CareError, match=r"all is as it was: .*no_such_thing"):
        restore(places, package)
    assert points(url) == POINTS
    assert database.database(places.course).aside() == []
    assert (course / "submitted" / ADA / "later.txt").exists()
    assert not list(course.glob("*.before-*"))
