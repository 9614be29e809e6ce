"""What a reader takes along to run: a page's notebook, which says what it needs, and the package.

A page that is a notebook can be downloaded as one. Its copy on the site begins with a cell that the
book's own file has no use for: where it comes from, and how to install `lrlab`, the one package that it
needs. That package is on the site too, in the menu beside the notebook.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "downloads"
FIRST = """\
This is {title} of the course {course}.

**To run this notebook** you need Python {pythons} and the package `lrlab`, which brings what else is \
used. Install it once:

    pip install {package}

{where} With PyTorch that is about 2 GB; on Linux 6 GB, unless you install PyTorch's CPU version first."""
ONLINE = "It comes from the course's site, the rest from Python's package index."
BESIDE = (
    "That file is in the menu in which you found this notebook; put it into the folder from which you "
    "call `pip`. The rest comes from Python's package index."
)


def package() -> tuple[str, str]:
    """Return the name of the file that `lrlab` is installed from, and the Pythons that it runs on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return f"lrlab-{project['version']}-py3-none-any.whl", project["requires-python"]


def first_cell(title: str, course: str, site: str) -> nbformat.NotebookNode:
    """Return what a notebook says first: its name, its course, and how to install what it needs.

    site: the address where the book is published, from which `pip` can then install; perhaps empty.
    """
    file, pythons = package()
    text = FIRST.format(
        title=title,
        course=f"[{course}]({site})" if site else course,
        pythons=pythons,
        package=f"{site}/{FOLDER}/{file}" if site else file,
        where=ONLINE if site else BESIDE,
    )
    return nbformat.v4.new_markdown_cell(text, id="take-along")


def name(page: str, notebook: nbformat.NotebookNode) -> str:
    """Return what a page is called, as texts call it: by its heading, a chapter by its number, too."""
    heading = notebook.cells[0].source.split("\n", 1)[0].removeprefix("# ")
    number = re.match(r"\d\d(?=_)", page)
    return f"chapter {int(number[0])}, *{heading}*," if number else f"the page *{heading}*"


def notebooks(app: Sphinx) -> list[str]:
    """Return the pages that are notebooks."""
    return [
        page for page in sorted(app.env.found_docs) if app.env.doc2path(page).endswith(".ipynb")
    ]


def add_package(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Put the package into the menu of what can be downloaded, beside a page's notebook."""
    for group in context.get("header_buttons", ()):
        if group.get("label") == "download-buttons" and page in notebooks(app):
            group["buttons"].insert(
                1,
                {
                    "type": "link",
                    "url": context["pathto"](f"{FOLDER}/{package()[0]}", 1),
                    "text": "lrlab.whl",
                    "tooltip": "Download the package that the notebook needs",
                    "icon": "fas fa-file",
                    "label": "download-package-button",
                },
            )


def write(app: Sphinx, error: Exception | None) -> None:
    """Write what a reader takes along, and take away what was made of the site before (`make pdf`)."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    for page in notebooks(app):
        path = Path(app.outdir, "_sources", f"{page}.ipynb")
        notebook = nbformat.read(path, nbformat.NO_CONVERT)
        title, site = name(page, notebook), app.config.html_baseurl.rstrip("/")
        notebook.cells.insert(0, first_cell(title, app.config.html_title, site))
        nbformat.write(notebook, path)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("html-page-context", add_package, priority=600)  # after the theme's own buttons
    app.connect("build-finished", write)
