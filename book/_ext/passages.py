"""A page in passages: what stands under one heading, or after one bold sentence that opens a paragraph.

Such a sentence, as in "**Waiting for NaN.** The loss ...", gets an anchor, so that a search and the
table of mistakes lead to it and not only to its section.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docutils import nodes
from latex2mathml.converter import convert
from sphinx import addnodes
from sphinx.application import Sphinx

SENTENCE = re.compile(r"[.?!][\"”]?$")
SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
# A cell's code is a part of the text where a reader sees it.
FOLDED = {"check", "hide-input"}


@dataclass
class Passage:
    """A passage: its ``anchor`` ("" for a page's opening), ``title`` and the title of its ``section``.

    ``content`` holds its nodes, without the heading.
    """

    anchor: str
    title: str
    section: str
    content: list[nodes.Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees of it, in one line."""
        return " ".join(" ".join(words(node) for node in self.content).split())


def passages(document: nodes.document) -> Iterator[Passage]:
    """Yield the passages of a page as it was read, in their order; an entry of a glossary is one."""
    for section in document.findall(nodes.section):
        above = [each for each in ancestors(section) if isinstance(each, nodes.section)]
        title = heading(section)
        of = heading(above[-2]) if len(above) > 1 else title if above else ""
        passage = Passage(section["ids"][0] if above else "", title, of)
        entries: list[Passage] = []
        for child in section.children:
            if isinstance(child, nodes.title | nodes.section):
                continue
            if isinstance(child, addnodes.glossary):
                entries += map(of_entry, child.findall(nodes.definition_list_item))
                continue
            if lead := run_in(child):
                yield passage
                passage = Passage(child["ids"][0], lead.rstrip("."), of)
            passage.content.append(child)
        yield from (passage, *entries)


def heading(section: nodes.section) -> str:
    """Return the title of a section, without the number of a chapter."""
    parts = section.next_node(nodes.title).children
    return "".join(
        part.astext()
        for part in parts
        if not (isinstance(part, nodes.inline) and "chapter-number" in part["classes"])
    ).strip()


def of_entry(item: nodes.definition_list_item) -> Passage:
    """Return an entry of a glossary; its other names open its text."""
    (first, *names), definition = item.findall(nodes.term), item.children[-1]
    also = [nodes.Text(f"Also: {', '.join(name.astext() for name in names)}.")] if names else []
    return Passage(first["ids"][0], first.astext(), "", [*also, definition])


def ancestors(node: nodes.Node) -> list[nodes.Node]:
    """Return what a node stands in, from the nearest to the document."""
    found = []
    while (node := node.parent) is not None:
        found.append(node)
    return found


def run_in(node: nodes.Node) -> str:
    """Return the bold sentence that opens a paragraph of a section, else nothing."""
    if (
        isinstance(node, nodes.paragraph)
        and isinstance(node.parent, nodes.section)
        and node.astext()
    ):
        lead, *rest = [child for child in node.children if child.astext()]
        if rest and isinstance(lead, nodes.strong) and SENTENCE.search(lead.astext()):
            return lead.astext()
    return ""


def words(node: nodes.Node) -> str:
    """Return the text of a node as it is read: no markup, no output of a cell, no folded code."""
    match node:
        case nodes.math() | nodes.math_block():
            return untagged(convert(node.astext()))
        case nodes.Text() | nodes.literal_block():
            return node.astext()
        case nodes.raw():  # of a fold, its question; of anything else a script makes what is read
            return " ".join(map(untagged, SUMMARY.findall(node.astext())))
        case nodes.comment() | nodes.image():
            return ""
        case nodes.container() if node.get("nb_element") == "cell_code":
            return (
                "" if FOLDED & {*node["cell_metadata"].get("tags", [])} else words(node.children[0])
            )
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(words(child) for child in node.children)


def untagged(markup: str) -> str:
    """Return the text of a piece of HTML or MathML."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def add_anchors(app: Sphinx, document: nodes.document) -> None:
    """Give an anchor to each paragraph that a bold sentence opens."""
    for paragraph in document.findall(nodes.paragraph):
        if lead := run_in(paragraph):
            name = nodes.make_id(lead)
            taken = sum(name == key or key.startswith(f"{name}-") for key in document.ids)
            paragraph["ids"].append(f"{name}-{taken + 1}" if taken else name)
            document.ids[paragraph["ids"][0]] = paragraph


def setup(app: Sphinx) -> None:
    """Make the anchors while a page is read."""
    app.connect("doctree-read", add_anchors)
