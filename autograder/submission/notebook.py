"""Reads what a student handed in, whatever it is; ``rebuilt`` makes of it what is graded."""

import os
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.submission.document import Unreadable
from autograder.submission.find import find
from autograder.submission.rebuilt import named, rebuild

MARK = "grading"  # where the rebuilt notebook says what was odd about the submission
MAX_SOURCE = 200_000  # characters in one cell


def submitted_notebook(folder: Path, released: Path) -> NotebookNode:
    """Return the notebook to run for the submission in ``folder``.

    released: the assignment's released notebook; beside it lie the others of the same assignment.
    The result's metadata has MARK: ``problems``, sentences for the student and the instructor;
    ``notebook``, the path of what was read below ``folder``; ``runs``, which is False when it is not
    written in Python; and ``readable``, which is False when nothing of the submission could be used
    and the notebook is the release; ``absent`` then says whether only other notebooks were handed in.
    """
    release = named(nbformat.read(released, as_version=4))
    others = {path.name for path in released.parent.glob("*.ipynb")} - {released.name}
    try:
        found = find(folder, released.name, others, release)
        problems = found.problems + _shortened(found.cells)
        notebook, more = rebuild(release, found.cells)
    except Unreadable as error:
        there = [each for each in (released.name, *others) if os.path.lexists(folder / each)]
        release.metadata[MARK] = {
            "problems": [str(error)],
            "readable": False,
            "absent": bool(there) and released.name not in there,
        }
        return release
    language = _language(release)
    runs = language.lower().startswith("python")
    if not runs:
        more.append(f"It is written in {language}, and was not run: here only Python is.")
    notebook.metadata[MARK] = {
        "problems": problems + more,
        "readable": True,
        "runs": runs,
        "notebook": found.name,
    }
    return notebook


def _language(release: NotebookNode) -> str:
    """Return the programming language of a notebook; which of its kernels it names is no matter."""
    of_kernel, of_cells = (
        release.metadata.get(each, {}) for each in ("kernelspec", "language_info")
    )
    return of_kernel.get("language") or of_cells.get("name") or "python"


def _shortened(cells: list[dict]) -> list[str]:
    """Cut cells that are too long; return a sentence if there were any."""
    long = [cell for cell in cells if len(cell["source"]) > MAX_SOURCE]
    for cell in long:
        cell["source"] = cell["source"][:MAX_SOURCE]
    return (
        [f"Cells are cut after {MAX_SOURCE:,} characters; {len(long)} were longer."] if long else []
    )
