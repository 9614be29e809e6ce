"""Sentences and text cells as HTML: nothing runs, and nothing looks like the page's own words."""

import pytest

from autograder.chapters import Chapters, Page
from autograder.feedback.text import Sentences, cell_text, title

BOOK = Chapters("https://book.example", {1: Page("01_step.html", ("Code",))})


def test_code_is_set_as_code_and_a_chapter_is_a_link():
    assert Sentences(BOOK).html("`a < b` is <b>. Read chapter 1, Code.") == (
        "<code>a &lt; b</code> is &lt;b&gt;. Read "
        '<a href="https://book.example/01_step.html#code">chapter 1, Code</a>.'
    )
    assert Sentences(Chapters("", {})).html("Read chapter 1.") == "Read chapter 1."


def test_a_title_holds_no_link():
    assert title("`step` & chapter 1") == "<code>step</code> &amp; chapter 1"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<h2 id="A">A<a class="anchor-link" href="#A">¶</a></h2>',
            "<h4>A</h4>",
        ),
        ('<h6 class="score">A</h6>', "<h6>A</h6>"),
        (
            '<p class="highlight k mi s1" id="x" title="t">A</p>',
            '<p class="highlight k mi s1" title="t">A</p>',
        ),
        ('<p class="highlight score">A</p>', "<p>A</p>"),
        ('<a href="https://a.example" class="skip">A</a>', '<a href="https://a.example">A</a>'),
        ('<a href="javascript:run()">A</a>', "<a>A</a>"),
        ('<img src="https://a.example/x.png" alt="A">', '<img alt="A">'),
    ],
)
def test_a_text_cell_keeps_what_is_harmless(html, expected):
    assert cell_text(html) == expected


@pytest.mark.parametrize("tag", ["section", "aside", "nav", "header", "figure", "article", "main"])
def test_the_elements_of_the_page_are_nobodys(tag):
    assert f"<{tag}" not in cell_text(f"<{tag}>7 of 7</{tag}>")
