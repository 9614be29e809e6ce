"""What a course holds, in one file: a tar with a list of digests as its last entry.

It is written under a temporary name, read again (``unpack``), and only then has its own: whoever finds
such a file finds a whole one.
"""

import grp
import hashlib
import io
import json
import os
import pwd
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path

from autograder.care.contents import LIST, Contents
from autograder.care.unpack import check
from autograder.care.walk import MAX_FILE, walk


class Writer:
    """Puts folders and files into a package."""

    def __init__(self, tar: tarfile.TarFile, contents: Contents) -> None:
        self.contents = contents
        self._tar = tar

    def folder(self, name: str, place: Path, unit: int = 0) -> None:
        """Put in a folder of ours or of students', as ``name``."""
        left: dict[str, str] = {}
        for below, opened in walk(place, left, unit):
            entry = _entry(f"{name}/{below}".rstrip("/"), os.fstat(opened))
            if entry.isdir():
                self._tar.addfile(entry)
            else:  # what somebody still writes into has one size here
                with open(opened, "rb", closefd=False) as file:
                    self._add(entry, file.read(MAX_FILE))
        self.contents.left |= {f"{name}/{below}": reason for below, reason in left.items()}

    def file(self, name: str, place: Path) -> None:
        """Put in one file of ours, of any size."""
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            file.seek(0)
            self._tar.addfile(_entry(name, os.fstat(file.fileno())), file)
        self.contents.digests[name] = digest.hexdigest()

    def text(self, name: str, text: str) -> None:
        """Put in a file that is written here."""
        self._add(tarfile.TarInfo(name), text.encode())

    def end(self) -> None:
        """Put in the list of all."""
        listed = json.dumps(asdict(self.contents), indent=1).encode()
        entry = tarfile.TarInfo(LIST)
        entry.size = len(listed)
        self._tar.addfile(entry, io.BytesIO(listed))

    def _add(self, entry: tarfile.TarInfo, content: bytes) -> None:
        entry.size = len(content)
        self._tar.addfile(entry, io.BytesIO(content))
        self.contents.digests[entry.name] = hashlib.sha256(content).hexdigest()


@contextmanager
def new_package(path: Path, contents: Contents) -> Iterator[Writer]:
    """Make the package ``path``, for its owner's eyes only: whole, or not there.

    Raises OSError where it cannot be written, and CareError where it cannot be read again.
    """
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            with tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar, contents)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # read it from the disk
        check(partial)
        partial.rename(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Have a disk remember the names in a folder."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _entry(name: str, status: os.stat_result) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    is_folder = stat.S_ISDIR(status.st_mode)
    entry.type = tarfile.DIRTYPE if is_folder else tarfile.REGTYPE
    # An inbound folder of an exchange is sticky, and hands its group on; a file never changes whose.
    entry.mode = status.st_mode & (0o3777 if is_folder else 0o777)
    entry.mtime = status.st_mtime
    entry.size = 0 if entry.isdir() else status.st_size
    entry.uname, entry.gname = _account(status.st_uid), _group(status.st_gid)
    return entry


@cache
def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


@cache
def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return ""
