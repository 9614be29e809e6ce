"""Every folder and regular file below a folder of students' work, each opened where it lies.

A student chooses names, kinds, numbers, depths and sizes, and may change them meanwhile. So no link
is followed, no pipe waited for, and nothing opened by a path that could lead elsewhere by then.
What is none of these, or too much, is named and left out: nothing that is graded is among it.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_DEPTH = 60  # folders in folders
MAX_PATH = 1_000  # bytes of a name below the folder
MAX_FILE = 100_000_000  # bytes; nbgrader's own exchange takes as much, and less is graded
MAX_BYTES = 2_000_000_000  # of one submission, as its files say: holes count


def walk(top: Path, left: dict[str, str], unit: int) -> Iterator[tuple[str, int]]:
    """Yield the name below ``top``, "" for itself, and an open descriptor of all that is kept.

    left: gets the names of what is left out, each with the reason. unit: how many folders deep what
    counts as one submission lies.
    """
    used: Counter[str] = Counter()

    def refuse(error: OSError) -> None:
        left[str(error.filename)] = f"it cannot be read ({error.strerror})"

    for folder, folders, files, here in os.fwalk(top, follow_symlinks=False, onerror=refuse):
        place = os.path.relpath(folder, top)
        yield ("" if place == "." else place), here
        times: dict[str, int] = {}
        for names, is_kept in ((folders, stat.S_ISDIR), (files, stat.S_ISREG)):
            for each in sorted(names):
                name = each if place == "." else f"{place}/{each}"
                reason, size, times[each] = _about(each, name, here, is_kept)
                submission = "/".join(name.split("/")[:unit])
                if not reason and used[submission] + size > MAX_BYTES:
                    reason = f"its submission has more than {MAX_BYTES:,} bytes"
                if reason:
                    names.remove(each)
                    left[name] = reason
                    continue
                used[submission] += size
                if is_kept is stat.S_ISREG:
                    with _opened(each, name, here, left) as file:
                        if file is not None:
                            yield name, file
        folders.sort(key=times.get)  # what was handed in first is unpacked first


def _about(each: str, name: str, here: int, is_kept: object) -> tuple[str, int, int]:
    """Return why something is left out, or nothing; the bytes of a file; and when it was changed."""
    try:
        status = os.stat(each, dir_fd=here, follow_symlinks=False)
    except OSError as error:
        return f"it cannot be read ({error.strerror})", 0, 0
    if not is_kept(status.st_mode):
        return "it is a link" if stat.S_ISLNK(status.st_mode) else "it is no regular file", 0, 0
    if len(os.fsencode(name)) > MAX_PATH or name.count("/") >= MAX_DEPTH:
        return "it lies too deep", 0, 0
    if is_kept is stat.S_ISDIR:
        return "", 0, status.st_ctime_ns
    too_large = f"it has more than {MAX_FILE:,} bytes" if status.st_size > MAX_FILE else ""
    return too_large, status.st_size, status.st_ctime_ns


@contextmanager
def _opened(each: str, name: str, here: int, left: dict[str, str]) -> Iterator[int | None]:
    """Open a file; give None, and say why, where it has become something else."""
    try:
        file = os.open(each, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    except OSError as error:
        left[name] = f"it cannot be read ({error.strerror})"
        yield None
        return
    try:
        if stat.S_ISREG(os.fstat(file).st_mode):
            yield file
        else:
            left[name] = "it is no regular file"
            yield None
    finally:
        os.close(file)
