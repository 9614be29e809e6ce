"""Markdown on the pages that nbgrader makes."""

import time

import pytest
from hostile.cases.showing import SLOW

from autograder.submission.pages import LONGEST, markdown_to_html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**A** `b` ~~c~~", "<p><strong>A</strong> <code>b</code> <s>c</s></p>"),
        ("from $5 to $10", "<p>from $5 to $10</p>"),
        ("[a](javascript:run())", "<p>[a](javascript:run())</p>"),
        ("```python\nx = 1\n```", '<pre class="highlight"><span class="n">x</span>'),
        ("```no-language\nx\n```", "<pre><code>x"),
        ("$w^2$", "<msup><mi>w</mi><mn>2</mn></msup>"),
        ("$$w^2$$", '<math display="block">'),
        ("$\\frac{$", "<code>\\frac{</code>"),
        ("| a |\n|---|\n| 1 |", "<td>1</td>"),
        ("![A](attachment:a.png)", '<img src="data:image/png;base64,AAAA" alt="A">'),
        ("![A](attachment:b.png)", '<img alt="A">'),
    ],
)
def test_it_is_html_with_nothing_from_elsewhere(source, expected):
    assert expected in markdown_to_html(source, (("a.png", "image/png", "AAAA"),))


def test_a_text_that_is_too_long_is_shown_as_it_was_typed():
    assert markdown_to_html("**a** < " * LONGEST) == f"<pre>{'**a** &lt; ' * LONGEST}</pre>"


def test_no_text_takes_long():
    began = time.process_time()
    for piece in SLOW:
        markdown_to_html(piece * (LONGEST // len(piece)))
        markdown_to_html(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 60  # about 4
