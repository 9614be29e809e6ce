"""What the search knows of the book: `_static/search_index.js`, which a page asks for when one searches.

It holds the passages of all pages as they are read, and the glossary's names for one thing.
A script, and no JSON, because a page that was opened from a folder can load no other file.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from chapter_head import number_of
from docutils import nodes
from passages import passages
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from terms import resolved_entries


def write_index(app: Sphinx, error: Exception | None) -> None:
    """Write the index at the end of a build."""
    if error is None and app.builder.format == "html":
        index = {"passages": [*found(app.env)], "terms": [*terms(app)]}
        written = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        Path(app.outdir, "_static", "search_index.js").write_text(
            f"globalThis.lrlabIndex = {written};\n", encoding="utf-8"
        )


def found(env: BuildEnvironment) -> Iterator[dict[str, str | int]]:
    """Yield each passage of each page: where it is, what it is called, and its text."""
    for docname in sorted(env.found_docs):
        document = env.get_doctree(docname)
        opening, *rest = passages(document)
        page = {"page": opening.title, "chapter": number_of(docname) or 0}
        for passage in (opening, *rest):
            text = passage.text.removeprefix(passage.title).lstrip(". ")
            if text:
                anchor = f"#{passage.anchor}" if passage.anchor else ""
                yield page | {
                    "address": f"{docname}.html{anchor}",
                    "title": passage.title,
                    "section": passage.section,
                    "text": text,
                }


def terms(app: Sphinx) -> Iterator[dict[str, list[str] | str]]:
    """Yield each entry of the glossary: its names, and the address of the passage that teaches it."""
    for entry in resolved_entries(app):
        *_, link = entry.definition.findall(nodes.reference)
        yield {"names": [*entry.names], "taught": link["refuri"]}


def setup(app: Sphinx) -> None:
    """Write the index when the pages are there."""
    app.connect("build-finished", write_index)
