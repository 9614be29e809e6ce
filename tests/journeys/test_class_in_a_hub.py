"""A class in a real hub, from the release of an assignment to the feedback that each student reads.

The hub, its proxy, the system accounts, the exchange, formgrader and the sandbox are those of
`make classroom`. One student works in Chromium, the others through the addresses that its pages ask.
"""

import contextlib
import json
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from classroom import (
    ADA,
    BEN,
    COURSE,
    GRETA,
    INES,
    MEAN,
    NAME,
    OTHER,
    RIGHT,
    WRONG,
    ZOE,
    Classroom,
    open_classroom,
    path_of,
    solve,
)
from hub import Formgrader, Person, Refused
from lab import PATIENCE, cell_with, open_notebook, write
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect

from autograder import ROOT
from autograder.classroom.accounts import account, person

expect.set_options(timeout=PATIENCE)
POINTS = {ADA: 4.0, BEN: 2.5, ZOE: 4.0}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    with open_classroom(tmp_path_factory.mktemp("classroom")) as found:
        yield found


@pytest.fixture(scope="module")
def handed_in(classroom: Classroom, browser) -> Classroom:
    """Three students have fetched, solved, validated and submitted: the first in a browser."""
    classroom.formgrader(INES).press("assignment", NAME, "release")
    page = browser.new_page(viewport={"width": 1400, "height": 2000})
    page.set_default_timeout(PATIENCE)
    in_a_browser(page, classroom)
    page.close()
    for name, answers in {BEN: WRONG, ZOE: RIGHT}.items():
        student = classroom.at_work(name)
        student.press("fetch", COURSE, NAME)
        before = student.validate(path_of(COURSE))
        assert [each["error"][:7] for each in before["failed"]] == ["Not yet"] * 2
        solve(student, COURSE, answers)
        assert student.validate(path_of(COURSE)) == {}
        student.press("submit", COURSE, NAME)
    return classroom


def sign_in(page: Page, classroom: Classroom, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(classroom.passwords[name])
    page.get_by_role("button", name="Sign in").click()


def in_a_browser(page: Page, classroom: Classroom) -> None:
    """Do as ada what a student does in JupyterLab."""
    page.goto(classroom.address)
    sign_in(page, classroom, ADA)
    page.wait_for_url(f"**/user/{ADA}/lab**")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_text("Assignment List", exact=True).first.click()
    page.get_by_role("button", name="Fetch", exact=True).click()
    fetched = page.locator("#fetched_assignments_list")
    fetched.get_by_role("button", name="Submit").wait_for()

    open_notebook(page, f"{classroom.address}/user/{ADA}/", path_of(COURSE))
    write(page, cell_with(page, "answer_q1 = None"), RIGHT["q1_answer"])
    write(page, cell_with(page, "answer_q2 = []"), RIGHT["q2_answer"])
    page.get_by_role("button", name="Validate").click()  # it saves, too
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")
    dialog.get_by_role("button").click()

    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_text("Assignment List", exact=True).first.click()
    fetched.get_by_role("button", name="Submit").click()
    expect(page.locator("#submitted_assignments_list")).to_contain_text(NAME)


@pytest.fixture(scope="module")
def graded(handed_in: Classroom) -> Classroom:
    """A grader has collected what was handed in, had it graded, and sent everybody the feedback."""
    formgrader = handed_in.formgrader(GRETA)
    formgrader.press("assignment", NAME, "collect")
    for student in POINTS:
        formgrader.press("submission", NAME, student, "autograde")
    formgrader.press("assignment", NAME, "generate_feedback")
    formgrader.press("assignment", NAME, "release_feedback")
    return handed_in


def test_three_students_are_graded_in_the_sandbox(graded):
    folder = graded.course(COURSE)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions(NAME)}
    assert scores == POINTS
    for student in POINTS:
        outcome = json.loads((folder / "outcomes" / NAME / NAME / f"{student}.json").read_text())
        assert outcome["used"]["cpu"] > 0


def test_each_student_reads_their_own_feedback(graded):
    for student, points in POINTS.items():
        (page,) = feedback(graded.at_work(student), COURSE)
        assert f"{points:g} of 4" in page


def grade(formgrader: Formgrader, *students: str) -> dict[str, float]:
    """Collect, grade these students and release their feedback; return all scores."""
    formgrader.press("assignment", NAME, "collect")
    for student in students:
        formgrader.press("submission", NAME, student, "autograde")
        formgrader.press("assignment", NAME, student, "generate_feedback")
        formgrader.press("assignment", NAME, student, "release_feedback")
    return {
        each["student"]: each["score"]
        for each in formgrader.look("submissions", NAME)
        if each["autograded"]
    }


def feedback(student: Person, course: str) -> list[str]:
    """Fetch the feedback as a student does; return the pages of each submission, in order of time."""
    student.press("fetch_feedback", course, NAME)
    submissions = student.assignments(course)["submitted", NAME]["submissions"]
    folders = [each["local_feedback_path"] for each in submissions if each["has_local_feedback"]]
    return [student.read(each["path"]) for folder in folders for each in student.read(folder)]


# Run in a student's kernel: what of these files and folders can be read, and whether the grader is there.
LOOK = """
import importlib.util, json, os
readable = []
for path in {paths}:
    try:
        if os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1):
            readable.append(path)
    except OSError:
        pass
print(json.dumps([readable, importlib.util.find_spec("autograder") is not None]))
"""


def test_a_student_in_the_hub_sees_nothing_of_the_course_and_of_others(graded):
    course, exchange = graded.course(), graded.settings.exchange / COURSE
    (handed_in,) = (
        path for path in (exchange / "inbound").iterdir() if path.owner() == account(ADA)
    )
    own_page = (course / "feedback" / BEN / NAME / f"{NAME}.html").read_bytes()
    own = [str(path) for path in (handed_in, *handed_in.iterdir())]
    theirs = [
        *(course, *course.iterdir(), course / "solutions" / NAME, course / "submitted" / ADA),
        *(ROOT / part for part in ("autograder", "solutions", "tests", "nbgrader_config.py")),
        *(graded.path, graded.settings.state, exchange / "inbound"),
        *(path for path in (exchange / "feedback").iterdir() if path.read_bytes() != own_page),
        *(Path(person(name).pw_dir) for name in (ADA, ZOE, INES)),
        Path(person(ADA).pw_dir, path_of(COURSE)),
    ]
    paths = [str(path) for path in theirs]
    assert len(paths) > 20 and [path for path in paths if not Path(path).exists()] == []
    readable, has_grader = json.loads(graded.at_work(BEN).run(LOOK.format(paths=own + paths)))
    assert (readable, has_grader) == ([], False)
    assert json.loads(graded.at_work(ADA).run(LOOK.format(paths=own)))[0] == own  # it can see


def test_a_student_is_refused_what_is_others_by_every_address(graded):
    ben, ada = graded.at_work(BEN), graded.at_work(ADA)
    addresses = [
        *(ada.server + "/api/contents", f"{graded.address}/hub/api/users/{ADA}"),
        *(f"{graded.address}/hub/api/{each}" for each in ("users", "groups", "proxy")),
        *(graded.formgrader(BEN).address, graded.formgrader(BEN).address + "/api/assignments"),
        f"http://127.0.0.1:{graded.settings.ports.proxy}/api/routes",
    ]
    for address in addresses:
        with pytest.raises(Refused) as refused:
            ben.ask("GET", address)
        assert refused.value.status in (403, 404), address
    assert graded.signed_in(INES).ask("GET", addresses[-2])  # it is there


def test_the_address_of_formgrader_leads_through_the_sign_in_to_its_page(classroom, browser):
    page = browser.new_page()
    page.goto(f"{classroom.address}/services/{COURSE}/formgrader")
    sign_in(page, classroom, INES)
    expect(page.get_by_text(NAME, exact=True).first).to_be_visible()
    page.close()


def test_a_renamed_notebook_that_is_handed_in_again_counts(graded):
    ben = graded.at_work(BEN)
    solve(ben, COURSE, RIGHT)
    ben.rename(path_of(COURSE), f"{COURSE}/{NAME}/my own answers.ipynb")
    ben.press("submit", COURSE, NAME)
    assert grade(graded.formgrader(GRETA), BEN) == POINTS | {BEN: 4.0}
    first, *_, second = feedback(ben, COURSE)
    assert "2.5 of 4" in first and "4 of 4" in second


def test_two_courses_with_one_assignment_name_and_a_loop_without_end(graded):
    graded.formgrader(INES, OTHER).press("assignment", NAME, "release")
    loop = f"while True:\n    pass\n{MEAN}"
    for name, answer in {ADA: loop, ZOE: MEAN}.items():
        student = graded.at_work(name)
        student.press("fetch", OTHER, NAME)
        solve(student, OTHER, {"mean": answer})
        student.press("submit", OTHER, NAME)
    assert grade(graded.formgrader(GRETA, OTHER), ADA, ZOE) == {ADA: 0.0, ZOE: 2.0}
    (page,) = feedback(graded.at_work(ADA), OTHER)
    assert "ran longer than 5 seconds" in page
    (page,) = feedback(graded.at_work(ZOE), OTHER)
    assert "2 of 2" in page
    assert "4 of 4" in feedback(graded.at_work(ZOE), COURSE)[0]


def test_a_gradebook_that_is_locked_for_ten_seconds_loses_nothing(graded):
    formgrader, locked = graded.formgrader(GRETA), threading.Event()

    def lock() -> None:
        with contextlib.closing(sqlite3.connect(graded.course() / "gradebook.db")) as gradebook:
            gradebook.execute("BEGIN EXCLUSIVE")
            locked.set()
            time.sleep(10)

    holder = threading.Thread(target=lock)
    holder.start()
    assert locked.wait(PATIENCE)
    formgrader.press("submission", NAME, ZOE, "autograde")
    holder.join()
    scores = {each["student"]: each["score"] for each in formgrader.look("submissions", NAME)}
    assert scores[ADA] == scores[ZOE] == 4.0
