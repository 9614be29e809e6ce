"""Reads what a student handed in, whatever it is, and rebuilds the notebook to be graded from it.

Only the text of cells, with its pictures, is taken from a submission. Everything else (locked
cells, their order, their points, tags, metadata, the kernel's name) comes from the released
notebook. So a submission cannot change how it is graded, and nothing that nbgrader would stumble
over is left in it.
"""

import copy
import errno
import json
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils

from autograder.submission.files import read_regular
from autograder.submission.outputs import pictures

MARK = "grading"  # where the rebuilt notebook says what was odd about the submission
MAX_BYTES = 50_000_000  # a notebook with this course's plots is far below 5 MB
MAX_CELLS = 1_000
MAX_SOURCE = 200_000  # characters in one cell
TYPES = {"code": new_code_cell, "markdown": new_markdown_cell}
SAVE_AGAIN = "open it in this course's Jupyter, save it, and hand it in again."
REFERENCE = r"attachment:([^\s)>\"']*)"  # to a picture in the same cell


class Unreadable(Exception):
    """A submission that cannot be read; the message is a sentence for the student."""


def submitted_notebook(folder: Path, released: Path) -> NotebookNode:
    """Return the notebook to run for the submission in ``folder``.

    released: the assignment's released notebook. The result's metadata has MARK: ``problems``,
    sentences for the student and the instructor, and ``readable``, which is False when nothing of
    the submission could be used and the notebook is the release.
    """
    release = nbformat.read(released, as_version=4)
    try:
        path, problems = _find(folder, released.name)
        cells = _cells(_document(_content(path)))
        problems += _shortened(cells)
        notebook, more = rebuild(release, cells)
    except Unreadable as error:
        release.metadata[MARK] = {"problems": [str(error)], "readable": False}
        return release
    notebook.metadata[MARK] = {"problems": problems + more, "readable": True}
    return notebook


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


def _shortened(cells: list[dict]) -> list[str]:
    """Cut cells that are too long; return a sentence if there were any."""
    long = [cell for cell in cells if len(cell["source"]) > MAX_SOURCE]
    for cell in long:
        cell["source"] = cell["source"][:MAX_SOURCE]
    return (
        [f"Cells are cut after {MAX_SOURCE:,} characters; {len(long)} were longer."] if long else []
    )


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


def _find(folder: Path, name: str) -> tuple[Path, list[str]]:
    """Return the notebook's path in ``folder``, under another name if it is the only one."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise Unreadable(f"The folder could not be read: {error.strerror}.") from None
    if folder / name in paths:
        return folder / name, []
    others = [path for path in paths if path.suffix.lower() == ".ipynb"]
    if not others:
        raise Unreadable(f"There is no notebook here: hand in {name}.")
    if len(others) > 1:
        raise Unreadable(f"There are {len(others)} notebooks, and none is named {name}.")
    return others[0], [f"The notebook was renamed; hand it in as {name}."]


def _content(path: Path) -> bytes:
    """Return the bytes of the notebook's file."""
    try:
        return read_regular(path, MAX_BYTES)
    except OSError as error:
        advice = ""
        if error.errno == errno.EFBIG:
            advice = f" A notebook may have {MAX_BYTES // 10**6} MB: clear all outputs, and save."
        raise Unreadable(f"The file could not be read: {error.strerror}.{advice}") from None


def _document(content: bytes) -> dict:
    """Return the notebook's JSON object in version 4 of the format."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable(
            f"The file is not a Jupyter notebook, or only a part of one: {SAVE_AGAIN}"
        ) from None
    if not isinstance(document, dict):
        raise Unreadable("The file is not a Jupyter notebook.")
    version = document.get("nbformat", 4)
    if version in (2, 3):
        try:
            return nbformat.convert(nbformat.from_dict(document), 4)
        except Exception:  # noqa: BLE001 (nbformat raises all kinds)
            raise Unreadable(
                f"The notebook's format ({version}) is old, and could not be converted: {SAVE_AGAIN}"
            ) from None
    if version != 4:
        raise Unreadable(f"The notebook's format ({version!r:.20}) is not known here: {SAVE_AGAIN}")
    return document


def _cells(document: dict) -> list[dict]:
    """Return the cells of a document as plain names, types and texts."""
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("The notebook has no cells.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"The notebook has more than {MAX_CELLS} cells.")
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell: dict) -> dict:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(piece for piece in source if isinstance(piece, str))
    if not isinstance(source, str):
        source = ""
    source = source.encode("utf-8", "replace").decode()  # half a character cannot be written
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    kind = cell.get("cell_type")
    return {
        "name": _name(cell),
        "cell_type": kind if isinstance(kind, str) and kind in TYPES else "markdown",
        "source": source,
        "attachments": _pictures(cell.get("attachments")),
    }


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Return the pictures among a cell's attachments, by names that need no escape in a link."""
    if not isinstance(attachments, dict):
        return {}
    return {
        name: kept
        for name, kinds in attachments.items()
        if re.fullmatch(r"[A-Za-z0-9._-]+", name) and isinstance(kinds, dict)
        if (kept := pictures(kinds))
    }


def _name(cell: dict) -> str | None:
    """Return what a cell is called: nbgrader's name for it, or else the notebook's own."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    name = name if isinstance(name, str) else cell.get("id")
    return name if isinstance(name, str) else None
