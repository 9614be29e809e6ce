"""SVG pictures: what is drawn stays."""

import pytest
from hostile.cases.showing import AGAIN, DRAWINGS, HEAD

from autograder.submission.drawings import drawing


def test_what_is_drawn_stays():
    shapes = (
        "<defs><path id='a' d='M 0 0' /></defs><g style='fill: url(#a)'><use xlink:href='#a' /></g>"
        "<image href='data:image/png;base64,AAAA' /><style>* {stroke: red}</style><text>1 &lt; 2</text>"
    )
    svg = (
        f"<?xml version='1.0' encoding='utf-8'?><!DOCTYPE svg PUBLIC 'a' 'b'>{HEAD}>{shapes}</svg>"
    )
    assert drawing(svg).split(">", 1)[1] == f"{shapes}</svg>".replace("'", '"')


@pytest.mark.parametrize("svg", DRAWINGS)
def test_what_runs_or_loads_goes(svg):
    kept = drawing(svg) or ""
    assert not any(word in kept for word in ("EVE", "script", "eve.example", "foreign", "passwd"))


@pytest.mark.parametrize(
    "svg",
    ["", "<svg", "<svg/>", "a picture", f"{HEAD}>" + "<g>" * 9_999 + "</g>" * 9_999 + "</svg>"],
)
def test_what_no_browser_could_draw_is_none(svg):
    assert drawing(svg) is None


def test_what_repeats_itself_without_end_is_none():
    assert drawing(AGAIN) is None
    long = f"<path id='a' d='{'M 0 0 ' * 50_000}' />" + "<use href='#a' />" * 1_000
    assert drawing(f"{HEAD}>{long}</svg>") is None
    assert drawing(f"{HEAD}>{long[: -17 * 990]}</svg>")
