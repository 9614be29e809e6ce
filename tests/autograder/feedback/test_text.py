"""Text cells as HTML: nothing runs, and nothing looks like the page's own words."""

import pytest

from autograder.feedback.text import cell_text


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
