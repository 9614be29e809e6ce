"""A digest of what was handed in, so that only what has changed is graded again.

A student chooses what lies here, so it is bounded: what is too large to be graded counts by its
size, and past a limit on all bytes a file counts by its time.
"""

import hashlib
import json
import os
from pathlib import Path

from autograder.submission.files import SECRET, TIMESTAMP, read_regular
from autograder.submission.tree import Entry, tree

MAX_FILE = 50_000_000  # bytes; nothing larger is graded
MAX_BYTES = 250_000_000  # of all files that are read, the smallest first


def content_digest(folder: Path) -> str:
    """Return a digest of the names and contents below ``folder``, whatever the time of its files.

    What nbgrader writes beside a notebook is not in it, nor what tools leave behind (``tree``).
    """
    try:
        found = [entry for entry in tree(folder) if entry.name not in (TIMESTAMP, SECRET)]
    except OSError as error:
        found = [Entry("", refused=error.strerror)]
    digest, left = hashlib.sha256(), MAX_BYTES
    for entry in sorted(found, key=lambda each: (each.size, each.name)):
        content, time = b"", None
        if not entry.refused and entry.size <= MAX_FILE:
            if entry.size <= left:
                content = _content(folder / entry.name)
                left -= len(content)
            else:
                time = _time(folder / entry.name)
        digest.update(json.dumps([entry.name, entry.size, entry.refused, time]).encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return read_regular(path, MAX_FILE)
    except OSError as error:
        return f"{error.strerror}".encode()


def _time(path: Path) -> int | None:
    """Return when a file was written, in nanoseconds."""
    try:
        return os.lstat(path).st_mtime_ns
    except OSError:
        return None
