"""A class in a real hub, from the release of an assignment to the feedback that each student reads.

The hub, its proxy, the system accounts, the exchange, formgrader and the sandbox are those of
`make classroom`. One student works in Chromium, the others through the addresses that its pages ask.
"""

import json

import pytest
from classroom import COURSE, NAME, RIGHT, WRONG, Classroom, open_classroom, path_of, solve
from lab import PATIENCE, cell_with, open_notebook, write
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect

expect.set_options(timeout=PATIENCE)
POINTS = {"ada": 4.0, "ben": 0.5, "zoë": 4.0}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    with open_classroom(tmp_path_factory.mktemp("classroom")) as found:
        yield found


@pytest.fixture(scope="module")
def handed_in(classroom: Classroom, browser) -> Classroom:
    """Three students have fetched, solved, validated and submitted: the first in a browser."""
    classroom.formgrader("ines").press("assignment", NAME, "release")
    page = browser.new_page(viewport={"width": 1400, "height": 2000})
    page.set_default_timeout(PATIENCE)
    in_a_browser(page, classroom)
    page.close()
    for name, answers in {"ben": WRONG, "zoë": RIGHT}.items():
        student = classroom.at_work(name)
        student.press("fetch", COURSE, NAME)
        before = student.validate(path_of(COURSE))
        assert [each["error"][:7] for each in before["failed"]] == ["Not yet"] * 2
        solve(student, COURSE, answers)
        assert student.validate(path_of(COURSE)) == {}
        student.press("submit", COURSE, NAME)
    return classroom


def in_a_browser(page: Page, classroom: Classroom) -> None:
    """Do as ada what a student does in JupyterLab."""
    page.goto(classroom.address)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(classroom.passwords["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/user/ada/lab**")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_text("Assignment List", exact=True).first.click()
    page.get_by_role("button", name="Fetch", exact=True).click()
    fetched = page.locator("#fetched_assignments_list")
    fetched.get_by_role("button", name="Submit").wait_for()

    open_notebook(page, f"{classroom.address}/user/ada/", path_of(COURSE))
    write(page, cell_with(page, "answer_q1 = None"), RIGHT["q1_answer"])
    write(page, cell_with(page, "answer_q2 = []"), RIGHT["q2_answer"])
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="Validate").click()
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
    formgrader = handed_in.formgrader("greta")
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
        person = graded.person(student)
        person.press("fetch_feedback", COURSE, NAME)
        (submission,) = person.assignments(COURSE)["submitted", NAME]["submissions"]
        page = person.read(f"{submission['local_feedback_path']}/{NAME}.html")
        assert f"{points:g} of 4" in page
