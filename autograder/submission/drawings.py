"""SVG pictures, made harmless: shapes and text stay; scripts, foreign content and links go.

A page shows one as an image, and there a browser runs and loads nothing. What is stored can be
opened by other programs, too; and a drawing that repeats itself without end stops any of them.
"""

import re
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

SVG, LINK = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}href"
DRAWN = (
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath image "
    "clipPath linearGradient radialGradient stop marker pattern style title desc"
)
NAMES = {f"{{{SVG}}}{name}" for name in DRAWN.split()}
USE, STYLE, ROOT = (f"{{{SVG}}}{name}" for name in ("use", "style", "svg"))
HERE = re.compile(r"#.*|data:image/(png|jpeg);base64,.*", re.DOTALL)
ELSEWHERE = re.compile(r"@import|url\((?!['\"]?#)|\\", re.IGNORECASE)
MOST = 30_000_000  # characters that a drawing may have once each thing it uses again is written out

register_namespace("", SVG)
register_namespace("xlink", "http://www.w3.org/1999/xlink")


def drawing(svg: str) -> str | None:
    """Return ``svg`` with nothing but what is drawn; None when it is no SVG that can be shown."""
    try:
        root = fromstring(svg)
        if root.tag != ROOT:
            return None
        for element in root.iter():
            element[:] = [child for child in element if child.tag in NAMES]
            element.attrib = {
                name: text for name, text in element.attrib.items() if _stays(name, text)
            }
            if element.tag == STYLE and ELSEWHERE.search("".join(element.itertext())):
                element.text = ""
        return tostring(root, "unicode") if _written_out(root) <= MOST else None
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return None


def _stays(name: str, text: str) -> bool:
    if name in ("href", LINK):
        return bool(HERE.fullmatch(text))
    return not name.lower().startswith("on") and not ELSEWHERE.search(text)


def _written_out(root: Element) -> int:
    """Return how long the drawing is with every use of a thing in its place.

    Without an end when something that is used again uses others: each such level multiplies.
    """
    used: dict[str, int] = {}
    for use in root.iter(USE):
        name = use.get(LINK, use.get("href", "")).removeprefix("#")
        used[name] = used.get(name, 0) + 1
    length = 0
    for element in root.iter():
        if times := used.get(element.get("id")):
            if next(element.iter(USE), None) is not None:
                return MOST + 1
            length += times * len(tostring(element, "unicode"))
    return length
