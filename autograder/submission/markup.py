"""The HTML that may stand on a page: text, tables, pictures and formulas.

Nothing in it runs, loads from elsewhere, or leaves its place: no script and no form, no style, no id,
and of classes only those of coloured code, because a page gives meaning to its own. ``bleach``
parses as a browser does; what would take it long, by its size or its depth, is not parsed at all.
"""

import re
from collections import Counter
from html import escape

import bleach
from pygments.token import STANDARD_TYPES

LONGEST = 100_000  # characters; a table of 60 rows and 20 columns, as pandas shows one, has 40,000
DEEPEST = 100  # elements in one another: what bleach needs grows with the square of it
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}

HEADINGS = {f"h{level}" for level in range(1, 7)}
TABLE = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
TEXT = {
    "p",
    "br",
    "hr",
    "pre",
    "div",
    "span",
    "del",
    "s",
    "u",
    "sub",
    "sup",
    "small",
    "mark",
    "kbd",
}
TEXT |= {"dl", "dt", "dd", "details", "summary", "img"}
FORMULA = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle"}
FORMULA |= {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "menclose"}
FORMULA |= {"mprescripts", "mtable", "mtr", "mtd", "mpadded", "mphantom"}
TAGS = bleach.ALLOWED_TAGS | HEADINGS | TABLE | TEXT | FORMULA

COLOURED = {"highlight", *filter(None, STANDARD_TYPES.values())}  # what pygments calls its pieces
SMALL = re.compile(r"\d{1,3}")
VALUES = {
    "a": {"href": re.compile(r"https?:.*|#.*", re.DOTALL)},
    "img": {
        "alt": re.compile(".*", re.DOTALL),
        "src": re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+"),
    },
    "td": {"colspan": SMALL, "rowspan": SMALL},
    "th": {"colspan": SMALL, "rowspan": SMALL, "scope": re.compile("row|col")},
    "ol": {"start": SMALL},
    "math": {"display": re.compile("inline|block")},
    "mspace": {"width": re.compile(r"[0-2]?(\.\d{1,3})?em")},
    "mstyle": {"displaystyle": re.compile("true|false"), "scriptlevel": re.compile("[0-3]")},
    "mo": {each: re.compile("[a-z]+") for each in ("stretchy", "fence", "form", "accent")},
    "mi": {"mathvariant": re.compile("[a-z-]+")},
    "mover": {"accent": re.compile("true|false")},
    "mtable": {"columnalign": re.compile("[a-z ]+")},
}


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return all(each in COLOURED or each.startswith("hl-") for each in value.split())
    pattern = VALUES.get(tag, {}).get(name)
    return bool(pattern and pattern.fullmatch(value))


ALLOWED = {"tags": TAGS, "attributes": _allowed, "protocols": {"http", "https", "data"}}
ELEMENT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
PICTURE = re.compile("base64,[A-Za-z0-9+/=]+")
UNSEEN = "style|script|title|template|noscript|svg|audio|video|object|iframe"
UNSEEN = re.compile(rf"<(/?)(?:{UNSEEN})\b[^<>]*>", re.IGNORECASE)


def clean_html(html: str) -> str:
    """Return what of ``html`` may stand on a page; tags that may not are shown as they are typed."""
    return bleach.clean(html, **ALLOWED) if _easy(html) else f"<pre>{escape(html)}</pre>"


def seen_html(html: str) -> str | None:
    """Return what a person would see of ``html``, as it may stand on a page; None when nothing."""
    if not _easy(html):
        return None
    first, *parts = UNSEEN.split(html)  # a slash, or none, and what follows that tag
    outside = "".join(text for slash, text in zip(parts[::2], parts[1::2], strict=True) if slash)
    kept = bleach.clean(first + outside, strip=True, **ALLOWED).strip()
    return kept if "<img " in kept or re.sub("<[^<>]*>", "", kept).strip() else None


def _easy(html: str) -> bool:
    """Return whether ``html`` is parsed in a second or two, whoever wrote it."""
    if len(PICTURE.sub("", html)) > LONGEST:
        return False
    depth, open_now = 0, Counter()
    for closes, name in ELEMENT.findall(html):
        name = name.lower()
        if not closes and name not in VOID:
            depth, open_now[name] = depth + 1, open_now[name] + 1
        elif closes and open_now[name]:
            depth, open_now[name] = depth - 1, open_now[name] - 1
        if depth > DEEPEST:
            return False
    return True
