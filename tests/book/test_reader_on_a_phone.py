"""A reader with a phone and the site in a folder: everything by touch, and nothing from a network.

The same by keyboard, on a served site, is in `test_site` and in the tests of each part.
"""

import re

import pytest

PHONE = {"width": 390, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
CHAPTER = "02_too_low_too_high.html"


@pytest.fixture
def open_on_phone(open_page, site):
    """Return a function that opens a page of the folder."""
    return lambda name: open_page(name, folder=site, **PHONE)


def words(locator) -> str:
    return " ".join(locator.inner_text().split())


def test_opens_the_menu_and_changes_chapter(open_on_phone):
    page = open_on_phone("01_first_step.html")
    page.get_by_role("button", name="List of chapters").tap()
    page.get_by_role("link", name="2 Too low, too high", exact=True).tap()
    page.wait_for_url(f"**/{CHAPTER}")
    assert words(page.locator("article h1")).startswith("2 Too low, too high")


def test_answers_a_question_wrong_then_right(open_on_phone):
    question = open_on_phone(CHAPTER).locator(".quiz-question").first
    told = question.get_by_role("status")
    for kind, mark in (("wrong", "✗"), ("right", "✓")):
        letter = question.locator(f".quiz-options .quiz-{kind}").first.get_attribute("data-option")
        question.locator(f"input[value={letter}]").tap()
        question.get_by_role("button", name="Check answer").tap()
        assert told.inner_text().strip()
        assert mark in question.locator(".quiz-option:has(:checked)").inner_text()


def test_drags_the_rate_to_divergence(open_on_phone):
    page = open_on_phone(CHAPTER)
    view = page.locator("[data-module=u_curve]")
    slider, answer = view.get_by_role("slider"), view.locator(".lrlab-answer")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert slider.input_value() == slider.get_attribute("max")
    view.get_by_text("diverged", exact=True).tap()
    view.get_by_role("button", name="Reveal").tap()
    assert re.match(r"Yes, diverged\. .*\d", answer.inner_text())
    for each in (slider, answer):  # what is moved and what it says fit on one screen
        assert each.bounding_box()["y"] > 0


def test_finds_a_symptom_and_its_fix(open_on_phone):
    page = open_on_phone("symptoms.html")
    page.locator("#symptom").fill("nan")
    row = page.locator("table.mistakes tbody tr").first
    assert "fix" in row.inner_text().lower()
    row.locator("td:last-child a").tap()
    page.wait_for_url(re.compile(r"/\d\d_\w+\.html#"))


def test_searches_by_touch(open_on_phone):
    page = open_on_phone("intro.html")
    page.get_by_role("button", name="Search").first.tap()
    dialog = page.locator("#pst-search-dialog")
    dialog.locator("input").fill("ReduceLROnPlateau")
    dialog.locator(".search-result").first.tap()
    page.wait_for_url(re.compile(r"/09_plateau\.html"))


def test_takes_the_practice_test(open_on_phone):
    page = open_on_phone("practice_test.html")
    questions = page.locator(".quiz-question")
    for question in questions.all():
        question.locator("input").first.tap()
        question.get_by_role("button", name="Check answer").tap()
    total = questions.count()
    assert total == 10
    assert page.locator(".quiz-score").inner_text().startswith(f"{total} of {total} answered")
