"""A page with a picture that has no words is refused, and is told which cell it is in."""

import pictures
import pytest
from docutils import nodes
from sphinx.errors import ExtensionError

WORDS = "Loss against learning rate: a U that is lowest at 0.22."


def check(*children: nodes.Node) -> None:
    page = nodes.document(None, None)
    page += nodes.container("", *children, nb_element="cell_code", cell_index=7)
    pictures.refuse_wordless(page, "09_plateau")


def html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


@pytest.mark.parametrize(
    "picture",
    [
        nodes.image(uri="u.png", alt=WORDS),
        html(f"<div class='lrlab'><img alt='{WORDS}' src='data:,'></div>"),
        html(f"<svg role='img' aria-label='{WORDS}'></svg><svg aria-hidden='true'></svg>"),
        html('<script type="application/json">{"html": "<img src=u.png>"}</script>'),
        nodes.raw("", "<img src='u.png'>", format="latex"),
    ],
)
def test_a_picture_with_words_is_taken(picture):
    check(picture)


@pytest.mark.parametrize(
    ("picture", "alt"),
    [
        (nodes.image(uri="_images/a.png"), "''"),
        (nodes.image(uri="a.png", alt="../_build/jupyter_execute/0123456789abcdef.png"), "'../"),
        (html("<p>Text.</p><img src='u.png' alt='A line.'>"), "'A line.'"),
        (html("<img src='u.png' alt>"), "''"),
        (html("<svg></svg>"), "''"),
    ],
)
def test_a_picture_without_is_refused(picture, alt):
    with pytest.raises(
        ExtensionError, match="09_plateau, cell 7: a picture has the alt text"
    ) as told:
        check(html(f"<img alt='{WORDS}'>"), picture)
    assert f"alt text {alt}" in str(told.value) and len(str(told.value).splitlines()) == 1


def test_all_that_is_wrong_with_a_page_is_told_together():
    with pytest.raises(ExtensionError) as told:
        check(html("<img>"), nodes.image(uri="a.png"))
    assert len(str(told.value).splitlines()) == 2
