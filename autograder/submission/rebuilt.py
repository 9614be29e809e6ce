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

TYPES = {"code": new_code_cell, "markdown": new_markdown_cell}
REFERENCE = r"attachment:([^\s)>\"']*)"  # to a picture in the same cell


def rebuild(release: NotebookNode, cells: list[dict]) -> tuple[NotebookNode, list[str]]:
    """Return ``release`` with the answers in ``cells``, and a sentence for each oddity.

    Each cell has ``name`` (its grade_id or id, or None), ``cell_type``, ``source`` and
    ``attachments``. Answers and plain cells that the student deleted stay away; locked cells come
    back. Cells that the student added stand after the same cell as before. A second copy of an
    answer is such an added cell, so that the notebook does what it did when the student ran it; of
    a locked cell it is dropped.
    """
    known = {cell.id: cell for cell in release.cells}
    found: dict[str, dict] = {}
    added: dict[str | None, list[NotebookNode]] = {}
    anchor = None
    for cell in cells:
        name = cell["name"] if cell["name"] in known else None
        if name is not None and name not in found:
            found[name] = cell
            anchor = name
        elif name is None or not utils.is_locked(known[name]):
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
    return notebook, _oddities(release, {name: cell["source"] for name, cell in found.items()})


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


def _oddities(release: NotebookNode, texts: dict[str, str]) -> list[str]:
    """Return sentences on what is missing or was changed."""
    answers = [cell.id for cell in release.cells if utils.is_solution(cell)]
    lost = [name for name in answers if name not in texts]
    changed = [
        cell.id
        for cell in release.cells
        if utils.is_locked(cell) and texts.get(cell.id, cell.source).strip() != cell.source.strip()
    ]
    sentences = []
    if lost and len(lost) == len(answers):
        sentences.append(
            "None of the answer cells was found: the notebook is another one, or its cells lost "
            "their names. Copy your answers into a freshly fetched notebook."
        )
    elif lost:
        sentences.append(f"These answer cells were deleted: {', '.join(lost)}.")
    if changed:
        sentences.append(
            f"These locked cells were changed, and are restored: {', '.join(changed)}."
        )
    return sentences
