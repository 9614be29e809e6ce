"""The site as a reader meets it: with a keyboard, on a phone, in the dark, without JavaScript.

The pages are those of `make book`; conftest.py fails a test whose page says anything to the console or
asks another host for anything. What holds for every page is in `test_every_page`.
"""

import re
from pathlib import Path

import pytest
from cells import ORIGINS

from autograder.chapters import Page, anchor
from tests.book.test_pattern import SECTIONS

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(f"{path.stem}.html" for path in (ROOT / "book").glob("[0-9]*.ipynb"))

SHOW_ALL = re.compile("^Show all")


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request) -> str:
    """The name of a chapter's page."""
    return request.param


@pytest.fixture(scope="module")
def _page(visitor, chapter):
    page = visitor.open(chapter)
    yield page
    page.context.close()


@pytest.fixture
def page(_page, watched):
    """A chapter that its tests share: each leaves a part of it alone that another looks at."""
    return _page


@pytest.fixture(scope="module")
def _plain_page(visitor, chapter):
    page = visitor.open(chapter, java_script_enabled=False)
    yield page
    page.context.close()


@pytest.fixture
def plain_page(_plain_page, watched):
    """A chapter without JavaScript, for the tests that share it."""
    return _plain_page


def words(text: str) -> str:
    return " ".join(text.split())


def focus_is_in(page, selector: str) -> bool:
    return page.evaluate("s => Boolean(document.activeElement.closest(s))", selector)


def tab_to(page, selector: str, limit: int = 60) -> None:
    """Press Tab until the focus is in `selector`."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if focus_is_in(page, selector):
            return
    pytest.fail(f"{limit} presses of Tab do not reach {selector}")


def jump(page, section: str) -> None:
    """Follow a link of the contents, beside the text or above it, with the keyboard."""
    links = page.locator(":is(.contents, .mode-strip) a:visible")
    links.filter(has_text=re.compile(f"^{section}$")).focus()
    page.keyboard.press("Enter")


def test_on_a_phone_the_menu_button_opens_the_list_of_chapters(open_page):
    page = open_page(CHAPTERS[0], width=390)
    chapter = page.get_by_role("link", name="2 Too low, too high", exact=True)
    assert chapter.count() == 0  # none that is shown
    assert page.locator(".secondary-toggle:visible").count() == 0  # it has nothing to open
    page.get_by_role("button", name="List of chapters").press("Enter")
    chapter.click()
    page.wait_for_url(f"**/{CHAPTERS[1]}")


def test_on_a_desktop_the_menu_button_makes_room_and_gives_the_list_back(open_page):
    page = open_page(CHAPTERS[0])
    chapter = page.locator(".bd-sidebar-primary", has_text="Too low, too high")
    button = page.get_by_role("button", name="List of chapters")
    assert chapter.is_visible()
    button.click()
    chapter.wait_for(state="hidden")
    button.click()
    chapter.wait_for(state="visible")


def test_there_are_chapters():
    assert CHAPTERS


def test_the_first_picture_comes_within_two_screens_of_a_phone(open_page, chapter):
    page = open_page(chapter, width=390)
    picture = page.locator("main :is(img, .lrlab-drawing svg)").first
    assert picture.evaluate("part => part.getBoundingClientRect().top + scrollY") < 2 * 844
    assert picture.evaluate("part => part.closest('section').id") == "idea"


def test_a_check_is_one_quiet_line_that_opens_to_its_code(page):
    checks = page.locator("details.check")
    assert checks.count() >= 5 and page.locator("details.fold[open]").count() == 0
    check = checks.first
    line, code = check.locator("summary"), check.locator("pre")
    assert line.inner_text().startswith("✓ checked: ") and not code.is_visible()
    line.press("Enter")
    assert code.is_visible() and "assert" in code.inner_text()


def test_what_opens_and_where_a_result_comes_from_is_said_in_words(page):
    assert page.get_by_text("Show code cell").count() == 0
    badges = page.locator(".origin")
    assert badges.count() >= 3 and {*badges.all_inner_texts()} <= {*ORIGINS}


def test_every_question_is_answered_by_keyboard_alone(open_page, chapter):
    page = open_page(chapter)
    questions = page.locator(".quiz-question")
    total = questions.count()
    assert total >= 5
    jump(page, "Quiz")
    for number in range(total):
        question = questions.nth(number)
        anchor = "#" + question.get_attribute("id")
        tab_to(page, f"{anchor} input")
        page.keyboard.press("Space")
        for step in range(question.get_by_role("radio").count()):
            if step:
                page.keyboard.press("ArrowDown")
                assert question.get_by_role("status").inner_text() == ""
            page.keyboard.press("Enter")
            letter = question.locator("input:checked").get_attribute("value")
            told = question.locator(f".quiz-options [data-option={letter}]").text_content()
            assert words(question.get_by_role("status").inner_text()) == words(told)
        score = page.locator(".quiz-score").inner_text()
        assert score.startswith(f"{number + 1} of {total} answered")
    first_try = page.locator(".quiz-option:nth-of-type(1) input").evaluate_all(
        """firsts => firsts.filter(first => first.closest(".quiz-question")
             .querySelector(`[data-option="${first.value}"]`).matches(".quiz-right")).length"""
    )
    assert score.endswith(f"{first_try} right at the first try")


def test_an_empty_answer_is_asked_for(page):
    question = page.locator(".quiz-question").first
    question.get_by_role("button", name="Check answer").press("Enter")
    assert question.get_by_role("status").inner_text() == "Choose an option first."


def test_hint_and_solution_come_when_asked_for(page):
    question = page.locator(".quiz-question").first
    hint, solution = question.locator(".quiz-hint"), question.locator(".quiz-solution")
    assert not hint.locator("p").first.is_visible()
    hint.locator("summary").press("Enter")
    assert hint.locator("p").first.is_visible()

    steps, final = solution.locator(".quiz-steps > li"), solution.locator(".quiz-final")
    solution.locator("summary").press("Enter")
    for shown in range(1, steps.count() + 1):
        assert [step.is_visible() for step in steps.all()].count(True) == shown
        assert not final.is_visible()
        solution.get_by_role("button").press("Enter")
    assert final.is_visible()
    assert solution.get_by_role("button").count() == 0


def test_the_slider_moves_the_number_and_the_drawing(page):
    jump(page, "See it")
    tab_to(page, ".lrlab-control input")
    view = page.locator(".lrlab-view").first
    slider, value = view.get_by_role("slider"), view.locator(".lrlab-value")
    drawing = view.locator(".lrlab-drawing")
    numbers, drawings = set(), set()
    for key in ("Home", "ArrowRight", "End"):
        page.keyboard.press(key)
        numbers.add(value.inner_text())
        drawings.add(drawing.inner_html())
        assert slider.get_attribute("aria-valuetext").endswith(value.inner_text())
    assert len(numbers) == len(drawings) == 3


def test_a_prediction_is_revealed_by_keyboard(page):
    view = page.locator(".lrlab-view").first
    dots, answer = view.locator(".lrlab-dot"), view.get_by_role("status")
    before = dots.count()
    view.get_by_role("button", name="Reveal").press("Enter")
    assert "first" in answer.inner_text() and dots.count() == before
    view.get_by_role("radio").first.press("Space")
    page.keyboard.press("Enter")
    assert re.match(r"(Yes|No), .*\d", answer.inner_text())
    assert dots.count() == before + 1
    assert "1 predicted right" in view.locator(".lrlab-score").inner_text()
    view.get_by_role("button", name=SHOW_ALL).press("Enter")
    assert dots.count() > before + 3


def test_the_strip_leads_to_every_section(page):
    assert page.locator(".mode-strip a").all_inner_texts() == SECTIONS
    for section in SECTIONS:
        jump(page, section)
        place, at_end = page.evaluate(
            """title => {
                 const headings = [...document.querySelectorAll("h2")];
                 const heading = headings.find(h => h.firstChild.textContent.trim() === title);
                 const strip = document.querySelector(".mode-strip").getBoundingClientRect();
                 const atEnd = innerHeight + scrollY > document.body.scrollHeight - 2;
                 return [heading.getBoundingClientRect().top - strip.bottom, atEnd];
               }""",
            section,
        )
        assert -2 < place < (800 if at_end else 120), f"{section} is not below the strip"


def test_without_javascript_everything_can_be_read(plain_page):
    page = plain_page
    for picture in page.locator(".lrlab-fallback img").all():
        assert picture.is_visible() and len(picture.get_attribute("alt")) > 20
        assert picture.evaluate("image => image.naturalWidth") > 100
    assert page.locator(".lrlab-fallback img").count() >= 1
    for question in page.locator(".quiz-question").all():
        assert question.get_by_role("button").count() == 0
        for details in question.locator("details").all():
            details.locator("summary").click()
        options = question.locator(".quiz-option").count()
        explained = question.locator(".quiz-options li")
        assert explained.count() == options >= 2
        assert all(item.is_visible() for item in explained.all())


def test_print_shows_hints_solutions_and_every_rate_but_no_folded_code(open_page, chapter):
    page = open_page(chapter)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    parts = ".quiz-hint p, .quiz-steps li, .quiz-final p, .quiz-options li"
    assert page.locator(parts).count() > 25
    assert all(part.is_visible() for part in page.locator(parts).all())
    assert not page.locator(".quiz button").first.is_visible()
    assert page.locator("details.check > summary").first.is_visible()
    assert page.locator("details.fold[open]").count() == 0
    for view in page.locator(".lrlab-view").all():
        assert view.locator(".lrlab-dot").count() > 8


def test_math_needs_no_script(plain_page):
    page = plain_page
    assert page.locator("main math").count() > 0
    assert page.locator("script[src*=athjax], script[src*=atex]").count() == 0
    prose = page.locator("main").evaluate(
        """main => [...main.querySelectorAll("p, li")].map(part => {
             const copy = part.cloneNode(true);
             copy.querySelectorAll("code, pre, math").forEach(inner => inner.remove());
             return copy.textContent;
           }).join(" ")"""
    )
    assert not re.search(r"\$|\\[a-z]+\{|\\(frac|eta|lambda|nabla)", prose)


def test_every_section_is_where_feedback_and_assignments_link_to_it(site, chapter):
    page = Page.of((ROOT / "book" / chapter).with_suffix(".ipynb"))
    assert len(page.sections) >= len(SECTIONS)
    there = (site / page.name).read_text("utf-8")
    assert [
        title for title in page.sections if f'<section id="{anchor(title)}">' not in there
    ] == []


def test_every_reference_is_listed_with_its_address(open_page):
    entries = re.findall(r"^@\w+\{(\w+),", (ROOT / "book/references.bib").read_text(), re.MULTILINE)
    page = open_page("references.html")
    assert len(entries) >= 9
    assert page.locator(".citation").count() == len(entries)
    assert page.locator(".citation a[href^=http]").count() >= len(entries)
