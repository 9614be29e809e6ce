"""A course of a classroom is lost with its exchange; one command of root gives all back to all."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from broken.course import NAME
from class_of_three import POINTS, points

from autograder import ROOT
from autograder.classroom import settings
from autograder.classroom.accounts import account, course_account
from autograder.classroom.hub.in_course import in_course
from autograder.classroom.hub.people import make_accounts
from autograder.classroom.settings import Settings

COURSE = "care-course"
ONE, TWO = "care-one", "care-два"


@pytest.fixture
def classroom(course, monkeypatch) -> Iterator[Settings]:
    """A classroom with one course, of which everybody has an account on this machine."""
    if os.geteuid() != 0:
        pytest.skip("Accounts need root: run the tests as root, as in a container.")
    shutil.rmtree(course.parent / "exchange")
    told = yaml.safe_load((ROOT / "autograder/classroom/classroom.example.yml").read_text())
    told |= {"state": str(course.parent / "state"), "exchange": str(course.parent / "exchange")}
    told["courses"] = {COURSE: {"folder": str(course), "students": [ONE, TWO]}}
    path = course.parent / "classroom.yml"
    path.write_text(yaml.safe_dump(told))
    monkeypatch.setenv("CLASSROOM", str(path))
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.course_id = {COURSE!r}\n")
    read = settings.load()
    try:
        make_accounts(read)
        yield read
    finally:
        for name in (account(ONE), account(TWO), course_account(COURSE)):
            subprocess.run(["userdel", "--remove", name], check=False, capture_output=True)


def hand_in(classroom: Settings, name: str, text: str) -> None:
    """Let a student put a notebook into the exchange, as their own account."""
    inbound = classroom.exchange / COURSE / "inbound"
    script = f'umask 007; mkdir "$0"; printf %s "$1" > "$0/{NAME}.ipynb"; mkfifo "$0/pipe"'
    place = f"{name}+{NAME}+2026-12-01 10:00:00.000000 UTC+{text}"
    who = pwd.getpwnam(account(name))
    time.sleep(0.02)  # the system's clock for files ticks in hundredths of a second
    subprocess.run(
        ["sh", "-c", script, place, text],
        check=True,
        cwd=inbound,  # above it a temporary folder may be root's alone
        user=who.pw_uid,
        group=who.pw_gid,
        extra_groups=[],
    )


def owners(inbound: Path) -> list[tuple[str, str, int]]:
    """Return everything that was handed in with its account and rights, as it came."""
    found = sorted(inbound.iterdir(), key=lambda path: path.stat().st_ctime_ns)
    every = [each for path in found for each in (path, path / f"{NAME}.ipynb")]
    return [(path.name, path.owner(), path.stat().st_mode) for path in every]


def test_one_command_gives_the_course_and_each_student_back_what_was_theirs(classroom):
    [course] = classroom.courses
    commands = ("python", "-m")
    in_course(classroom, course, *commands, "nbgrader", "release_assignment", NAME)
    inbound = classroom.exchange / COURSE / "inbound"
    for name, text in ((TWO, "z"), (ONE, "b"), (ONE, "a"), (TWO, "c")):
        hand_in(classroom, name, text)
    before, rights = owners(inbound), inbound.stat().st_mode
    assert [owner for _, owner, _ in before[::2]] == [*map(account, (TWO, ONE, ONE, TWO))]
    in_course(classroom, course, *commands, "autograder", "backup")
    [package] = (course.folder / "backups").glob("*.tar.gz")
    kept = classroom.exchange.parent / package.name  # which root alone can read
    shutil.move(package, kept)
    kept.chmod(0o600)
    shutil.rmtree(classroom.exchange)
    settings_of_course = (course.folder / "nbgrader_config.py").read_text()
    for each in ("submitted", "autograded", "outcomes", "gradebook.db", "solutions"):
        subprocess.run(["rm", "-r", course.folder / each], check=True)

    with pytest.raises(subprocess.CalledProcessError) as refused:
        in_course(classroom, course, *commands, "autograder", "restore", str(kept))
    assert "It was not done, and what was there is as it was" in refused.value.stdout
    done = subprocess.run(
        [sys.executable, "-m", "autograder.classroom", "restore", COURSE, kept],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "The course is as it was at" in done.stdout
    assert owners(inbound) == before
    assert inbound.stat().st_mode == rights
    assert points(course.folder) == POINTS
    assert (course.folder / "nbgrader_config.py").read_text() == settings_of_course
    for path in (course.folder / "gradebook.db", course.folder / "solutions" / NAME):
        assert path.owner() == course_account(COURSE)
    for student in (ONE, TWO):
        in_course(classroom, course, "nbgrader", "db", "student", "add", student)
    in_course(classroom, course, "nbgrader", "collect", NAME)
    collected = {
        student: (course.folder / "submitted" / student / NAME / f"{NAME}.ipynb").read_text()
        for student in (ONE, TWO)
    }
    assert collected == {ONE: "a", TWO: "c"}, "the newest of each"
    said = in_course(classroom, course, *commands, "autograder", "forget", ONE, "--yes")
    assert account(ONE) in said
    assert [owner for _, owner, _ in owners(inbound)] == [account(TWO)] * 4
