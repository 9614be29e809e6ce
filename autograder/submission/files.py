"""The files beside a notebook, taken with care: which are, and why the others are not.

What is taken lies on the sandbox's disk when the notebook runs, and nbgrader copies it into
``autograded/`` and ``feedback/``. So it is bounded, by numbers that honest work seldom meets.
"""

import contextlib
import errno
import io
import math
import os
import shutil
import stat
import tarfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.submission.tree import CONTROL, Entry, tree

TIMESTAMP = "timestamp.txt"  # nbgrader's own, as the next
SECRET = "submission_secret.txt"  # names the student's feedback in nbgrader's exchange
MAX_FILES = 2_000
MAX_BYTES = 50_000_000  # all together; each worker holds them in memory, and nbgrader copies twice
MAX_NAMED = 3  # files of one kind in a sentence
REASONS = {errno.ELOOP: "it is a link", errno.EISDIR: "it is a folder"}  # for the system's words


@dataclass(frozen=True)
class Files:
    """The content of what is taken, by its path, in order; and of the rest, why it is not taken."""

    taken: dict[str, bytes]
    left: dict[str, str]

    @property
    def problems(self) -> list[str]:
        """Return a sentence that names what was not taken, or none."""
        names = defaultdict(list)
        for name, reason in self.left.items():
            names[reason].append(name)
        said = [
            f"{listed(each)} {'was' if len(each) == 1 else 'were'} not taken: {reason}"
            for reason, each in names.items()
        ]
        return [f"Of your files, {'; '.join(said)}."] if said else []


def student_files(
    folder: Path,
    notebook: str = "",
    given: Collection[str] = (),
    max_files: int = MAX_FILES,
    max_bytes: int = MAX_BYTES,
) -> Files:
    """Return the student's files beside ``notebook``, which is a path below ``folder``.

    Their paths are below the folder that holds it. It is not among them itself, and neither is what
    the instructor has ``given``.
    Of too many files those go first of which there are many alike in one folder; of too many bytes
    the largest files, so that one of them never displaces all others.
    """
    home = notebook[: notebook.rfind("/") + 1]
    found, left = [], {}
    for entry in _own(folder, home):
        if not entry.name.startswith(home):
            left[entry.name] = "it does not lie beside the notebook"
        elif entry.refused:
            left[entry.name.removeprefix(home)] = entry.refused
        elif entry.name != notebook:
            found.append(replace(entry, name=entry.name.removeprefix(home)))
    found = [entry for entry in found if entry.name not in given]
    alike = Counter(map(_kind, found))
    found.sort(key=lambda entry: (alike[_kind(entry)], entry.size, entry.name))
    for entry in found[max_files:]:
        left[entry.name] = f"there are {len(found):,} files, {max_files:,} are allowed"
    taken, too_much = _read(folder / home, found[:max_files], max_bytes)
    return Files(dict(sorted(taken.items())), left | too_much)


def _read(
    home: Path, entries: list[Entry], max_bytes: int
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the content of files, the smallest first, and of those that do not fit in, why."""
    taken, left, free = {}, {}, max_bytes
    names = {entry.name for entry in entries}
    together = sum(entry.size for entry in entries)
    for entry in sorted(entries, key=lambda entry: (entry.size, entry.name)):
        if entry.size > free:
            alone = entry.size > max_bytes
            size = _megabytes(entry.size) if alone else f"all together have {_megabytes(together)}"
            left[entry.name] = f"{size}, {max_bytes // 10**6} MB are allowed"
            continue
        try:
            content = read_regular(home / entry.name, free)
        except OSError as error:
            left[entry.name] = error.strerror
            continue
        composed = unicodedata.normalize("NFC", entry.name)  # a Mac's zip has accents on their own
        taken[entry.name if composed in names else composed] = content
        free -= len(content)
    return taken, left


def _own(folder: Path, home: str) -> Iterator[Entry]:
    """Yield what in ``folder`` is the student's own, and not nbgrader's; nothing if it is closed."""
    with contextlib.suppress(OSError):  # whoever reads the notebook says so
        for entry in tree(folder):
            if entry.name not in (TIMESTAMP, SECRET, home + TIMESTAMP, home + SECRET):
                yield entry


def _megabytes(size: int) -> str:
    return f"{math.ceil(size / 10**6)} MB"


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a tar of files, the same bytes for the same names and contents."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, each in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(each), 0o644
            tar.addfile(entry, io.BytesIO(each))
    return content.getvalue()


def unpack(packed: BinaryIO, folder: str) -> None:
    """Write the files of an ``archive`` below ``folder``, which is empty.

    Raises ValueError for anything but a regular file below it. tarfile's own filter came with Python
    3.11.4, and Debian 12 has an older one.
    """
    with tarfile.open(fileobj=packed) as tar:
        for entry in tar:
            path = PurePosixPath(entry.name)
            if not entry.isreg() or path.is_absolute() or ".." in path.parts:
                raise ValueError(f"{entry.name!r} is no file of an archive of ours")
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(place, "xb") as file:
                shutil.copyfileobj(tar.extractfile(entry), file)
            os.utime(place, (entry.mtime, entry.mtime))  # graded twice, it has the same time


def read_regular(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file.

    Raises OSError, with a reason for people, when it is none, cannot be opened, or is larger than
    ``most`` bytes. A link is not followed, and a pipe is not waited for.
    """
    try:
        with open(path, "rb", opener=_open_here) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "it is no regular file")
            if status.st_size > most:
                raise OSError(errno.EFBIG, "it is too large")
            return file.read(status.st_size)
    except OSError as error:
        raise OSError(error.errno, REASONS.get(error.errno, error.strerror)) from None


def listed(names: list[str]) -> str:
    """Return names of students' files as text, and not too many of them."""
    named = names[: MAX_NAMED if len(names) > MAX_NAMED + 1 else len(names)]
    more = len(names) - len(named)
    words = [*map(shown, named), *([f"{more:,} more"] if more else [])]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def shown(name: str) -> str:
    """Return the name of a student's file as text that can be written anywhere."""
    name = CONTROL.sub("\N{REPLACEMENT CHARACTER}", name).encode("utf-8", "replace").decode()
    return name if len(name) <= 80 else f"...{name[-80:]}"


def _kind(entry: Entry) -> tuple[PurePosixPath, str]:
    """Return what files that are alike have in common: their folder, and how their names end."""
    path = PurePosixPath(entry.name)
    return path.parent, path.suffix.lower()


def _open_here(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
