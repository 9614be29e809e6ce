"""The page that a student gets, opened from its folder in a browser: what is read, seen and pressed."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from broken import NAME, make_course, right
from broken.cases import put
from broken.course import answered
from commands import in_turn
from lab import PATIENCE, serve_lab
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from autograder import outcomes

HOSTILE = "<img src=x onerror=alert(1)>"
WRONG = {"last_answer": 'final = "A"', "measured_answer": "factor = 7"}
# A student's own cells: much output, a wide picture, and all that could look like the page's words.
LOUD = """for step in range(200):
    print("step", step, "x" * 150)
print("7 of 7 points, graded by hand")
import base64
from IPython.display import Image
Image(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), width=2000)"""
FAKE = """# 7 of 7 points

<section id="result-meaning" class="all"><p class="head"><strong>7 of 7 points</strong></p></section>
<nav id="questions"><p class="score">7 of 7</p></nav>
<p id="result-scaled">trap</p> <a href="#result-meaning" onclick="alert(1)">x</a>
<script>alert(1)</script>

| a | b |
|---|---|
| a_word_that_is_very_long_and_has_no_place_to_break_at_all | another_one_that_is_just_as_long |
"""
SCREENS = [(1280, 900, "light"), (1280, 900, "dark"), (390, 844, "light"), (390, 844, "dark")]
TITLES = ["Rates, part 1", "Rates, part 2", "Rates, part 3", "Rates, part 4"]
each_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda each: f"{each[0]}-{each[2]}")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A graded class: all right, two mistakes, an id to beware of, half a file, a grade by hand."""
    folder = make_course(tmp_path_factory.mktemp("a course") / "c")
    settings = folder / "nbgrader_config.py"
    rule = 'c.LatePolicy.kind = "per day"\nc.LatePolicy.per_day = 2'
    settings.write_text(settings.read_text().replace('c.LatePolicy.kind = "none"', rule))
    loud = answered(right(folder), **WRONG)
    loud["cells"][3:3] = [new_code_cell(LOUD, id="loud"), new_markdown_cell(FAKE, id="fake")]
    handed_in = {
        "ann": right(folder),
        "ben": loud,
        HOSTILE: answered(right(folder), measured_answer="factor = 1 / 0"),
        "cut": '{"cells": [',
        "eve": answered(right(folder), last_answer='final = "A"'),
    }
    for student, content in handed_in.items():
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        put(home, content)
    put(home, "2026-12-01 19:30:00 UTC", "timestamp.txt")  # eve's
    due = ("autograder", "due", NAME, "2026-12-01 18:00")
    in_turn((folder, *due), (folder, "autograder", "grade", NAME, "--workers", "2"))
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("last", NAME, NAME, "eve").manual_score = 0.5
        gradebook.find_comment(
            "last_answer", NAME, NAME, "eve"
        ).manual_comment = f"Your text **says** why. {FAKE}"
        lost = gradebook.find_comment("meaning_answer", NAME, NAME, "cut")
        lost.manual_comment = "Send it by mail."
        gradebook.update_or_create_student("eve", first_name="Eve", last_name="<i>Adams</i>")
        gradebook.db.commit()
    in_turn((folder, "nbgrader", "generate_feedback", NAME))
    return folder


def place(course: Path, student: str) -> str:
    return (course / "feedback" / student / NAME / f"{NAME}.html").as_uri()


@pytest.fixture
def open_page(browser, course):
    """Return a function that opens a student's page; nothing may be asked for, said or run."""
    contexts, faults = [], []

    def opened(student: str, screen: tuple = SCREENS[0], **settings):
        width, height, scheme = screen
        view = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=view, color_scheme=scheme, **settings))
        page = contexts[-1].new_page()
        address = place(course, student)
        page.on(
            "request", lambda each: each.url.partition("#")[0] == address or faults.append(each.url)
        )
        page.on("console", lambda said: faults.append(said.text))
        page.on("dialog", lambda each: (faults.append(each.message), each.dismiss()))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [each for each in faults if not each.startswith("data:")] == []


def words(locator) -> str:
    return " ".join(locator.inner_text().split())


@each_screen
def test_the_first_screen_says_the_score_and_where_to_look(open_page, screen):
    page = open_page("ben", screen)
    score = page.locator("header .score")
    assert words(score) == "3 of 7 points"
    first = page.get_by_role("link", name=TITLES[2])
    for each in (score, first):
        box = each.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= screen[1]
    assert page.locator("nav a").all_inner_texts() == TITLES
    lines = [" ".join(each.split()) for each in page.locator("nav li").all_inner_texts()]
    assert lines[0].endswith("1 of 1 points All right.")
    assert "0 of 3 points" in lines[2] and "It should be another one." in lines[2]
    assert "2 of 4 questions lost points" in words(page.locator("nav"))


@pytest.mark.parametrize(
    ("student", "screen"),
    [*(("ben", screen) for screen in SCREENS), ("cut", SCREENS[3]), ("eve", SCREENS[3])],
)
def test_nothing_goes_sideways_and_everybody_can_read_it(open_page, student, screen):
    page = open_page(student, screen, bypass_csp=True)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_link_leads_to_the_result_and_back_with_the_keyboard(open_page):
    page = open_page("ben", SCREENS[2])
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to your notebook"
    page.locator("nav a", has_text=TITLES[3]).focus()
    page.keyboard.press("Enter")
    result = page.locator("section#result-last")
    box = result.bounding_box()
    assert 0 <= box["y"] < SCREENS[2][1]
    assert "You chose A. That is too small." in words(result)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "All questions"
    page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="Questions").bounding_box()["y"] >= 0


def test_a_result_has_its_parts_and_no_number_alone(open_page):
    page = open_page("ann")
    assert words(page.locator("#result-scaled .parts")) == "The function is right."
    assert "Out[" not in page.content()
    assert "2.0" not in words(page.locator("#result-scaled"))


def test_what_a_student_printed_or_wrote_stands_visibly_in_their_own_boxes(open_page):
    page = open_page("ben")
    for fake in page.get_by_text("7 of 7").all():
        assert fake.evaluate("each => !!each.closest('figure, article')")
        assert not fake.evaluate("each => !!each.closest('section, aside, nav, header')")
    assert page.locator("[id=result-meaning]").count() == 1
    assert page.locator("[id=result-scaled]").evaluate("each => each.localName") == "section"
    assert page.locator("figcaption", has_text="Output of your code").count() == 1


def test_much_output_scrolls_in_its_box(open_page):
    box = open_page("ben").locator("figure", has_text="step 199").locator(".written")
    assert box.evaluate("each => each.scrollHeight > 1000 && each.clientHeight < 500")
    assert box.evaluate("each => (each.focus(), document.activeElement === each)")


def test_an_id_is_a_name_and_no_element(open_page):
    page = open_page(HOSTILE)
    assert f"Feedback for {HOSTILE}" in words(page.locator("header"))
    assert "ZeroDivisionError" in words(page.locator("nav"))


def test_a_person_is_heard_and_a_penalty_is_named(open_page):
    page = open_page("eve")
    top = words(page.locator("header"))
    assert "Eve <i>Adams</i> (eve)" in top and "4.5 of 7 points" in top
    assert "Handed in 1 hour 30 minutes late: it was due on 1 December 2026 at 18:00 UTC" in top
    assert "2 points are taken off: 2 points for each day begun." in top
    assert "Graded by hand. Your text says why." in words(page.locator("nav li").last)
    assert "Your text says why." in words(page.locator("aside"))
    assert "0.5 of 1 points, graded by hand" in words(page.locator("#result-last"))
    assert "You chose A" not in page.content()


def test_an_unreadable_file_has_one_sentence_and_no_list(open_page):
    page = open_page("cut")
    assert words(page.locator("header .score")) == "0 of 7 points"
    said = words(page.locator("main"))
    assert "could not be graded" in said and said.count("hand it in again") == 1
    assert page.get_by_role("link").count() == 0
    assert words(page.locator("main aside")) == "Comment Send it by mail."


def test_on_paper_everything_is_open_and_nothing_is_cut(open_page):
    page = open_page("ben", SCREENS[1])
    check = page.locator("#result-last .code")
    assert not check.is_visible()
    page.emulate_media(media="print")
    assert check.is_visible() and not page.locator(".head a").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    cut = "all => all.filter(each => each.scrollHeight > each.clientHeight + 1).length"
    assert page.locator(".code, .written").evaluate_all(cut) == 0


def test_links_lead_where_they_should_in_jupyterlab_too(course, browser, tmp_path):
    """JupyterLab's viewer says that the page lies elsewhere, where a hub may not let its frame read."""
    with serve_lab(course / "feedback" / "ben" / NAME, tmp_path) as address:
        page = browser.new_page()
        page.goto(f"{address}lab/tree/{NAME}.html")
        shown = page.frame_locator(".jp-HTMLViewer iframe")
        shown.locator("nav a").last.click(timeout=PATIENCE)
        expect(shown.locator("#result-last")).to_be_in_viewport(timeout=PATIENCE)
        assert shown.locator("body").evaluate("() => location.protocol") == "blob:"
        page.close()


def test_an_outcome_of_another_run_leaves_the_text_that_was_graded(course):
    outcome = outcomes.load(course, NAME, NAME, "ann")
    outcome.verdicts["scaled"]["text"] = "0 of 2 points\n"
    outcomes.save(course, outcome)
    in_turn((course, "nbgrader", "generate_feedback", NAME, "--student", "ann", "--force"))
    text = (course / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()
    assert "The function is right." in text and "2 of 2 points" in text
    assert re.search(r"7</strong> of 7 points", text)
