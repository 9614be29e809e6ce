"""Formgrader for several graders: nobody waits for another's grading, and nothing is lost in between."""

import os
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commands import in_turn
from grader import Grader, wait_for
from lab import serve_lab
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from tests.autograder.broken import FULL, NAME, make_course, right
from tests.autograder.broken.cases import put
from tests.autograder.broken.course import answered
from tests.autograder.grading import postgresql

HANGS = {"last_answer": "while True:\n    pass"}
LOCKED = 10  # seconds for which another process holds the gradebook; SQLite's own patience is 5


def hand_in(course: Path, student: str, **answers: str) -> None:
    home = course / "submitted" / student / NAME
    home.mkdir(parents=True, exist_ok=True)
    put(home, answered(right(course), **answers))


def points(url: str, student: str) -> tuple[float, ...]:
    with Gradebook(url) as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student)
        scores = {grade.name: grade.score for grade in found.grades}
    return tuple(scores[name] for name in FULL)


def workers(course: Path) -> list[Path]:
    """Return the processes that work for the buttons of a course's formgrader."""
    words = f"autograder.formgrader.worker\0{course}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().endswith(words):
                found.append(process)
        except OSError:  # it has just ended
            continue
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A class of which everyone is graded, and of which hal has then handed in what never ends."""
    folder = make_course(tmp_path_factory.mktemp("formgrader") / "a course")
    for student in ("ann", "bob", "hal"):
        hand_in(folder, student)
    in_turn((folder, "nbgrader", "autograde", NAME))
    hand_in(folder, "hal", **HANGS)
    return folder


@pytest.fixture
def logs(tmp_path) -> Path:
    """The folder of what a server says."""
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def sqlite(course: Path) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


def in_its_place(url: str, student: str) -> tuple[str, dict, dict]:
    """Return a submission's number, and the score and the comment of its first question."""
    with Gradebook(url) as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student)
        grade = next(each for each in found.grades if each.name == "meaning")
        comment = next(each for each in found.comments if each.name == "meaning_answer")
        return found.id, grade.to_dict(), comment.to_dict()


def test_nobody_waits_for_a_grading_and_a_restart_in_it_loses_nothing(course, logs):
    checks = course / "autograder" / "checks" / NAME / "__init__.py"
    begun = course / ".grading" / "hal" / f"{NAME}.begun"
    settings = course / "nbgrader_config.py"
    short = settings.read_text()
    settings.write_text(short + "\nc.Execute.timeout = 3000\nc.SandboxedExecute.limits = ")
    with settings.open("a") as more:
        more.write("{'notebook_seconds': 3600, 'notebook_cpu': 3600}\n")
    with ThreadPoolExecutor() as threads, serve_lab(course, logs) as address:
        greta, goran = Grader(address), Grader(address)
        host = urlsplit(address)
        page = socket.create_connection((host.hostname, host.port))
        lines = [
            f"POST /formgrader/api/submission/{NAME}/hal/autograde HTTP/1.1",
            f"Host: {host.netloc}",
        ]
        lines += [
            "Content-Length: 0",
            *(f"{name}: {said}" for name, said in greta.headers().items()),
        ]
        page.sendall("\r\n".join([*lines, "", ""]).encode())
        wait_for(begun.exists)
        page.close()  # the grading goes on without it
        next_one = threads.submit(_until_gone, greta.press, f"submission/{NAME}/bob/autograde")
        number, grade, comment = in_its_place(sqlite(course), "ann")
        assert {each["student"] for each in goran.listed(f"submissions/{NAME}")} == {
            "ann",
            "bob",
            "hal",
        }
        assert "student's answer" in goran.open(f"submissions/{number}/?index=0").lower()
        goran.save("grade", grade["id"], manual_score=0.5, extra_credit=None)
        goran.save("comment", comment["id"], manual_comment="Say why.")
        assert begun.exists() and not next_one.done()
        assert len(workers(course)) == 1
    wait_for(lambda: not workers(course))
    assert points(sqlite(course), "hal") == (1, 2, 3, 1)  # of the older submission
    assert points(sqlite(course), "ann") == (0.5, 2, 3, 1)
    assert in_its_place(sqlite(course), "ann")[2]["manual_comment"] == "Say why."
    settings.write_text(short)
    with ThreadPoolExecutor() as threads, serve_lab(course, logs) as address:
        both = [Grader(address) for _ in range(2)]
        lost = threads.submit(both[0].press, f"submission/{NAME}/hal/autograde")
        wait_for(lambda: "hal is graded" in (logs / "lab.log").read_text())
        for worker in workers(course):
            os.kill(int(worker.name), signal.SIGKILL)  # as a machine without memory does
        assert "ended from outside" in lost.result()["log"]
        done = list(threads.map(lambda who: who.press(f"submission/{NAME}/hal/autograde"), both))
        assert [each["success"] for each in done] == [True, True]
        assert "ran longer than 4 seconds" in done[0]["log"]
        text = checks.read_text()
        checks.write_text(text.replace("value == 2.0", "value == 7.0"))
        both[0].press(f"submission/{NAME}/ann/autograde")
        checks.write_text(text)
    assert points(sqlite(course), "hal") == (1, 2, 3, 0)
    assert points(sqlite(course), "ann") == (0.5, 0, 3, 1)  # by the check as it was then
    assert not begun.exists()


def _until_gone(press: Callable, path: str) -> object:
    """Press a button of a server that is stopped before it has answered."""
    try:
        return press(path)
    except OSError as gone:
        return gone


@contextmanager
def locked_sqlite(url: str) -> Iterator[None]:
    """Hold the gradebook, as another process that writes, until the block ends."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("begin exclusive")
        yield
        other.execute("rollback")


@contextmanager
def locked_postgresql(url: str) -> Iterator[None]:
    """Hold what grading writes to, until the block ends; every connection was lost just before."""
    with create_engine(url).connect() as other:
        other.execute(text(f"{postgresql.LOST} and pid <> pg_backend_pid()"))
        other.execute(text("lock table student, grade, comment in access exclusive mode"))
        yield


@pytest.fixture(params=[locked_sqlite, locked_postgresql])
def gradebook(request, course, tmp_path) -> Iterator[tuple[Path, str, Callable]]:
    """A copy of the course, the address of its gradebook, and how another process locks that."""
    folder = tmp_path / "c"
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns("gradebook.db", ".grading"))
    own = f"\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    (tmp_path / "exchange").mkdir(mode=0o777)
    with ExitStack() as running:
        url = sqlite(folder)
        if request.param is locked_postgresql:
            place = postgresql.programs()
            if place is None:
                pytest.skip(
                    "PostgreSQL is not tested, as it is not here: apt-get install postgresql"
                )
            url = running.enter_context(postgresql.running(place)).new("locked")
            own += f"c.CourseDirectory.db_url = {url!r}\n"
        with (folder / "nbgrader_config.py").open("a") as settings:
            settings.write(own)
        in_turn(
            (folder, "nbgrader", "generate_assignment", NAME),
            (folder, "nbgrader", "autograde", NAME, "--student", "ann"),
            (folder, "nbgrader", "release_assignment", NAME),
        )
        yield folder, url, request.param


def test_a_gradebook_that_another_process_locks_loses_nothing_and_shows_no_trace(gradebook, logs):
    course, url, locked = gradebook
    _, grade, comment = in_its_place(url, "ann")
    with serve_lab(course, logs) as address, ThreadPoolExecutor() as threads:
        greta, goran = Grader(address), Grader(address)
        greta.press(f"submission/{NAME}/bob/autograde")  # the worker has imported
        with locked(url):
            saved = [
                threads.submit(greta.save, "grade", grade["id"], manual_score=0.5),
                threads.submit(goran.save, "comment", comment["id"], manual_comment="Why?"),
            ]
            pressed = [
                threads.submit(goran.press, path)
                for path in (
                    f"submission/{NAME}/bob/autograde",
                    f"assignment/{NAME}/collect",
                    f"assignment/{NAME}/ann/generate_feedback",
                )
            ]
            time.sleep(LOCKED)
            assert not any(each.done() for each in (*saved, *pressed))
        for each in saved:
            each.result()
        said = [each.result() for each in pressed]
    assert [each["success"] for each in said] == [True, True, True], said
    assert "Traceback" not in (logs / "lab.log").read_text() + str(said)
    assert points(url, "ann") == (0.5, 2, 3, 1)
    assert in_its_place(url, "ann")[2]["manual_comment"] == "Why?"
    assert points(url, "bob") == (1, 2, 3, 1)
    assert (course / "feedback" / "ann" / NAME / f"{NAME}.html").exists()
