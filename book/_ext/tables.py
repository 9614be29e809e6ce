"""Tables of words: where a screen is narrow, each row becomes a card.

Such a table has three columns or more and a cell that would wrap on a phone. Each of its cells gets
the name of its column, which only the cards show; the sheet does the rest. A table of numbers stays
one, because it is read by columns; where it is too wide it scrolls in its own box.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

WIDE = 24  # characters: a cell with more of them wraps where a phone shows three columns


class MakeCards(SphinxPostTransform):
    """Name the columns in the cells of each table of words."""

    default_priority = 190
    formats = ("html",)

    def run(self, **options) -> None:
        for table in self.document.findall(nodes.table):
            name_columns(table)


def name_columns(table: nodes.table) -> None:
    """Give a table of words the class ``cards``, and each cell of its body its column's name."""
    head, body = (next(table.findall(kind), None) for kind in (nodes.thead, nodes.tbody))
    cells = [list(row.children) for row in body.children]
    if (
        head is None
        or len(cells[0]) < 3
        or max(len(c.astext()) for row in cells for c in row) <= WIDE
    ):
        return
    table["classes"].append("cards")
    names = [entry.children[0].children if entry.children else [] for entry in head.children[0]]
    for row in cells:
        for name, entry in zip(names, row, strict=True):
            if name and entry.children:
                shown = nodes.inline("", "", *(part.deepcopy() for part in name), nodes.Text(": "))
                shown["classes"].append("column-name")
                entry.children[0].insert(0, shown)


def setup(app: Sphinx) -> None:
    """Register what names the columns."""
    app.add_post_transform(MakeCards)
