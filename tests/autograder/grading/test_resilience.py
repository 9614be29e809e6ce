"""Whatever ends a grading, the next one ends as if nothing had happened.

``interrupted`` kills a command before any chosen change of a file or of the gradebook.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from broken import FULL, NAME, make_course, right
from broken.cases import put
from broken.cells import without
from broken.course import answered
from interrupted import HERE, Course
from nbgrader.coursedir import CourseDirectory

from autograder.grading.class_problems import class_problems
from autograder.grading.converter import Autograde
from autograder.plug_in import engine
from autograder.submission.passed_over import passed_over

AUTOGRADE = ("nbgrader", "autograde", NAME)
WORKERS = ("autograder", "grade", NAME, "--workers", "2")
each_command = pytest.mark.parametrize("command", [AUTOGRADE, WORKERS], ids=["nbgrader", "workers"])
OLD, NEW = (f"2026-01-0{day} 12:00:00.000000 UTC" for day in (1, 2))
SENTENCE = "The gradebook cannot be used now"
DAMAGED = '{"cells": ['


@dataclass(frozen=True)
class Known:
    """What the tests start from, and what they end with.

    nothing, regrade: the class before it is graded, for the first time or after a resubmission.
    older: the graded folders of the first time; done: all results when nothing goes wrong.
    """

    nothing: Path
    regrade: Path
    older: dict
    done: dict


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """A course with an assignment that nobody has handed in."""
    return make_course(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture(scope="module")
def course(released, tmp_path_factory) -> Iterator[Course]:
    """A course with a driver."""
    found = Course(released, tmp_path_factory.mktemp("driven"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def known(course, released, tmp_path_factory) -> Known:
    """A class of three: one wrong answer each, then nothing wrong, damage, and cells deleted."""
    nothing, regrade = (tmp_path_factory.mktemp(name) for name in ("nothing", "regrade"))
    first = course.right(meaning_answer='answer = "A"')
    course.hand_in(OLD, ann=first, bob=first, cyd=first)
    assert course.run(*AUTOGRADE) == 0
    older = course.graded()
    second = {
        "ann": course.right(),
        "bob": DAMAGED,
        "cyd": without(course.right(), "last_answer", "last"),
    }
    course.hand_in(NEW, **second)
    course.save(regrade)
    course.forget(released / "gradebook.db")
    course.hand_in(NEW, **second)
    course.save(nothing)
    assert course.run(*AUTOGRADE) == 0
    return Known(nothing, regrade, older, course.results())


def scores(results: dict, student: str) -> list[float]:
    return [results[student, name] for name in FULL]


def test_the_class_is_what_the_tests_take_it_for(known):
    assert [scores(known.done, student) for student in ("ann", "bob", "cyd")] == [
        [1, 2, 3, 1],
        [0, 0, 0, 0],
        [1, 2, 3, 0],
    ]
    assert len(known.older) == 6 and known.older.keys() <= known.done.keys()
    assert all(known.older[name] != known.done[name] for name in known.older)


@each_command
@pytest.mark.parametrize("start", ["nothing", "regrade"])
def test_killed_at_any_step_it_goes_on_from_there(course, known, command, start):
    course.restore(getattr(known, start))
    assert course.run(*command) == 0
    assert course.results() == known.done, "an older score survives, or the two commands differ"
    steps = course.steps()
    for share in (0.35, 0.75):
        course.restore(getattr(known, start))
        assert course.run(*command, last=int(steps * share)) == -9
        goes_on(course, known, command, start)


@each_command
@pytest.mark.parametrize("moved", [False, True], ids=["before", "between"])
def test_killed_while_a_result_is_replaced_the_older_one_is_there(course, known, command, moved):
    """Before the older result moves aside, and after that, when the new one is not in its place."""
    course.restore(known.regrade)
    place = f"autograded/ann/{NAME}"
    moment = {"without": place} if moved else {"touching": place}
    assert course.run(*command, **moment) == -9
    assert (course.folder / place).exists() != moved
    goes_on(course, known, command, "regrade")


def goes_on(course: Course, known: Known, command: tuple, start: str) -> None:
    """Check that nothing was lost, and that the same command ends as it does undisturbed."""
    graded = course.graded()
    for path in (course.folder / ".grading").glob("*/*.replaced/*"):
        name = str(path.relative_to(course.folder / ".grading")).replace(".replaced", "")
        graded.setdefault(name, path.read_bytes())
    if start == "regrade":
        assert graded.keys() == known.older.keys()
    assert all(content in (known.older[name], known.done[name]) for name, content in graded.items())
    assert course.run(*command) == 0
    assert course.results() == known.done
    assert course.left_over() == []


def test_a_forced_regrade_that_was_begun_is_finished_without_force(course, known):
    """The gradebook has the new scores and the folder the older notebook, of the same time."""
    course.restore(known.regrade)
    for student in ("ann", "bob", "cyd"):
        put(course.folder / "submitted" / student / NAME, OLD, "timestamp.txt")
    assert course.run(*AUTOGRADE, "--force", touching=f"autograded/ann/{NAME}") == -9
    assert course.run(*AUTOGRADE) == 0
    results = course.results()
    notebook = f"ann/{NAME}/{NAME}.ipynb"
    assert results[notebook] == known.done[notebook]
    assert [scores(results, student)[0] for student in ("ann", "bob")] == [1, 0]
    assert course.left_over() == []


def test_a_killed_worker_is_named_and_the_class_goes_on_from_there(course, known):
    course.restore(known.nothing)
    assert course.run(*WORKERS, last=3, in_worker=True) == 1
    assert "a worker was killed; run the command again to go on" in course.log.read_text()
    goes_on(course, known, WORKERS, "nothing")


@each_command
def test_a_regrade_that_fails_leaves_the_older_result(course, known, command):
    course.restore(known.regrade)
    exercises = course.folder / "exercises"
    exercises.rename(course.folder / "away")
    assert course.run(*command) == 1
    (course.folder / "away").rename(exercises)
    assert course.graded() == known.older
    goes_on(course, known, command, "regrade")


@each_command
def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(course, known, command):
    course.restore(known.regrade)
    with course.locked("EXCLUSIVE") as release:
        threading.Timer(1, release).start()
        assert course.run(*command) == 0
    assert course.results() == known.done


def test_a_gradebook_in_use_is_waited_for_longer_than_sqlite_does_unless_its_address_says(tmp_path):
    for asked, seconds in (("", 60), ("?timeout=7", 7)):
        with engine(f"sqlite:///{tmp_path / 'gradebook.db'}{asked}").connect() as gradebook:
            waits = gradebook.exec_driver_sql("PRAGMA busy_timeout").scalar()
        assert waits == seconds * 1000


@each_command
def test_a_gradebook_that_stays_locked_ends_it_with_a_sentence(course, known, command):
    course.restore(known.regrade)
    with course.locked("EXCLUSIVE"):
        assert course.run(*command) == 1
    said = course.log.read_text()
    assert SENTENCE in said and "database is locked" in said
    assert "Traceback" not in said
    assert course.graded() == known.older
    goes_on(course, known, command, "regrade")


def test_one_who_cannot_be_recorded_does_not_stop_the_others(course, known):
    course.restore(known.regrade)
    course.log.unlink()

    def release_when_told(release: Callable[[], None]) -> None:
        while not (course.log.exists() and SENTENCE in course.log.read_text()):
            time.sleep(0.05)
        release()

    with course.locked("IMMEDIATE") as release:  # it can be read, and each write waits
        threading.Thread(target=release_when_told, args=(release,), daemon=True).start()
        assert course.run(*AUTOGRADE) == 1
    assert SENTENCE in course.log.read_text()
    now = course.graded()
    assert now[f"ann/{NAME}/{NAME}.ipynb"] == known.older[f"ann/{NAME}/{NAME}.ipynb"]
    assert now[f"cyd/{NAME}/{NAME}.ipynb"] == known.done[f"cyd/{NAME}/{NAME}.ipynb"]
    goes_on(course, known, AUTOGRADE, "regrade")


@each_command
def test_a_vanished_gradebook_is_written_anew(course, known, command):
    course.restore(known.nothing)
    assert course.run(*AUTOGRADE) == 0
    if command == AUTOGRADE:
        (course.folder / "gradebook.db").unlink()
    else:
        (course.folder / "gradebook.db").write_bytes(b"")
    goes_on(course, known, command, "nothing")


def test_a_full_disk_ends_it_with_a_sentence_and_is_resumed(course, known):
    ballast = course.folder / "ballast"
    for start, room in (
        ("regrade", 0),
        ("regrade", 8_192),
        ("nothing", 24_576),
        ("nothing", 49_152),
    ):
        course.restore(getattr(known, start))
        disk = os.statvfs(course.folder)
        ballast.write_bytes(b"x" * (disk.f_bavail * disk.f_frsize - room))
        assert course.run(*AUTOGRADE) == 1
        ballast.unlink()
        said = course.log.read_text()
        assert "No space left on device" in said or "disk is full" in said
        goes_on(course, known, AUTOGRADE, start)


@each_command
def test_a_killed_grading_leaves_no_process(released, tmp_path, command):
    folder = shutil.copytree(released, tmp_path / "course")
    for student in ("ann", "bob"):
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        sleeps = "import os, time\nos.fork()\ntime.sleep(100)" if student == "bob" else ""
        put(home, answered(right(folder), last_answer=sleeps))
    done = folder / "outcomes" / NAME / NAME / "ann.json"
    words = [sys.executable, HERE / "reaper.py", done, *command]
    subprocess.run(words, cwd=folder, check=True, timeout=600)
    assert not (folder / "autograded" / "bob").exists()


def test_a_folder_whose_name_nbgrader_cannot_hold_is_named_and_left_out(tmp_path):
    for name in ("[ann]", "line\nbreak", "jos\udce9", "zoe"):
        (tmp_path / "submitted" / name / NAME).mkdir(parents=True)
    (tmp_path / "submitted" / "link").mkdir()
    (tmp_path / "submitted" / "link" / NAME).symlink_to(tmp_path)
    converter = Autograde(coursedir=CourseDirectory(root=str(tmp_path), assignment_id=NAME))
    assert converter.students() == ["[ann]", "zoe"]
    course = converter.coursedir
    said = class_problems(course, NAME, [], passed_over(course, NAME), [])
    for name in ("line\N{REPLACEMENT CHARACTER}break", "jos?", "link"):
        assert name in said
    converter.coursedir.student_id = "[ann]"
    assert converter.students() == ["[ann]"]
