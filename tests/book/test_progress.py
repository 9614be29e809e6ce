"""Practice that remembers: what a reader did is there tomorrow, in this browser and in no other place.

`test_leitner` has the rules without a page.
"""

import datetime
import json
import re

import pytest

TODAY = datetime.datetime(2026, 11, 27, 12)
CHAPTER = "02_too_low_too_high.html"
FOREIGN = ["not a record", '{"cells": []}', '{"course": "lrlab", "version": 1, "deck": "<script>"}']
# Nothing of ours can be kept. What the theme keeps is its own.
FULL = """
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
        if (key.startsWith("lrlab")) throw new DOMException("full", "QuotaExceededError");
        setItem.call(this, key, value);
    };
"""
# As a browser that is told to keep nothing for any page.
BLOCKED = """
    for (const name of ["localStorage", "sessionStorage"]) {
        const get = () => { throw new DOMException("denied", "SecurityError"); };
        Object.defineProperty(window, name, { get, configurable: true });
    }
"""
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('lrlab'))"


def answer(question, *, right: bool) -> None:
    """Choose a right or a wrong option of a question and check it, with the keyboard."""
    kind = "right" if right else "wrong"
    letter = question.locator(f".quiz-options .quiz-{kind}").first.get_attribute("data-option")
    question.locator(f"input[value={letter}]").press("Space")
    question.page.keyboard.press("Enter")


def due(page):
    return page.locator("#practice-due > [role=status]").inner_text()


def chapter_entry(page, title: str):
    return page.locator(".practice-list > li", has_text=title)


@pytest.fixture
def read_chapter(open_page):
    """Return a function that opens a chapter at noon of a day, and answers some of its questions."""

    def read(*answers: bool, day: datetime.datetime = TODAY):
        page = open_page(CHAPTER)
        page.clock.set_fixed_time(day)
        for number, right in enumerate(answers):
            answer(page.locator(".quiz-question").nth(number), right=right)
        return page

    return read


def come_back(page, days: int, name: str = "progress.html") -> None:
    page.clock.set_fixed_time(TODAY + datetime.timedelta(days=days))
    page.goto(page.url.rsplit("/", 1)[0] + "/" + name)


def test_an_option_that_was_checked_is_marked_in_sight_and_in_words(read_chapter):
    page = read_chapter(False, True)
    for number, mark in enumerate([("✗", "wrong"), ("✓", "right")]):
        option = page.locator(".quiz-question").nth(number).locator("label:has(:checked)")
        shown = option.get_by_role("img", name=mark[1])
        assert shown.inner_text() == mark[0]
    again = page.locator(".quiz-question").first
    answer(again, right=True)  # and what was tried before stays marked
    assert sorted(again.locator(".quiz-mark").all_inner_texts()) == ["✓", "✗"]


def test_come_back_tomorrow_and_see_what_is_due(read_chapter):
    page = read_chapter(True, False)
    come_back(page, days=0)
    assert due(page) == (
        "Nothing is due today. 2 questions in your deck; the next is due tomorrow."
    )

    come_back(page, days=1, name=CHAPTER)
    page.get_by_role("link", name="Your progress 2 due").click()
    page.wait_for_url("**/progress.html")
    question = page.locator(".quiz-question")
    assert due(page) == "2 questions due." and question.count() == 1
    answer(question, right=True)
    answer(question, right=False)  # to read what that says: for the deck the first try counts
    page.get_by_role("button", name="Next question").press("Enter")
    assert page.evaluate("document.activeElement.type") == "radio"
    answer(question, right=False)
    page.get_by_role("button", name="Finish").press("Enter")
    assert due(page).startswith("Done for today: 1 of 2 right.")
    assert question.count() == 0

    come_back(page, days=2)
    assert due(page) == "1 question due."  # the one that was wrong
    answer(question, right=True)
    come_back(page, days=2)
    assert "due tomorrow" in due(page)
    come_back(page, days=5)
    assert due(page) == "2 questions due."


def test_a_section_is_read_when_its_end_was_in_sight_for_a_while(open_page):
    page = open_page(CHAPTER)
    sections = page.locator("h1 ~ section[id]")
    page.clock.install()
    for number in range(sections.count()):
        sections.nth(number).locator("> :last-child").scroll_into_view_if_needed()
        page.wait_for_timeout(50)
        page.clock.run_for(2000)
    page.get_by_role("link", name="Too low, too high read").wait_for()
    assert page.locator(".mode-strip a[data-read]").count() == sections.count()

    page.goto(page.url.replace(CHAPTER, "progress.html"))
    mine = chapter_entry(page, "Too low, too high")
    assert "11 of 11 sections read" in mine.inner_text()
    assert mine.get_by_role("progressbar").get_attribute("value") == "11"
    assert "0 of 11 sections read" in chapter_entry(page, "The first step").inner_text()


def test_a_prediction_counts_at_its_first_try(open_page):
    page = open_page(CHAPTER)
    view = page.locator(".lrlab-view").first
    view.get_by_role("radio").first.press("Space")
    page.keyboard.press("Enter")
    hit = view.get_by_role("status").inner_text().startswith("Yes")
    page.goto(page.url.replace(CHAPTER, "progress.html"))
    mine = chapter_entry(page, "Too low, too high")
    assert f"Predictions: {int(hit)} of 1 right." in mine.inner_text()


def test_a_quiz_says_how_it_went_before_and_where_it_comes_back(read_chapter):
    page = read_chapter(True, False)
    come_back(page, days=1, name=CHAPTER)
    note = page.locator(".practice-note")
    assert "2 of 5 answered, 1 right at the first try" in note.inner_text()
    answer(page.locator(".quiz-question").nth(2), right=True)
    assert "3 of 5 answered, 2 right at the first try" in note.inner_text()
    note.get_by_role("link", name="your progress").click()
    page.wait_for_url("**/progress.html")


def test_export_erase_and_import_give_the_same(read_chapter, tmp_path):
    page = read_chapter(True, False)
    come_back(page, days=1)
    before = page.evaluate(f"{KEPT}.map(key => localStorage[key])")
    listed = page.locator("#practice-chapters").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").press("Enter")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    page.get_by_role("button", name="Erase …").press("Enter")
    page.get_by_role("button", name="Keep it").press("Enter")
    assert page.evaluate(f"{KEPT}.map(key => localStorage[key])") == before
    page.get_by_role("button", name="Erase …").press("Enter")
    page.get_by_role("button", name="Erase everything").press("Enter")
    page.get_by_text("Everything was erased.").wait_for()
    assert page.evaluate(KEPT) == [] and "answered a question yet" in due(page)

    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("was put together with what is here").wait_for()
    assert page.evaluate(f"{KEPT}.map(key => localStorage[key])") == before
    assert page.locator("#practice-chapters").inner_text() == listed
    assert due(page) == "2 questions due."


def test_a_file_that_is_not_ours_is_refused_in_words_and_nothing_is_lost(read_chapter):
    page = read_chapter(True)
    come_back(page, days=0)
    before = page.evaluate(f"{KEPT}.map(key => localStorage[key])")
    status = page.locator("#practice-keep [role=status]")
    for number, text in enumerate(FOREIGN):
        name = f"file{number}.json"
        file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text(f"“{name}” was not imported: ").wait_for()
        assert status.inner_text().endswith(". Nothing was changed.")
    assert page.evaluate(f"{KEPT}.map(key => localStorage[key])") == before


def test_a_question_that_the_book_does_not_ask_any_more_is_never_due(open_page):
    page = open_page("progress.html")
    record = {"course": "lrlab", "version": 1, "deck": {"quiz-gone": {"box": 1, "at": 1}}}
    page.evaluate("record => localStorage.setItem('lrlab.progress.1', record)", json.dumps(record))
    page.reload()
    page.get_by_text("You have not answered a question yet").wait_for()
    assert page.locator(".practice-due").count() == 0


def test_two_tabs_do_not_overwrite_each_other(read_chapter):
    page = read_chapter(True)
    other = page.context.new_page()
    other.goto(page.url.replace(CHAPTER, "progress.html"))
    assert "1 of 5 answered" in chapter_entry(other, "Too low, too high").inner_text()
    answer(page.locator(".quiz-question").nth(1), right=True)
    chapter_entry(other, "Too low, too high").get_by_text("2 of 5 answered").wait_for()

    other.goto(page.url.replace(CHAPTER, "01_first_step.html"))
    answer(other.locator(".quiz-question").first, right=True)
    answer(page.locator(".quiz-question").nth(2), right=True)
    [record] = map(json.loads, page.evaluate(f"{KEPT}.map(key => localStorage[key])"))
    assert len(record["first"]) == 4


def test_where_nothing_can_be_kept_quizzes_work_and_the_page_says_so(visitor, watched):
    page = visitor.open("intro.html")
    page.add_init_script(FULL)
    page.goto(page.url.replace("intro.html", CHAPTER))
    question = page.locator(".quiz-question").first
    answer(question, right=True)
    assert question.locator(".quiz-feedback").inner_text().startswith("B. Right.")
    page.get_by_text("Your answers are not kept").wait_for()
    page.goto(page.url.replace(CHAPTER, "progress.html"))
    assert page.get_by_text("This browser keeps nothing for this site").is_visible()
    page.context.close()


def test_where_a_browser_blocks_storage_altogether_the_menu_works_and_the_page_says_so(
    visitor, watched
):
    page = visitor.open("intro.html", width=390)
    page.add_init_script(BLOCKED)
    page.goto(page.url.replace("intro", "progress"))
    assert page.get_by_text("This browser keeps nothing for this site").is_visible()
    page.get_by_role("button", name=re.compile("colo", re.IGNORECASE)).first.click()
    page.locator("html[data-mode=light], html[data-mode=dark]").wait_for()
    page.locator(".primary-toggle:visible").click()
    page.get_by_role("link", name=re.compile("^2 ")).first.click()
    page.wait_for_url("**/02_too_low_too_high.html")
    answer(page.locator(".quiz-question").first, right=True)
    page.get_by_text("Your answers are not kept").wait_for()
    page.context.close()


def test_without_javascript_the_page_says_what_it_needs(open_page):
    page = open_page("progress.html", java_script_enabled=False)
    assert page.get_by_text("This page needs JavaScript").is_visible()
    assert re.search("Nothing leaves your machine", page.locator("main").inner_text())
