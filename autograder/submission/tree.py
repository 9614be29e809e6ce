"""What lies in a folder that a student handed in: every name, and of nothing the content.

A student chooses names, kinds, numbers and depths. No link is followed and nothing is opened; what
tools leave behind (a repository, an environment, an editor's files) is as if it were not there.
"""

import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

LEFT_BEHIND = (
    "._*",  # a Mac's notes on each file, in every zip that it packs
    "__MACOSX",
    ".DS_Store",
    ".Trash*",
    "Thumbs.db",
    "desktop.ini",
    ".git",
    ".hg",
    ".svn",
    ".idea",
    ".vscode",
    ".venv",
    "node_modules",
    ".ipynb_checkpoints",
    ".virtual_documents",
    ".jupyter_ystore.db",
    ".*_cache",
    "__pycache__",
)
PACKED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")  # may hold a whole folder
ENVIRONMENT = ("pyvenv.cfg", "conda-meta")  # lie in an environment of Python's, whatever its name
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # nbgrader logs the names of files as they are
MAX_ENTRIES = 20_000  # files that are looked at
MAX_FOLDERS = 1_000  # each takes a place on the sandbox's disk, as a file does
MAX_PATH = 500  # bytes below the folder; for a whole path the system has 4,096


@dataclass(frozen=True)
class Entry:
    """A file by its path below the folder, its size in bytes, and why it cannot be taken, or ""."""

    name: str
    size: int = 0
    refused: str = ""


def tree(folder: Path) -> Iterator[Entry]:
    """Yield every file below ``folder``, and every folder that is not entered; near ones first.

    In each folder in the order of names. Raises OSError when ``folder`` cannot be read.
    """
    waiting, folders, count = deque([""]), 0, 0
    while waiting:
        place = waiting.popleft()
        try:
            with os.scandir(folder / place) as found:
                inside = sorted(found, key=lambda each: each.name)
        except OSError as error:
            if not place:
                raise
            yield Entry(place, refused=error.strerror)
            continue
        if place and any(each.name in ENVIRONMENT for each in inside):
            continue
        for each in inside:
            if is_left_behind(each.name):
                continue
            name = f"{place}/{each.name}" if place else each.name
            entry = _entry(each, name)
            if entry is None and folders < MAX_FOLDERS:
                waiting.append(name)
                folders += 1
                continue
            count += 1
            if count > MAX_ENTRIES:
                yield Entry(name, refused=f"only {MAX_ENTRIES:,} files are looked at")
                return
            yield entry or Entry(name, refused=f"only {MAX_FOLDERS:,} folders are looked into")


def is_left_behind(name: str) -> bool:
    """Return whether a tool calls its own files so."""
    return any(fnmatchcase(name, pattern) for pattern in LEFT_BEHIND)


def _entry(found: os.DirEntry, name: str) -> Entry | None:
    """Return what was found, or None for a folder."""
    if CONTROL.search(found.name):
        return Entry(name, refused="no character of a name may be one that a terminal obeys")
    if len(os.fsencode(name)) > MAX_PATH:
        return Entry(name, refused=f"a path may have {MAX_PATH} bytes")
    if found.is_symlink():
        return Entry(name, refused="links are not followed")
    if found.is_dir(follow_symlinks=False):
        return None
    if not found.is_file(follow_symlinks=False):
        return Entry(name, refused="only regular files are")
    try:
        return Entry(name, found.stat(follow_symlinks=False).st_size)
    except OSError as error:
        return Entry(name, refused=error.strerror)
