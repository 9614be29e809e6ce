"""Text cells and outputs on a student's page, below its headings."""

import pytest

from autograder.feedback.text import cell_text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>A</h1>", "<h3>A</h3>"),
        ("<h2>A</h2><p>a</p><h3>B</h3>", "<h4>A</h4><p>a</p><h5>B</h5>"),
        ("<h6>A</h6>", "<h6>A</h6>"),
        ("<hr><header>", "<hr><header>"),
    ],
)
def test_headings_stand_below_those_of_the_page(html, expected):
    assert cell_text(html) == expected
