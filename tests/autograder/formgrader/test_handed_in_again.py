"""Formgrader's buttons from a release to feedback, twice: a student hands in again after feedback.

What the buttons start runs in a worker, as the server starts it; the student's side is nbgrader's.
"""

import getpass
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from commands import in_turn
from grader import wait_for
from nbgrader.api import Gradebook

from autograder.grading.staged_result import StagedResult
from tests.autograder.broken import NAME, make_course
from tests.autograder.broken.course import ANSWERS, answered

ME = getpass.getuser()  # the exchange believes the account of whoever hands in
SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "learning-rates"
c.Exchange.root = {exchange!r}

from lrlab.handing_in import plug_in

plug_in(c)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course with an exchange, and a student in it."""
    folder = make_course(tmp_path_factory.mktemp("again") / "c")
    exchange = folder.parent / "exchange"
    exchange.mkdir()
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.add_student(ME)
    (folder.parent / "home").mkdir()
    settings = SETTINGS.format(exchange=str(exchange))
    (folder.parent / "home" / "nbgrader_config.py").write_text(settings)
    return folder


@pytest.fixture(scope="module")
def press(course) -> Iterator[Callable]:
    """Return a function that does what a button starts, and returns what its dialog is given."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "autograder.formgrader.worker", course],
        cwd=course,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(*request: str) -> dict:
        print(json.dumps(request), file=worker.stdin, flush=True)
        return json.loads(worker.stdout.readline())

    ask.pid = worker.pid
    yield ask
    worker.communicate()


def graded(press: Callable) -> None:
    """Collect, grade and give feedback."""
    steps = (("collect",), ("autograde", ME), ("generate_feedback",), ("release_feedback",))
    for step, *student in steps:
        said = press(step, NAME, *student)
        assert said["success"], said


def test_feedback_on_both_is_the_students_and_the_gradebook_has_the_last(course, press):
    home = course.parent / "home"
    notebook = home / NAME / f"{NAME}.ipynb"
    assert press("release_assignment", NAME)["success"]
    in_turn((course, "platform"), (home, "nbgrader", "fetch_assignment", NAME))
    answers = {name: "\n".join(pair) for name, pair in ANSWERS.items()}
    scores = []
    for last in ('final = "A"', 'final = "C"'):
        wrong_or_right = answered(
            json.loads(notebook.read_text()), **answers | {"last_answer": last}
        )
        notebook.write_text(json.dumps(wrong_or_right))
        in_turn((course, "platform"), (home, "nbgrader", "submit", NAME))
        graded(press)
        in_turn((course, "platform"), (home, "nbgrader", "fetch_feedback", NAME))
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            found = gradebook.find_submission(NAME, ME)
            scores.append(found.score)
            if len(scores) == 1:
                found.notebooks[0].comments[0].manual_comment = "Nearly."
                gradebook.db.commit()
    assert scores == [6, 7]
    pages = sorted(
        (home / NAME / "feedback").glob(f"*/{NAME}.html")
    )  # in folders named by the time
    said = [re.sub(r"<[^>]+>|\s+", " ", page.read_text()) for page in pages]
    assert [re.search(r"(\d) of 7 points", " ".join(each.split()))[1] for each in said] == [
        "6",
        "7",
    ]
    assert "Nearly." in said[1]
    assert len(list((course.parent / "exchange" / "learning-rates" / "inbound").iterdir())) == 2


def test_what_cannot_be_done_is_said_in_words(course, press):
    said = press("autograde", NAME, "nobody")
    assert not said["success"] and "No notebooks were matched by" in said["log"]
    settings = course / "nbgrader_config.py"
    text = settings.read_text()
    settings.write_text(text.replace("plug_in(c)", "plug_out(c)"))
    broken = press("autograde", NAME, ME)
    settings.write_text(text)
    assert not broken["success"] and "the grader cannot be loaded" in broken["log"]
    assert press("autograde", NAME, ME)["success"]
    assert "Traceback" not in str((said, broken)) and "error" not in said | broken


def test_a_button_waits_for_a_command_at_the_same_submission(course, press):
    result = StagedResult(course / "autograded" / ME / NAME, course / ".grading" / ME / NAME)
    waits = re.compile(rf"-> FLOCK .* {press.pid} ")
    with ThreadPoolExecutor() as threads, result.turn(logging.getLogger()):
        pressed = threads.submit(press, "autograde", NAME, ME)
        wait_for(lambda: pressed.done() or waits.search(Path("/proc/locks").read_text()))
        assert not pressed.done()
    assert "Another command is grading" in pressed.result()["log"]
    assert pressed.result()["success"]
