"""What the search knows of the book: `_static/search_index.js`, which a page asks for when one searches.

It holds the passages of all pages as they are read, and which names the glossary gives to one thing.
A script, and no JSON, because a page that was opened from a folder can load no other file.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from passages import chapter_number, passages
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from terms import GLOSSARY, entries


def write_index(app: Sphinx, error: Exception | None) -> None:
    """Write the index at the end of a build."""
    if error is None and app.builder.format == "html":
        index = {"passages": [*found(app.env)], "names": [*names(app.env)]}
        written = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        Path(app.outdir, "_static", "search_index.js").write_text(
            f"globalThis.lrlabIndex = {written};\n", encoding="utf-8"
        )


def found(env: BuildEnvironment) -> Iterator[dict[str, str | int]]:
    """Yield each passage of each page: where it is, what it is called, and its text."""
    for docname in sorted(env.found_docs):
        document = env.get_doctree(docname)
        page = {"page": env.titles[docname].astext(), "chapter": chapter_number(docname) or 0}
        for passage in passages(document):
            if passage.text:
                anchor = f"#{passage.anchor}" if passage.anchor else ""
                yield page | {
                    "address": f"{docname}.html{anchor}",
                    "title": passage.title,
                    "section": passage.section,
                    "text": passage.text,
                }


def names(env: BuildEnvironment) -> Iterator[tuple[str, ...]]:
    """Yield the names of each thing that has more than one."""
    for entry in entries(env.get_doctree(GLOSSARY)):
        if len(entry.names) > 1:
            yield entry.names


def setup(app: Sphinx) -> None:
    """Write the index when the pages are there."""
    app.connect("build-finished", write_index)
