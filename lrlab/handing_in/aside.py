"""A folder that is written beside its place, and gets its name when it is whole."""

import contextlib
import io
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO


def write(folder: Path, files: Mapping[str, Path], notes: Mapping[str, str], folders: int) -> None:
    """Write copies of files and nbgrader's notes into a new folder; its rights are ``folders``.

    The rights come with mkdir: by a later chmod, one who is not in the group of a folder would take
    its setgid bit away, and what is made in it would have another group.
    """
    below = {parent for name in files for parent in Path(name).parents}
    before = os.umask(0o777 & ~folders)
    try:
        for each in sorted({Path(), *below}):
            (folder / each).mkdir(mode=folders)
    finally:
        os.umask(before)
    for name, source in files.items():
        with open(source, "rb") as content:
            _write_file(folder / name, content, folders & 0o640)
    for name, text in notes.items():
        _write_file(folder / name, io.BytesIO(text.encode()), folders & 0o640)


def _write_file(path: Path, content: BinaryIO, rights: int) -> None:
    """Write a new file. Raises OSError, also for what a disk over the network says only at the end."""
    with open(path, "xb") as file:
        os.fchmod(file.fileno(), rights)
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())


def aside_of(path: Path) -> Path:
    """Return where something is built that ends as ``path``: beside it, and not found by nbgrader."""
    return path.with_name(f".{path.name}")


@contextlib.contextmanager
def removed(*folders: Path) -> Iterator[None]:
    """Remove what an interrupted command left, and at the end what was not renamed."""
    for each in folders:
        shutil.rmtree(each, ignore_errors=True)
    try:
        yield
    finally:
        for each in folders:
            shutil.rmtree(each, ignore_errors=True)
