"""The files beside a notebook, taken with care: a student chooses their names and kinds.

Only regular files count, and not many: no link is followed, no device or pipe is opened.
"""

import errno
import io
import os
import re
import stat
import tarfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

TIMESTAMP = "timestamp.txt"  # nbgrader's own, beside the notebook
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # nbgrader logs the names of files as they are
MAX_FILES = 200
MAX_BYTES = 50_000_000  # all of them together
REASONS = {errno.ELOOP: "it is a link", errno.EISDIR: "it is a folder"}  # for the system's words


def student_files(folder: Path, notebooks: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield the path below ``folder`` and the content of every file of the student's, in order.

    Notebooks are not among them, nor what nbgrader writes here, nor names that a terminal obeys.
    Stops at MAX_FILES files or MAX_BYTES bytes. ``notebooks``: the names of the graded ones.
    """
    written = {f"{name}{suffix}" for name in notebooks for suffix in (".ipynb", ".html")}
    count = total = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            inside = path.relative_to(folder)
            if path.suffix.lower() == ".ipynb" or path == folder / TIMESTAMP:
                continue
            if inside.parts[0] in written or CONTROL.search(str(inside)):
                continue
            try:
                content = read_regular(path, MAX_BYTES - total)
            except OSError:
                continue
            count, total = count + 1, total + len(content)
            if count > MAX_FILES:
                return
            yield str(inside), content


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a tar of files, the same bytes for the same names and contents."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, each in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(each), 0o644
            tar.addfile(entry, io.BytesIO(each))
    return content.getvalue()


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


def _open_here(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
