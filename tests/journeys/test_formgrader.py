"""A teacher in formgrader's pages: what its buttons and lists say of a class in which things go wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import in_turn
from lab import PATIENCE, ROOT, serve_lab
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page

from tests.autograder import foreign

NAME = "week-1"
MEAN = "def mean(values):\n    return sum(values) / len(values)"
COURSE = foreign.Course(
    assignment=NAME,
    settings="c = get_config()\nc.Execute.timeout = 4\n",
    notebooks={
        NAME: [
            foreign.solution("mean_answer", "def mean(values):\n    return 0"),
            foreign.checked("mean", 2, "assert mean([2, 4]) == 3"),
            foreign.solution("most_answer", "most = None"),
            foreign.checked("most", 1, "assert most == 3"),
        ]
    },
    students={
        "ann": {NAME: {"mean_answer": MEAN, "most_answer": "most = 3"}},
        "cut": {NAME: b'{"cells": ['},
        "loop": {NAME: {"mean_answer": f"while True:\n    pass\n\n{MEAN}"}},
    },
)
CUT = "The file is not a Jupyter notebook, or only a part of one"
LOOP = "The cell that begins with `while True:` ran longer than 4 seconds, and was stopped;"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course with what a class has handed in, in a folder with a space."""
    folder = foreign.write(tmp_path_factory.mktemp("my class") / "of 2026", COURSE, plugged=True)
    in_turn((ROOT, "platform"), (folder, "nbgrader", "generate_assignment", NAME))
    foreign.hand_in(folder, COURSE)
    return folder


@pytest.fixture(scope="module")
def formgrader(course, browser, tmp_path_factory) -> Iterator[tuple[Page, str]]:
    """A page of a browser and the address of formgrader on the course, below others as in a hub."""
    with serve_lab(course, tmp_path_factory.mktemp("logs"), base="/services/means/") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        yield page, f"{address}formgrader"
        page.close()


@pytest.fixture(scope="module")
def pressed(formgrader) -> dict[str, str]:
    """What the dialog says after Autograde was pressed for each submission."""
    page, address = formgrader
    page.goto(f"{address}/manage_submissions/{NAME}")
    said = {}
    for student in COURSE.students:
        row(page, student).locator(".autograde a").click()
        dialog = page.locator(".modal.in")
        said[student] = dialog.inner_text()
        dialog.locator(".modal-footer button").click()
        dialog.wait_for(state="detached")
    return said


def row(page: Page, student: str) -> Locator:
    return page.locator("tr", has=page.locator("td.student-id", has_text=student))


def test_the_dialog_ends_with_what_went_wrong_and_shows_no_debugging(pressed):
    for student, why in {"cut": CUT, "loop": LOOP}.items():
        last = " ".join(pressed[student].split("[WARNING]")[-1].split())
        assert f"{student}: {why}" in last
        assert pressed[student].count("\n") < 40
    assert "[WARNING]" not in pressed["ann"]
    assert not any("[DEBUG]" in each for each in pressed.values())


def test_the_lists_show_whom_to_look_at_and_the_page_says_why(formgrader, pressed, course):
    page, address = formgrader
    page.goto(f"{address}/manage_submissions/{NAME}")
    status = {each: row(page, each).locator(".status").inner_text() for each in pressed}
    assert status == {"ann": "graded", "cut": "needs manual grading", "loop": "graded"}
    page.goto(f"{address}/gradebook/{NAME}/{NAME}")
    page.locator("td.name a").first.wait_for()
    page.get_by_role("button", name="Show All Names").click()
    flags = page.locator("tr:has(.glyphicon-flag) td.name")
    assert sorted(flags.all_inner_texts()) == ["cut", "loop"]
    for student, why in {"loop": LOOP.replace("`", ""), "cut": CUT}.items():
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            found = gradebook.find_submission_notebook(NAME, NAME, student).id
        page.goto(f"{address}/submissions/{found}/?index=0")
        assert why in page.locator("#notebook-container .text_cell").first.inner_text()
    page.wait_for_function("() => formgrader.grades?.loaded")
    assert page.locator("input.needs_manual_grade").count() == 1
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.locator(".no-credit").first.click()
    page.goto(f"{address}/manage_submissions/{NAME}")
    assert row(page, "cut").locator(".status").inner_text() == "graded"


def test_what_a_page_links_to_is_there(formgrader, pressed):
    page, address = formgrader
    page.goto(f"{address}/manage_assignments")
    page.locator("td.preview a").wait_for()
    for link in page.locator("td.name a, td.preview a").all():
        assert page.request.get(link.evaluate("link => link.href")).ok
    page.goto(f"{address}/gradebook/{NAME}/{NAME}")
    page.locator("td.name a").first.click()
    notebook = page.locator("nav a[target=_blank]").first
    notebook.wait_for()
    assert page.request.get(notebook.evaluate("link => link.href")).ok


def test_what_cannot_be_saved_is_said_and_stays_in_its_field(formgrader, pressed, course):
    page, address = formgrader
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, "ann").id
    page.goto(f"{address}/submissions/{found}/?index=0")
    page.wait_for_function("() => formgrader.grades?.loaded")
    field = page.locator("input.score").first
    refusals = {
        "gradebook": lambda asked: asked.fulfill(status=500),
        "signed in": lambda asked: asked.fulfill(status=403),
        "reached": lambda asked: asked.abort(),
    }
    for why, refuse in refusals.items():
        page.route("**/api/grade/*", refuse)
        field.fill("1.5")
        field.press("Tab")
        said = page.locator("#not-saved.in")
        assert why in said.inner_text()
        said.get_by_role("button", name="OK").click()
        said.wait_for(state="detached")
        page.unroute("**/api/grade/*")
        assert field.input_value() == "1.5"
        field.fill("")  # else nothing changes the next time
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            field.press("Tab")
