"""Sentences on what differs between a submission and the release, and who made the difference.

A release is not frozen: a question is put right, added or taken out after students have fetched
the notebook. A locked cell is changed by the student only when the checksum that nbgrader wrote
into it no longer fits. Who forges a checksum gains nothing but a sentence less: locked cells come
from the release anyway.
"""

import re

from nbformat import NotebookNode, from_dict
from nbgrader import utils

SHOWN = 20  # names in one sentence


def oddities(release: NotebookNode, found: dict[str, dict], others: list[dict]) -> list[str]:
    """Return sentences on what is missing, was changed, or is no longer asked.

    found: the submission's first cell of each name that the release has; others: the cells that
    have no such name. Each has ``source`` and ``marks``, what nbgrader noted in it.
    """
    answers = [cell.id for cell in release.cells if utils.is_solution(cell)]
    lost = [name for name in answers if name not in found]
    absent = [name for name in lost if _test_of(name, release) not in found]
    deleted = [name for name in lost if name not in absent]
    retired = [cell["name"] for cell in others if _is_answered(cell)]
    sentences = []
    if lost and len(lost) == len(answers):
        sentences.append(
            "None of the answer cells was found: the notebook is another one, or its cells lost "
            "their names. Copy your answers into a freshly fetched notebook."
        )
        deleted = absent = retired = []
    if deleted:
        sentences.append(f"These answer cells were deleted: {_listed(deleted)}.")
    if absent:
        sentences.append(
            f"These questions are not in the notebook: {_listed(absent)}. If they were added to the "
            "assignment after the notebook was fetched, fetch it again and answer them there."
        )
    if retired:
        sentences.append(
            f"These questions are no longer asked, and count nothing: {_listed(retired)}."
        )
    return sentences + _changed(release, found)


def is_as_released(cell: dict) -> bool:
    """Return whether the text of a cell is what nbgrader released, in this release or an earlier."""
    marks, text = cell["marks"], {name: cell[name] for name in ("cell_type", "source")}
    plain = {name: marks.get(name) is True for name in ("grade", "solution", "locked")}
    try:
        plain |= {"grade_id": str(marks.get("grade_id")), "points": float(marks.get("points", 0))}
        cell = from_dict({**text, "metadata": {"nbgrader": plain}})
        return utils.compute_checksum(cell) == marks.get("checksum")
    except (OverflowError, RecursionError, TypeError, ValueError):  # a student writes anything
        return False


def _changed(release: NotebookNode, found: dict[str, dict]) -> list[str]:
    changed = [
        cell.id
        for cell in release.cells
        if utils.is_locked(cell) and cell.id in found
        if found[cell.id]["source"].strip() != cell.source.strip()
        and not is_as_released(found[cell.id])
    ]
    if not changed:
        return []
    return [f"These locked cells were changed, and are restored: {_listed(changed)}."]


def _test_of(answer: str, release: NotebookNode) -> str | None:
    """Return the graded cell that belongs to an answer: the first one from there on."""
    ids = [cell.id for cell in release.cells]
    rest = release.cells[ids.index(answer) :]
    return next((cell.id for cell in rest if utils.is_grade(cell)), None)


def _is_answered(cell: dict) -> bool:
    """Return whether a cell with no name of the release is an earlier release's, and was answered."""
    marks = cell["marks"]
    name = marks.get("grade_id")
    if not isinstance(name, str) or not re.fullmatch("[A-Za-z0-9_-]{1,60}", name):
        return False
    return marks.get("solution") is True and "checksum" in marks and not is_as_released(cell)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
