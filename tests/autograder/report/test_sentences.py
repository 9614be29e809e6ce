"""Sentences as HTML: code is code, a chapter is a link, and all else is text."""

from autograder.chapters import Chapters, Page
from autograder.report.sentences import Sentences, title

BOOK = Chapters("https://book.example", {1: Page("01_step.html", ("Code",))})


def test_code_is_set_as_code_and_a_chapter_is_a_link():
    assert Sentences(BOOK).html("`a < b` is <b>. Read chapter 1, Code.") == (
        "<code>a &lt; b</code> is &lt;b&gt;. Read "
        '<a href="https://book.example/01_step.html#code">chapter 1, Code</a>.'
    )
    assert Sentences(Chapters("", {})).html("Read chapter 1.") == "Read chapter 1."


def test_a_title_holds_no_link():
    assert title("`step` & chapter 1") == "<code>step</code> &amp; chapter 1"
