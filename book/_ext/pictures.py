"""Every picture has words that say what it shows; a page with one that has none is not built.

A screen reader reads these words. Docutils would put a picture's file name there, and matplotlib's own
display puts nothing: `lrlab.plots.show` asks for them.
"""

import re
from html.parser import HTMLParser

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

SHORTEST = 30  # characters: "a plot" or "loss curve" says nothing of what is in it
FILE_NAME = re.compile(r"\S*\.(?:png|svg|jpe?g|gif|webp)", re.IGNORECASE)


class RefuseWordless(SphinxPostTransform):
    """Stop the build at a page with a picture that says nothing; comes when outputs are chosen."""

    default_priority = 200
    formats = ("html",)

    def run(self, **options) -> None:
        refuse_wordless(self.document, self.env.docname)


def refuse_wordless(document: nodes.document, page: str) -> None:
    """Raise ExtensionError when pictures of a page have no words, with the cell of each."""
    faults = [
        f"{page}, {place(node)}: a picture has the alt text {alt!r}: say in {SHORTEST} characters or "
        "more what it shows, as in plots.show(figure, alt)"
        for node in document.findall(lambda node: isinstance(node, nodes.image | nodes.raw))
        for alt in alts(node)
        if not says_something(alt)
    ]
    if faults:
        raise ExtensionError("\n".join(faults))


def says_something(alt: str) -> bool:
    """Tell whether an alt text can say what a picture shows."""
    return len(alt.strip()) >= SHORTEST and not FILE_NAME.fullmatch(alt.strip())


def alts(node: nodes.image | nodes.raw) -> list[str]:
    """Return the alt texts of the pictures in a node; the empty one for a picture that has none."""
    if isinstance(node, nodes.image):
        return [node.get("alt", "")]
    if "html" not in node.get("format", "").split():
        return []
    reader = _Pictures()
    reader.feed(node.astext())
    return reader.alts


def place(node: nodes.Node) -> str:
    """Say in which cell a node is: counted from 0 among all cells, as nbformat does."""
    while (node := node.parent) is not None:
        if isinstance(node, nodes.Element) and "cell_index" in node:
            return f"cell {node['cell_index']}"
    return "in the text"


class _Pictures(HTMLParser):
    """Collects the words of `<img>` and of `<svg>` in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.alts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "img":
            self.alts.append(values.get("alt") or "")
        if tag == "svg" and values.get("aria-hidden") != "true":
            self.alts.append(values.get("aria-label") or "")


def setup(app: Sphinx) -> None:
    """Register the check."""
    app.add_post_transform(RefuseWordless)
