"""The glossary, and the words in the chapters that it explains."""

import re

import pytest
import terms
from docutils import nodes
from sphinx import addnodes

from tests.book.test_pattern import BOOK, CHAPTERS

NOTE = ".term-note:visible"
GLOSSARY = (BOOK / "glossary.md").read_text("utf-8")


def test_each_entry_says_where_it_is_taught():
    """Whether these links resolve, the build has tried."""
    entries = GLOSSARY[GLOSSARY.index("```{glossary}") :].split("\n\n")
    assert len(entries) > 35
    for entry in entries:
        definition = entry.removesuffix("\n```\n").splitlines()[-1]
        assert re.fullmatch(r"  [A-Z].+\. \[Chapter \d+, .+\]\(.+\)", definition), entry


def test_entries_stand_in_the_order_of_the_alphabet():
    first = re.findall(r"\n\n(\S.*)\n", GLOSSARY[GLOSSARY.index("```{glossary}") :])
    assert first == sorted(first, key=str.lower)


def test_the_index_lists_every_name_of_every_term(open_page):
    index = {*open_page("genindex.html").locator(".indextable li a").all_inner_texts()}
    names = re.findall(r"^(\w.*)$", GLOSSARY[GLOSSARY.index("```{glossary}") :], re.MULTILINE)
    assert len(names) > 80 and {*names} <= index


def entry(*names: str) -> terms.Entry:
    return terms.Entry(names, f"term-{names[0]}", nodes.definition())


def mentions(text: str, *entries: terms.Entry) -> list[str]:
    """Return what is marked in a text that has no mention before it."""
    by_name = {name.lower(): each for each in entries for name in each.names}
    pieces = terms.split(text, by_name, {})
    return [each.astext() for each in pieces if isinstance(each, terms.term_mention)]


def test_the_first_mention_alone_is_marked_under_any_name_and_in_the_plural():
    batch = entry("batch", "mini-batch")
    assert mentions("Batches, and a mini-batch, and a batch.", batch) == ["Batches"]
    assert mentions("A minibatch-wise rebatching.", batch) == []


def test_the_longest_name_wins():
    rate, effective = entry("learning rate"), entry("effective learning rate")
    text = "The effective learning rate. The effective learning rate; the learning rate."
    assert mentions(text, rate, effective) == ["effective learning rate", "learning rate"]


def test_headings_code_links_tables_and_the_opening_are_left_alone():
    def paragraph(*inside: nodes.Node) -> nodes.paragraph:
        return nodes.paragraph("", "", *inside)

    section = nodes.section("", nodes.title(text="a heading"), paragraph(nodes.Text("the text")))
    section += paragraph(nodes.literal(text="code"), nodes.reference(text="a link"))
    section += nodes.table("", paragraph(nodes.Text("a table")))
    section += paragraph(addnodes.pending_xref("", nodes.inline(text="a link to come")))
    opening = paragraph(nodes.Text("the opening"))
    page = nodes.section("", nodes.title(text="a title"), opening, section)
    assert [text.astext() for text in terms.running_text(page)] == ["the text"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_chapter_carries_the_definitions_of_what_it_marks(site, name):
    page = (site / f"{name}.html").read_text("utf-8")
    marked = re.findall(
        r'<a class="term" href="glossary.html#(.+?)" aria-describedby="(.+?)">', page
    )
    assert len(marked) == len({*marked}) > 10
    assert [f"means-{anchor}" for anchor, _ in marked] == [means for _, means in marked]
    assert [means for _, means in marked] == re.findall(r'<div id="(means-.+?)">', page)
    entries = (site / "glossary.html").read_text("utf-8")
    assert all(f'id="{anchor}"' in entries for anchor, _ in marked)


@pytest.fixture
def word(open_page):
    """Return a function that opens a chapter and returns its first word with a definition."""

    def first(**settings):
        found = open_page("02_too_low_too_high.html", **settings).locator("a.term").first
        found.scroll_into_view_if_needed()
        return found

    return first


def test_a_pointer_opens_a_note_that_it_can_enter(word):
    rate = word()
    note = rate.page.locator(NOTE)
    assert rate.inner_text() == "learning rate" and note.count() == 0
    rate.hover()
    note.wait_for()
    assert note.inner_text().startswith("The number that scales an optimizer’s step")
    note.hover()
    rate.page.wait_for_timeout(400)  # longer than it waits before it closes
    assert note.is_visible()
    rate.page.mouse.move(0, 0)
    note.wait_for(state="hidden")


def test_a_keyboard_opens_it_and_escape_closes_it(word):
    rate = word()
    page, note = rate.page, rate.page.locator(NOTE)
    rate.focus()
    assert note.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.term-note') && true")
    assert note.locator("a").get_attribute("href") == "01_first_step.html#idea"
    page.keyboard.press("Tab")  # to the next word
    assert note.inner_text().startswith("A number that you choose before training")
    rate.focus()
    page.keyboard.press("Escape")
    assert not note.is_visible()
    assert rate.evaluate("it => it === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-learning-rate")


def test_a_tap_opens_it_within_the_window_and_a_tap_elsewhere_closes_it(word):
    rate = word(width=320, has_touch=True, is_mobile=True)
    note = rate.page.locator(NOTE)
    rate.tap()
    note.wait_for()
    box = note.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    rate.page.locator("#idea h2").tap()
    note.wait_for(state="hidden")
    assert rate.page.url.endswith("02_too_low_too_high.html")


def test_a_screen_reader_hears_the_definition_and_no_script_leaves_a_link(word):
    rate = word(java_script_enabled=False)
    means = rate.page.locator(f"#{rate.get_attribute('aria-describedby')}")
    assert "twice the rate, twice the change" in means.text_content() and not means.is_visible()
    rate.click()
    rate.page.wait_for_url("**/glossary.html#term-learning-rate")
