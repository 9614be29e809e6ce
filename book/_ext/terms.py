"""The words of the glossary in the chapters: the first mention of each shows what it means.

Nobody marks these mentions. A page names each word of the glossary that it uses once, as a link to its
entry, and carries the definition, hidden, for `site/terms.mjs` and for screen readers.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chapter_head import number_of
from docutils import nodes
from passages import ancestors
from sphinx import addnodes
from sphinx.application import Sphinx

GLOSSARY = "glossary"
# Where a word is not looked for: code, links, tables and whatever is no running text.
CLOSED = (
    nodes.title,
    nodes.literal,
    nodes.literal_block,
    nodes.reference,
    nodes.math,
    nodes.math_block,
    nodes.table,
    nodes.raw,
    nodes.caption,
    nodes.container,
    addnodes.pending_xref,
)


class term_mention(nodes.Inline, nodes.TextElement):
    """The first mention of a term on a page; ``anchor`` is the term's in the glossary."""


class definitions(nodes.General, nodes.Element):
    """What the terms that a page mentions mean: one `meaning` each."""


class meaning(nodes.General, nodes.Element):
    """The definition of one term."""


@dataclass(frozen=True)
class Entry:
    """An entry of the glossary: its names, the first one first, its anchor and its definition."""

    names: tuple[str, ...]
    anchor: str
    definition: nodes.definition


def entries(document: nodes.document) -> list[Entry]:
    """Return the entries of the glossary page."""
    return [
        Entry(
            tuple(term.astext() for term in item.findall(nodes.term)),
            item.next_node(nodes.term)["ids"][0],
            item.next_node(nodes.definition),
        )
        for glossary in document.findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
    ]


@functools.cache
def resolved_entries(app: Sphinx) -> list[Entry]:
    """Return the entries with their links as a page has them."""
    document = app.env.get_doctree(GLOSSARY)
    app.env.resolve_references(document, GLOSSARY, app.builder)
    return entries(document)


def mark_first_mentions(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Make links of the first mentions in a chapter, from its first section on."""
    if number_of(docname) is None or GLOSSARY not in app.env.found_docs:
        return
    by_name = {name.lower(): entry for entry in resolved_entries(app) for name in entry.names}
    seen: dict[str, Entry] = {}
    for text in list(running_text(document)):
        text.parent.replace(text, list(split(text.astext(), by_name, seen)))
    if seen:
        told = (
            meaning("", *entry.definition.deepcopy().children, ids=[f"means-{anchor}"])
            for anchor, entry in seen.items()
        )
        document.children[0].append(definitions("", *told))


def running_text(document: nodes.document) -> Iterator[nodes.Text]:
    """Yield the text below the sections of a page in which a term may be marked."""
    for text in document.findall(nodes.Text):
        above = ancestors(text)
        depth = sum(isinstance(node, nodes.section) for node in above)
        if depth > 1 and not any(isinstance(node, CLOSED) for node in above):
            yield text


def split(text: str, by_name: dict[str, Entry], seen: dict[str, Entry]) -> Iterator[nodes.Node]:
    """Yield a text in pieces, with a `term_mention` for each term that is not in ``seen`` yet."""
    done = 0
    for match in pattern(*by_name).finditer(text):
        entry = by_name[match[1].lower()]
        if entry.anchor not in seen:
            seen[entry.anchor] = entry
            yield nodes.Text(text[done : match.start()])
            yield term_mention("", match[0], anchor=entry.anchor)
            done = match.end()
    yield nodes.Text(text[done:])


@functools.cache
def pattern(*names: str) -> re.Pattern:
    """Return what finds a name, also in the plural; the longer of two names comes first."""
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])({longest_first})(?:e?s)?(?![\w-])", re.IGNORECASE)


def visit_mention(translator, node: term_mention) -> None:
    address = translator.builder.get_relative_uri(translator.builder.current_docname, GLOSSARY)
    anchor = node["anchor"]
    translator.body.append(
        f'<a class="term" href="{address}#{anchor}" aria-describedby="means-{anchor}">'
    )


def depart_mention(translator, node: term_mention) -> None:
    translator.body.append("</a>")


def visit_definitions(translator, node: definitions) -> None:
    translator.body.append('<div class="definitions" hidden>')


def visit_meaning(translator, node: meaning) -> None:
    translator.body.append(translator.starttag(node, "div"))


def depart_division(translator, node: nodes.Element) -> None:
    translator.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the nodes and what makes them."""
    app.add_node(term_mention, html=(visit_mention, depart_mention))
    app.add_node(definitions, html=(visit_definitions, depart_division))
    app.add_node(meaning, html=(visit_meaning, depart_division))
    app.connect("doctree-resolved", mark_first_mentions)
