"""What stopped a cell by force, as a sentence: which limit it met, and what is missing for it.

What a cell says of itself is a student's: its first line and its names are shown as one short line.
"""

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from autograder.sandbox.limits import MIB, Limits
from autograder.submission.errors import in_words, one_line, stop_of

FIRST_LINE = 60  # characters
MOST_NAMES = 3
NAME = r"[^\W\d]\w{0,99}"
# A name that a statement at the margin makes, as people write most of them.
MADE = re.compile(rf"^(?:(?:def|class)[ \t]+({NAME})|({NAME})[ \t]*=(?!=))", re.MULTILINE)
NO_CODE = ("#", "%%", '"""', "'''")
# What Python and torch say when there is no more, and how much there was.
LIMITS = {
    r"MemoryError|[Cc]an't allocate memory|Cannot allocate memory": lambda limits: (
        f"a submission may use {limits.memory // MIB:,} MiB of memory"
    ),
    r"can't start new thread|\[Errno 11\]": lambda limits: (
        f"a submission may have {limits.processes} processes and threads at one time"
    ),
    r"\[Errno 28\]": lambda limits: (
        f"a submission may fill {limits.disk // MIB:,} MiB of disk with {limits.files:,} files"
    ),
    r"\[Errno 27\]": lambda limits: f"a file may have {limits.file_size // MIB:,} MiB",
    r"\[Errno 24\]": lambda limits: f"{limits.open_files} files may be open at one time",
}


def about_limit(text: str, limits: Limits) -> str | None:
    """Return how much there is of what ``text``, an error's, says there is no more of."""
    found = (say for said, say in LIMITS.items() if re.search(said, text))
    return next((say(limits) for say in found), None)


def limits_met(cells: Sequence[NotebookNode], limits: Limits, max_output: int) -> Iterator[str]:
    """Yield a sentence for each executed cell that a limit stopped, but not its whole process.

    max_output: how many characters of a cell's output are kept.
    """
    for cell in cells:
        stop = stop_of(cell) if cell.cell_type == "code" else None
        if stop is None:
            continue
        limit = about_limit(f"{stop.name} {stop.text}", limits)
        if stop.name == "TooMuchOutput":
            limit = f"{max_output:,} characters of what a cell writes are kept"
        if limit or stop.name == "CellTimeoutError":
            why = "; ".join(filter(None, [in_words(stop, cell.source), limit]))
            advice = "" if limit else " Look for a loop that never ends."
            yield f"{called(cell)} {why}{_missing(cell, cells, stop.line or 0)}.{advice}"


def lost_sentence(cell: NotebookNode, how: str, cells: Sequence[NotebookNode]) -> str:
    """Return what to tell about a cell that ended its process."""
    return (
        f"{called(cell)} ended its Python process ({how}); the others ran in a new one without "
        f"it{_missing(cell, cells, 0)}."
    )


def called(cell: NotebookNode) -> str:
    """Return what to call a cell, so that its author finds it: what it begins with."""
    lines = (line.strip() for line in cell.source.splitlines())
    first = next((line for line in lines if line and not line.startswith(NO_CODE)), "")
    line = one_line(first).replace("`", "'")
    shown = line if len(line) <= FIRST_LINE else f"{line[:FIRST_LINE]}..."
    return f"The cell that begins with `{shown}`" if shown else f"The cell {cell.get('id', '')}"


def _missing(cell: NotebookNode, cells: Sequence[NotebookNode], line: int) -> str:
    """Return what to say of the names that ``cell`` alone would have made below ``line``."""
    others = {name for each in cells if each is not cell for name in _names(each)}
    lost = [name for name, at in _names(cell).items() if at >= line and name not in others]
    if not lost:
        return ""
    more = f" and {len(lost) - MOST_NAMES} more" if len(lost) > MOST_NAMES else ""
    names = ", ".join(f"`{name}`" for name in lost[:MOST_NAMES]) + more
    one = len(lost) == 1
    return f"; what it would have made, {names}, {'is' if one else 'are'} missing"


def _names(cell: NotebookNode) -> dict[str, int]:
    """Return the names that a cell makes, each with the first line that does."""
    if cell.cell_type != "code":
        return {}
    names: dict[str, int] = {}
    for found in MADE.finditer(cell.source):
        names.setdefault(found[1] or found[2], cell.source.count("\n", 0, found.start()) + 1)
    return names
