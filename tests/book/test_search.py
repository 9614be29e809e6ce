"""The search: the section that a reader needs stands first, on every page and from a folder."""

import gzip
import re

import pytest
from docutils import nodes
from passages import words

# What one types, and the sections that answer it, by what the book says in them.
NEEDED = {
    "ReduceLROnPlateau": ["09_plateau.html#reducelronplateau-in-the-loop"],
    "loss is nan": [
        "02_too_low_too_high.html#why-no-nan",
        "02_too_low_too_high.html#waiting-for-nan",
    ],
    "missing backward": ["01_first_step.html#no-backward"],
    "lr scheduler order": ["08_schedules.html#first-the-optimizer-then-the-scheduler"],
    "dead relu": ["02_too_low_too_high.html#why-no-nan", "01_first_step.html#other-optimizers"],
    "what is a good learning rate": ["02_too_low_too_high.html#what-counts-as-good"],
    # As they are typed by somebody in a hurry.
    "warmup": ["08_schedules.html#eight-plans"],
    "lernig rate good": ["02_too_low_too_high.html#what-counts-as-good"],
    "reduce lr on plat": ["09_plateau.html#reducelronplateau-in-the-loop"],
}
LARGEST = 150_000  # bytes, compressed


@pytest.fixture(scope="module")
def _page(visitor):
    page = visitor.open("intro.html")
    yield page
    page.context.close()


@pytest.fixture
def page(_page, watched):
    """A page with its search closed, for all tests here."""
    _page.evaluate("document.querySelector('#pst-search-dialog').close()")
    _page.evaluate("document.activeElement.blur()")
    return _page


def results(page):
    return page.locator("#pst-search-dialog .search-result")


def first_for(page, text: str) -> str:
    """Type into the open dialog and return the address of the first result for all of the text."""
    field = page.locator("#pst-search-dialog input")
    field.fill("")
    results(page).first.wait_for(state="hidden")
    field.press_sequentially(text)
    results(page).first.wait_for()
    return results(page).first.get_attribute("href")


def test_no_page_asks_for_the_index_before_a_search(page):
    loaded = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())"
    assert "search_index.js" not in page.evaluate(loaded)
    page.keyboard.press("Control+k")
    page.wait_for_function(f"{loaded}.includes('search_index.js')")


def test_the_right_section_stands_first(page):
    page.keyboard.press("Control+k")
    firsts = {text: first_for(page, text) for text in NEEDED}
    assert [text for text, first in firsts.items() if first not in NEEDED[text]] == [], firsts


def test_results_come_while_one_types_and_say_where_they_are(page):
    page.keyboard.press("/")
    assert first_for(page, "dead rel")
    result = results(page).first
    assert result.locator(".search-where").inner_text() == "Chapter 2 · Too low, too high › Why"
    assert result.locator(".search-title").inner_text() == "Why no “NaN”?"
    said = result.locator(".search-text")
    assert {word.lower() for word in said.locator("mark").all_inner_texts()} >= {"dead", "relu"}
    assert 60 < len(said.inner_text()) < 200
    count = page.locator("#pst-search-dialog [role=status]")
    assert count.inner_text() == f"{results(page).count()} results"
    page.locator("#pst-search-dialog input").fill("zzzzzz")
    page.wait_for_function(
        "s => document.querySelector(s).innerText.startsWith('Nothing')",
        arg="#pst-search-dialog [role=status]",
    )
    assert results(page).count() == 0


def test_it_is_used_with_the_keyboard_alone(open_page):
    page = open_page("intro.html")
    page.keyboard.press("/")
    first_for(page, "patience of 10")
    focused = "document.activeElement"
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        assert results(page).nth(place).evaluate(f"it => it === {focused}")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(f"{focused}.type") == "search"
    page.keyboard.press("Escape")
    assert not page.locator("#pst-search-dialog").is_visible()
    page.keyboard.press("Control+k")
    first_for(page, "missing backward")
    page.keyboard.press("Enter")
    page.wait_for_url("**/01_first_step.html#no-backward")
    assert page.locator("#no-backward").inner_text().startswith("No backward(). Symptom:")


def test_a_slash_that_is_meant_for_a_field_stays_there(open_page):
    page = open_page("symptoms.html")
    page.locator("#symptom").press_sequentially("n/a")
    assert page.locator("#symptom").input_value() == "n/a"
    assert not page.locator("#pst-search-dialog").is_visible()


def test_a_finger_opens_it_and_a_result(open_page):
    page = open_page("09_plateau.html", width=390, has_touch=True, is_mobile=True)
    page.locator(".search-button:visible, .search-button__button:visible").first.tap()
    first_for(page, "momentum")
    box = results(page).first.bounding_box()
    assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    results(page).first.tap()
    page.wait_for_url("**/06_adaptive_optimizers.html#momentum-a-longer-step")


def test_the_page_of_results_has_its_question_in_its_address(open_page):
    page = open_page("search.html?q=one+cycle")
    found = page.locator(".search-page .search-result")
    found.first.wait_for()
    assert found.count() > 8
    page.locator(".search-page input").fill("weight decay")
    page.wait_for_function("location.search === '?q=weight%20decay'")


def test_without_javascript_the_page_says_so_and_shows_another_way(open_page):
    page = open_page("search.html?q=one+cycle", java_script_enabled=False)
    assert "needs JavaScript" in page.locator(".search-page noscript").inner_text()


def test_it_works_from_a_folder(browser, site):
    page = browser.new_page()
    page.goto((site / "02_too_low_too_high.html").as_uri())
    page.keyboard.press("Control+k")
    assert first_for(page, "missing backward") in NEEDED["missing backward"]
    page.close()


def test_the_index_is_small_and_leads_to_places_that_are_there(site):
    script = (site / "_static" / "search_index.js").read_bytes()
    assert len(gzip.compress(script)) < LARGEST
    pages = {}
    for name, anchor in re.findall(r'"address":"([\w.]+)#([^"]+)"', script.decode()):
        page = pages.setdefault(name, (site / name).read_text("utf-8"))
        assert f'id="{anchor}"' in page, (name, anchor)
    assert len(pages) > 10


def test_of_raw_markup_the_question_of_a_fold_is_read_alone():
    markup = '<details><summary>Is <b>2.3</b> &gt; 1?</summary><script>{"data": 1}</script>'
    assert words(nodes.raw("", markup, format="html")) == "Is 2.3 > 1?"
