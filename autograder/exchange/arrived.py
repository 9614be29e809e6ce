"""Reads a folder that a student put into the exchange: never more, and never anything else.

It is the student's, who may change it at any moment, and chooses every name and kind of file. So
every step goes from an open folder to what lies in it, no link is followed, no pipe is opened, what is
another account's is left, and numbers, depths and bytes are bounded. The time at which it came is
that of the last change of anything in it, in the system's words (ctime): nobody can set that, and
whoever changes an answer later moves it.

What a student can still do: take back what was not collected yet, and of several that came in time
choose one later by taking back the others. On a disk in memory (tmpfs), a file that is mapped before
the deadline can be written after it unseen: the exchange belongs on a real disk.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.submission.files import TIMESTAMP

MAX_ENTRIES = 20_000
MAX_DEPTH = 30  # each folder on the way down is kept open
CHANGED = "it was changed while it was read. Collect it again"
SAFE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = SAFE | os.O_DIRECTORY


class UnusableError(Exception):
    """A folder that cannot be taken; the message says why."""


@dataclass(frozen=True)
class Arrival:
    """A folder in the exchange: what made it, and when it was last changed (UTC, without zone)."""

    name: str
    uid: int
    inode: int
    time: datetime


@dataclass(frozen=True)
class _Found:
    """A file or folder, in an open folder; its path begins at the submission."""

    folder: int
    path: str
    status: os.stat_result

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.status.st_mode)


def look(inbound: int, name: str) -> Arrival:
    """Return when the folder ``name`` in the open folder ``inbound`` came, and whose it is.

    Raises UnusableError or OSError.
    """
    with _opened(name, inbound) as folder:
        return _look(folder, name)


def take(inbound: int, arrival: Arrival, place: Path, course: CourseDirectory) -> list[str]:
    """Copy a submission to ``place``, which is new, without the time that it claims.

    Returns the names of what was left out: links, what is no file, what is too large. What the
    course's settings ignore is not named. Raises UnusableError, or OSError, for what cannot be read
    or written; what was copied until then stays.
    """
    left, free = [], 1000 * course.max_dir_size
    place.mkdir()
    with _opened(arrival.name, inbound) as folder:
        for found in _walk(folder):
            if any(_is_ignored(part, found, course) for part in found.path.split("/")):
                continue
            target = place / found.path
            if not target.parent.is_dir() or found.path == TIMESTAMP:
                continue  # in a folder that was left out
            if found.is_folder and found.status.st_uid == arrival.uid:
                target.mkdir()
            elif _is_wanted(found, arrival.uid, 1000 * course.max_file_size):
                free -= _copy(found, arrival.uid, target, free)
            else:
                left.append(found.path)
        if _look(folder, arrival.name) != arrival:
            raise UnusableError(CHANGED)
    return left


def _look(folder: int, name: str) -> Arrival:
    top = os.fstat(folder)
    latest = max([top.st_ctime_ns, *(found.status.st_ctime_ns for found in _walk(folder))])
    time = datetime.fromtimestamp(latest // 10**9, UTC).replace(tzinfo=None)
    return Arrival(name, top.st_uid, top.st_ino, time.replace(microsecond=latest % 10**9 // 1000))


def _walk(folder: int) -> Iterator[_Found]:
    """Yield everything below an open folder. Raises UnusableError when it is too much."""
    for count, found in enumerate(_below(folder, "", MAX_DEPTH)):
        if count == MAX_ENTRIES:
            raise UnusableError(f"it holds more than {MAX_ENTRIES:,} files")
        yield found


def _below(folder: int, path: str, depth: int) -> Iterator[_Found]:
    with os.scandir(folder) as entries:
        for entry in entries:
            found = _Found(folder, path + entry.name, entry.stat(follow_symlinks=False))
            yield found
            if found.is_folder:
                if not depth:
                    raise UnusableError(f"its folders lie more than {MAX_DEPTH} deep")
                with _opened(entry.name, folder) as inner:
                    yield from _below(inner, f"{found.path}/", depth - 1)


@contextmanager
def _opened(name: str, folder: int) -> Iterator[int]:
    """Open a folder in an open one; a link to one is none."""
    inner = os.open(name, FOLDER, dir_fd=folder)
    try:
        yield inner
    finally:
        os.close(inner)


def _is_ignored(name: str, found: _Found, course: CourseDirectory) -> bool:
    """Return whether the course's settings leave this out, by one part of its path."""
    if any(fnmatch(name, pattern) for pattern in course.ignore):
        return True
    is_file = name == found.name and not found.is_folder
    return is_file and not any(fnmatch(name, pattern) for pattern in course.include)


def _is_wanted(found: _Found, uid: int, most: int) -> bool:
    """Return whether this is a file of the student's, and not too large."""
    status = found.status
    return stat.S_ISREG(status.st_mode) and status.st_uid == uid and status.st_size <= most


def _copy(found: _Found, uid: int, target: Path, most: int) -> int:
    """Copy a file; return its bytes. It may be another one by now than the one that was looked at."""
    size = 0
    descriptor = os.open(found.name, SAFE, dir_fd=found.folder)
    with open(descriptor, "rb") as source, open(target, "xb") as copy:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != uid:
            raise UnusableError(CHANGED)
        while part := source.read(1 << 20):
            size += len(part)
            if size > most:
                raise UnusableError("it is larger than max_dir_size, in nbgrader_config.py, allows")
            copy.write(part)
    return size
