"""Reads a notebook's file, whatever is in it: plain names, types and texts of its cells.

A student, or a program that is no Jupyter, wrote it: nothing is taken for granted.
"""

import errno
import json
import re
from pathlib import Path

import nbformat

from autograder.submission.files import read_regular
from autograder.submission.outputs import pictures
from autograder.submission.rebuilt import TYPES

MAX_BYTES = 50_000_000  # a notebook with this course's plots is far below 5 MB
MAX_CELLS = 1_000
SAVE_AGAIN = "open it in this course's Jupyter, save it, and hand it in again."


class Unreadable(Exception):
    """A submission that cannot be read; the message is a sentence for the student."""


def cells_in(path: Path) -> list[dict]:
    """Return the cells of a notebook's file, each with what ``rebuild`` needs to know of it.

    Raises Unreadable.
    """
    return _cells(_document(_content(path)))


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
        "marks": _marks(cell),
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
    name = _marks(cell).get("grade_id")
    name = name if isinstance(name, str) else cell.get("id")
    return name if isinstance(name, str) else None


def _marks(cell: dict) -> dict:
    """Return what nbgrader, or whoever wrote the file, noted in a cell."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}
