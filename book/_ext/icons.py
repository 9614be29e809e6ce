"""Icons, as small drawings in the page.

The theme names icons of Font Awesome, and brings a script of 1.5 MB that draws them when a page has been
loaded. Here they are drawn while the book is built, from the same set.
"""

import functools
import re
from pathlib import Path

from sphinx.errors import ExtensionError

SET = Path(__file__).parents[2] / "node_modules/@fortawesome/fontawesome-free/svgs/solid"
PLACE = re.compile(r'<(i|span) class="([^"]*)"([^>]*)></\1>')
STYLES = {"fas", "fa-solid"}
LICENCE = re.compile(r"<!--.*?-->", re.DOTALL)


def draw(page: str) -> str:
    """Return ``page`` with its icons drawn, and whose they are; ExtensionError names one we lack."""
    drawn = PLACE.sub(_drawn, page)
    if drawn != page:
        drawn = drawn.replace("</head>", f"{LICENCE.search(_icon('list'))[0]}\n</head>", 1)
    return drawn


def _drawn(place: re.Match) -> str:
    """Return the drawing for one place, with the classes by which the theme shows and hides it."""
    classes = [name for name in place[2].split() if name not in STYLES]
    if len(classes) == len(place[2].split()):
        return place[0]
    icon = next(name for name in classes if name.startswith("fa-") and name != "fa-lg")
    mode = "".join(re.findall(r' data-mode="\w+"', place[3]))
    start = f'<svg class="{" ".join(["svg-inline--fa", *classes])}"{mode} aria-hidden="true"'
    return LICENCE.sub("", _icon(icon.removeprefix("fa-"))).replace("<svg", start, 1)


@functools.cache
def _icon(name: str) -> str:
    path = SET / f"{name}.svg"
    if not path.is_file():
        raise ExtensionError(f"There is no icon {name!r} in {SET}.")
    return path.read_text(encoding="utf-8").strip()
