"""The way from a chapter to its assignment: a last line of the page, and the notebook to download.

An assignment belongs to the chapter whose name it has, behind "lr". What is offered is the release in
`exercises/`, which students get too; its master, with the solutions, is nowhere on the site.
"""

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

EXERCISES = Path(__file__).resolve().parents[2] / "exercises"
FOLDER = "downloads"


def release(page: str) -> Path | None:
    """Return the notebook that students get for a chapter, by the name of its page, if there is one."""
    path = EXERCISES / f"lr{page}" / f"lr{page}.ipynb"
    return path if path.is_file() else None


def last_line(path: Path) -> nodes.paragraph:
    """Return the words that lead to an assignment."""
    line = nodes.paragraph(classes=["assignment"])
    line += nodes.strong("", f"Assignment: {path.stem}.")
    line += nodes.Text(" In a JupyterHub class, fetch it in JupyterLab. Else download ")
    line += nodes.reference("", "its notebook", refuri=f"{FOLDER}/{path.name}", internal=False)
    line += nodes.Text("; ")
    line += nodes.reference("", "How to hand in", refuri="handing_in.html", internal=True)
    line += nodes.Text(" says what you need.")
    return line


def add_last_line(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Lead from a chapter to its assignment."""
    if (path := release(page)) and app.builder.format == "html":
        [*_, section] = doctree.findall(nodes.section)
        section += last_line(path)


def copy_releases(app: Sphinx, error: Exception | None) -> None:
    """Put the assignments on the site."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir, FOLDER)
        folder.mkdir(exist_ok=True)
        for path in filter(None, map(release, app.env.found_docs)):
            shutil.copy(path, folder)


def setup(app: Sphinx) -> None:
    """Register both; the copy comes after `take_along` has emptied the folder."""
    app.connect("doctree-resolved", add_last_line)
    app.connect("build-finished", copy_releases, priority=600)
