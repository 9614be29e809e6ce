"""The table of all mistakes: a reader types what went wrong."""

import re

import mistakes
import pytest
from docutils import nodes
from passages import Passage
from sphinx.errors import ExtensionError

from tests.book.test_pattern import CHAPTERS, cells_of


def titles() -> list[tuple[int, str]]:
    """Return the chapter and the title of each mistake that the chapters tell of."""
    found = []
    for chapter in CHAPTERS:
        text = "\n\n".join(cell.text for cell in cells_of(chapter, "markdown"))
        told = text[text.index("## Mistakes") : text.index("## Quiz")]
        found += [
            (int(chapter[:2]), re.sub(r"[`\"“”]", "", title).rstrip("."))
            for title in re.findall(r"^\*\*(.+?)\*\*", told, re.MULTILINE)
        ]
    return found


@pytest.fixture(scope="module")
def _page(visitor):
    page = visitor.open("symptoms.html")
    yield page
    page.context.close()


@pytest.fixture
def page(_page, watched):
    """The page, for all tests here: each leaves the field empty."""
    yield _page


def test_every_mistake_of_every_chapter_is_there_and_leads_back(page, site):
    rows = page.locator("table.mistakes tbody tr")
    links = [
        (
            int(re.search(r"Chapter (\d+)", row)[1]),
            re.sub(r"[`\"“”]", "", row.split(": ", 1)[1]).rstrip("."),
        )
        for row in rows.locator("td:last-child").all_inner_texts()
    ]
    assert links == titles() and len(links) > 30
    for address in rows.locator("td:last-child a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    ):
        name, anchor = address.split("#")
        assert f'<p id="{anchor}"><strong>' in (site / name).read_text("utf-8"), address


def test_a_mistake_that_lacks_a_part_stops_the_build():
    told = nodes.paragraph("", "", nodes.strong(text="No metric."), nodes.emphasis(text="Symptom:"))
    told += [nodes.Text(" an error. "), nodes.emphasis(text="Fix:"), nodes.Text(" pass it.")]
    with pytest.raises(
        ExtensionError, match=r"09_plateau, Mistakes: 'No metric' has .*Symptom.*Fix"
    ):
        mistakes.row(Passage("no-metric", "No metric", "Mistakes", [told]), "09_plateau")


@pytest.mark.parametrize(
    ("seen", "mistake"),
    [
        ("nan", "Waiting for NaN"),
        ("loss is flat", "No backward()"),
        ("missing 1 required positional argument", "No metric"),
        ("accuracy rises but the rate falls", "“min” on an accuracy"),
    ],
)
def test_typing_what_is_seen_leaves_the_rows_that_have_it(page, seen, mistake):
    rows, field = page.locator("table.mistakes tbody tr"), page.locator("#symptom")
    said = page.locator(".symptom-search [role=status]")
    field.press_sequentially(seen)
    assert rows.first.locator("td:last-child a").inner_text() == mistake
    assert 1 <= rows.count() < len(titles()) / 2
    assert said.inner_text() == f"{rows.count()} of {len(titles())} mistakes"
    field.fill("")
    assert rows.count() == len(titles())


def test_words_that_no_row_has_are_answered(page):
    page.locator("#symptom").fill("zzzzzz")
    assert page.locator("table.mistakes tbody tr").count() == 0
    assert page.locator(".symptom-search [role=status]").inner_text().startswith("No mistake has")
    page.locator("#symptom").fill("")


def test_without_javascript_the_whole_table_is_there(open_page):
    page = open_page("symptoms.html", java_script_enabled=False)
    assert page.locator("table.mistakes tbody tr").count() == len(titles())
    assert page.locator("#symptom").count() == 0
