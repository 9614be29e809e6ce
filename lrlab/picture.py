"""A matplotlib figure as a picture that a page holds: sharp at any width, with its words.

It is an `<img>` with the drawing inside: it needs no other file, its ids meet no other picture's, and
a screen reader reads its alt text. The same figure gives the same bytes.
"""

import html
import io
import re
from urllib.parse import quote

import matplotlib
from matplotlib import pyplot
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

TEXT_WIDTH = 640  # CSS pixels: what the site's column of text is wide, and no picture is wider
FULL_WIDTH = 6.0  # inches: a figure this wide, or wider, is as wide as the text
MANY = 1000  # marks of one kind: where there are more, they are drawn as an image, not one by one
UNSAID = dict.fromkeys(("Creator", "Date", "Format", "Type"))  # else matplotlib adds its address


def as_html(figure: Figure, alt: str) -> str:
    """Return ``figure`` as an `<img>` that reads ``alt``, and close it so that nothing shows it again.

    Raises TypeError when it is no matplotlib figure, ValueError when ``alt`` is empty.
    """
    if not isinstance(figure, Figure):
        raise TypeError(f"Expected a matplotlib Figure, got {type(figure).__name__}: {figure!r}.")
    if not alt.strip():
        raise ValueError("alt is empty: say in words what the figure shows.")
    for line in figure.findobj(Line2D):
        line.set_rasterized(line.get_marker() != "None" and len(line.get_xdata()) > MANY)
    for cloud in figure.findobj(PathCollection):
        cloud.set_rasterized(len(cloud.get_offsets()) > MANY)
    drawing = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "lrlab", "path.simplify_threshold": 0.3}):
        figure.savefig(drawing, format="svg", dpi=200, bbox_inches="tight", metadata=UNSAID)
    pyplot.close(figure)
    svg = drawing.getvalue()
    svg = " ".join(svg[svg.index("<svg") :].split())
    width = round(TEXT_WIDTH * min(figure.get_figwidth() / FULL_WIDTH, 1))
    wide, high = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    size = (
        f'width="{width}" height="{round(width * high / wide)}"'  # nothing moves when it is there
    )
    return (
        f'<img class="lrlab-picture" {size} style="max-width: 100%; height: auto" '
        f'alt="{html.escape(alt)}" src="data:image/svg+xml,{quote(svg, safe=" /:;=,.()")}">'
    )
