"""The table of everything that goes wrong: the *Mistakes* of all chapters, on one page.

A chapter writes each as ``**Title.** *Symptom:* ... *Cause:* ... *Fix:* ...``, and ``{mistakes}`` puts
all of them into a table whose rows lead back to where they stand.
"""

import itertools
from collections.abc import Iterator, Sequence

from chapter_head import number_of
from docutils import nodes
from passages import Passage, passages
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

PARTS = ("Symptom", "Cause", "Fix")


class mistakes(nodes.General, nodes.Element):
    """Where the table will stand; ``only`` are the titles in it, or nothing for all."""


class Mistakes(SphinxDirective):
    """``{mistakes}``: the mistakes of all chapters as one table, or those whose titles it names."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [mistakes(only=[*self.content])]


class ShowMistakes(SphinxPostTransform):
    """Fill the table; comes before links are resolved, those of the table too."""

    default_priority = 5

    def run(self, **options) -> None:
        for place in list(self.document.findall(mistakes)):
            told = [
                (passage.title, row(passage, docname))
                for docname in sorted(filter(number_of, self.env.found_docs))
                for passage in of_chapter(self.env.get_doctree(docname))
            ]
            only = {*place["only"]} or {title for title, _ in told}
            if unknown := only - {title for title, _ in told}:
                raise ExtensionError(f"{self.env.docname}: no chapter has the mistakes {unknown}")
            shown = [each for title, each in told if title in only]
            place.replace_self(
                table(
                    (*PARTS, "Where it is told"),
                    shown,
                    "mistakes",
                    "chosen" if place["only"] else "all",
                )
            )
        for link in self.document.findall(addnodes.pending_xref):
            link["refdoc"] = self.env.docname


def of_chapter(document: nodes.document) -> Iterator[Passage]:
    """Yield the passages of a chapter that tell of a mistake."""
    for passage in passages(document):
        if passage.section == "Mistakes" and passage.title != "Mistakes":
            yield passage


def row(passage: Passage, docname: str) -> nodes.row:
    """Return the row of one mistake. Raises ExtensionError when it is not in the form of a mistake."""
    parts: dict[str, list[nodes.Node]] = {}
    for child in passage.content[0].children:
        label = child.astext().removesuffix(":")
        if isinstance(child, nodes.emphasis) and label in PARTS:
            part = parts.setdefault(label, [])
        elif parts:
            part.append(child.deepcopy())
    if tuple(parts) != PARTS or not all(parts.values()):
        raise ExtensionError(
            f"{docname}, Mistakes: {passage.title!r} has {[*parts]}. Write it as "
            "**Title.** *Symptom:* ... *Cause:* ... *Fix:* ..."
        )
    address = f"{docname}.html"
    where = nodes.reference("", passage.title, internal=True, refuri=f"{address}#{passage.anchor}")
    chapter = nodes.inline("", f"Chapter {number_of(docname)}: ")
    shown = nodes.row("", *(entry(begin(part)) for part in parts.values()), entry([chapter, where]))
    for link in shown.findall(nodes.reference):
        if "refid" in link:  # to a section of its chapter
            link["refuri"] = f"{address}#{link.attributes.pop('refid')}"
    return shown


def begin(content: list[nodes.Node]) -> list[nodes.Node]:
    """Return the part of a sentence as a sentence: with a capital, where it does not begin with code."""
    first, *rest = itertools.dropwhile(lambda node: not node.astext().strip(), content)
    if isinstance(first, nodes.Text):
        text = first.lstrip()
        first = nodes.Text(text[0].upper() + text[1:])
    return [first, *rest]


def entry(content: list[nodes.Node]) -> nodes.entry:
    """Return a cell of the table."""
    return nodes.entry("", nodes.paragraph("", "", *content))


def table(columns: Sequence[str], rows: list[nodes.row], *classes: str) -> nodes.table:
    """Return a table with the names of its columns as its head."""
    head = nodes.row("", *(entry([nodes.Text(column)]) for column in columns))
    widths = [nodes.colspec(colwidth=1) for _ in columns]
    group = nodes.tgroup(
        "", *widths, nodes.thead("", head), nodes.tbody("", *rows), cols=len(columns)
    )
    return nodes.table("", group, classes=[*classes])


def setup(app: Sphinx) -> None:
    """Register the directive and what fills it."""
    app.add_node(mistakes)
    app.add_directive("mistakes", Mistakes)
    app.add_post_transform(ShowMistakes)
