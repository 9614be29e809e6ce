"""Rebuilds the notebook to be graded: the released one, with a submission's answers in it.

Only the text of cells, with its pictures, is taken from a submission. Everything else (locked
cells, their order, their points, tags, metadata, the kernel's name) comes from the release. So a
submission cannot change how it is graded, and nothing that nbgrader would stumble over is left.
"""

import copy
import re

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils

from autograder.submission.oddities import oddities

TYPES = {"code": new_code_cell, "markdown": new_markdown_cell}
REFERENCE = r"attachment:([^\s)>\"']*)"  # to a picture in the same cell


def named(release: NotebookNode) -> NotebookNode:
    """Return ``release`` with nbgrader's name of a cell as its id, and an id for every other cell."""
    release.nbformat_minor = max(release.nbformat_minor, 5)
    taken = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in release.cells}
    for number, cell in enumerate(release.cells):
        own = cell.get("id", f"cell-{number}")
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id") or (
            f"{own}-{number}" if own in taken else own
        )
    return release


def rebuild(release: NotebookNode, cells: list[dict]) -> tuple[NotebookNode, list[str]]:
    """Return ``release`` with the answers in ``cells``, and a sentence for each oddity.

    Each cell has ``name`` (its grade_id or id, or None), ``cell_type``, ``source``, ``attachments``
    and ``marks``. Answers and plain cells that the student deleted stay away; locked cells come
    back. Cells that the student added stand after the same cell as before. A second copy of an
    answer is such an added cell, so that the notebook does what it did when the student ran it; of
    a locked cell it is dropped.
    """
    known = {cell.id: cell for cell in release.cells}
    found: dict[str, dict] = {}
    others = []
    added: dict[str | None, list[NotebookNode]] = {}
    anchor = None
    for cell in cells:
        name = cell["name"] if cell["name"] in known else None
        if name is not None and name not in found:
            found[name] = cell
            anchor = name
        elif name is None or not utils.is_locked(known[name]):
            if name is None:
                others.append(cell)
            added.setdefault(anchor, []).append(_filled(TYPES[cell["cell_type"]](), cell))
    notebook = copy.deepcopy(release)
    notebook.cells = list(added.get(None, []))
    for cell in copy.deepcopy(release.cells):
        locked = utils.is_locked(cell)
        if locked:
            notebook.cells.append(cell)
        elif cell.id in found:
            notebook.cells.append(_filled(cell, found[cell.id]))
        notebook.cells += added.get(cell.id, [])
    count = 0
    for cell in notebook.cells:
        if cell.id not in known:
            cell.id = f"added-{(count := count + 1)}"
    return notebook, oddities(release, found, others)


def _filled(cell: NotebookNode, submitted: dict) -> NotebookNode:
    """Return ``cell`` with the text of a submitted one and, in Markdown, its pictures.

    A reference to a picture that is not there becomes a link: nbconvert makes no page of it.
    """
    cell.source = submitted["source"]
    if cell.cell_type == "markdown":
        kept = submitted["attachments"]
        cell.source = re.sub(
            REFERENCE, lambda match: match[0] if match[1] in kept else match[1], cell.source
        )
        cell.pop("attachments", None)
        if kept:
            cell.attachments = kept
    return cell
