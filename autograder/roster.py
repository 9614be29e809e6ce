"""Reads a class list into nbgrader's gradebook, as spreadsheets save one.

``nbgrader db student import`` wants UTF-8 with no mark before it, commas, and exact names of columns.
Excel writes such a mark, or an older encoding; semicolons where the comma is the decimal sign, or
tabs; it shortens long numbers, and people put capitals and spaces into the names of columns.
``read_roster`` understands all that, and names the lines that it does not; ``import_roster`` writes
the rest, through nbgrader's own gradebook.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, InvalidEntry
from nbgrader.apps import NbGrader

from autograder.identity import canonical, without_marks

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")  # as nbgrader calls them
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what Excel calls Unicode text
OLDER = "cp1252"
# What a spreadsheet makes of a long number, or of a whole one in a column with gaps.
SHORTENED = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+|\d+\.0")


@dataclass
class Roster:
    """Students by id, each with the columns that the file has, and what was not understood."""

    students: dict[str, dict[str, str | None]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def read_roster(content: bytes) -> Roster:
    """Return the students in a file with one line a student and a header.

    Raises ValueError, with a sentence, when no header is found, and csv.Error when it is no
    table.
    """
    roster = Roster()
    text, guessed = _text(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    rows = ((lines.line_num, [_clean(each) for each in row]) for row in lines)
    names = _header(rows)
    if unknown := [name for name in names if name and name not in COLUMNS]:
        roster.complaints.append(
            f"Columns that nbgrader does not have, and that are not read: {', '.join(unknown)}."
        )
    if guessed:
        roster.complaints.append(
            "The file is not in UTF-8, and was read as Western European text. Where letters are "
            "wrong in formgrader, save it as CSV UTF-8 and import it again."
        )
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(cells):
            continue
        found = dict(zip(names, cells, strict=False))
        student = {name: found[name] or None for name in COLUMNS if name in found}
        student_id = student.pop("id")
        if wrong := _wrong(student_id, student, any(cells[len(names) :]), seen):
            roster.complaints.append(f"Line {number} is not read: {wrong}.")
            continue
        seen[canonical(student_id)] = number
        roster.students[student_id] = student
    return roster


def import_roster(path: Path) -> list[str]:
    """Add or update the students of a file in the course's gradebook; return what to say about it.

    The first sentence counts, each other one names what was not read. Raises OSError when the file
    cannot be read, and what ``read_roster`` raises.
    """
    roster = read_roster(path.read_bytes())
    app = NbGrader()
    app.initialize([])
    course = app.coursedir
    added, updated = 0, 0
    with Gradebook(course.db_url, course.course_id, app.authenticator) as gradebook:
        known = {canonical(each.id): each.id for each in gradebook.students}
        for student, about in roster.students.items():
            there = known.get(canonical(student))
            if there and there != student:
                roster.complaints.append(f"{student!a} is {there!a} in the gradebook.")
            try:
                gradebook.update_or_create_student(there or student, **about)
            except InvalidEntry as error:
                roster.complaints.append(f"The gradebook refuses {student!a}: {error.args[0]}")
                continue
            added, updated = added + (not there), updated + bool(there)
    return [f"Students added: {added}, updated: {updated}.", *roster.complaints]


def _text(content: bytes) -> tuple[str, bool]:
    """Return the text of a file, and whether its encoding was guessed."""
    try:
        if content.startswith(UTF_16):
            return content.decode("utf-16"), False
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode(OLDER, errors="replace"), True


def _separator(text: str) -> str:
    """Return what separates the cells: that with which the first lines have most known columns."""
    start = text.splitlines()[:2]

    def known(separator: str) -> int:
        cells = [cell for row in csv.reader(start, delimiter=separator) for cell in row]
        return sum(_column(cell) in COLUMNS for cell in cells)

    return max(",;\t|", key=known)


def _header(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Return the names of the columns; Excel's ``sep=;`` may stand in a line before."""
    for _, cells in rows:
        names = [_column(cell) for cell in cells]
        if "id" in names:
            return names
        if any(cells) and not cells[0].startswith("sep="):
            break
    raise ValueError(
        f"The first line should name the columns, and one of them `id`: {', '.join(COLUMNS)}."
    )


def _wrong(student_id: str | None, student: dict, more: bool, seen: dict[str, int]) -> str | None:
    """Return what is wrong with a line, or None. ``seen``: in which line each id stood."""
    if more:
        return "it has more cells than the first line"
    if not student_id:
        return "it has no id"
    for value in (student_id, student.get("lms_user_id") or ""):
        if SHORTENED.fullmatch(value):
            return f"the spreadsheet changed a number to {value}; make the column text"
    if before := seen.get(canonical(student_id)):
        return f"{student_id!a} is the student of line {before}"
    return None


def _column(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", _clean(cell).casefold())


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", without_marks(cell))
