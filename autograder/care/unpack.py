"""Reads a package, checks every byte of it, and writes what it holds to folders of ours.

tarfile's own filter came with Python 3.11.4, and Debian 12 has an older one.
"""

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.care import CareError
from autograder.care.contents import FORMAT, LIST, Contents

CHUNK = 1 << 20  # bytes that are read at a time


def check(path: Path) -> Contents:
    """Return what is in a package, of which every byte was read.

    Raises CareError, with a sentence, when it is damaged or no package of ours.
    """
    return unpack(path, lambda name: None)


def unpack(path: Path, place: Callable[[str], Path | None]) -> Contents:
    """Write what a package holds to where ``place`` says, by the name of an entry; None is nowhere.

    Its folders must be empty, and nobody else's. Raises CareError for a damaged package, and
    OSError where it cannot be read, or nothing can be written.
    """
    with path.open("rb") as file:
        try:
            contents, found, folders = None, {}, _Folders()
            with tarfile.open(fileobj=file, mode="r|gz") as tar:
                for entry in tar:
                    _check_name(entry, contents is not None or entry.name in found)
                    folders.leave(entry.name)
                    if entry.name == LIST:
                        contents = Contents(**json.load(tar.extractfile(entry)))
                    elif entry.isdir():
                        if to := place(entry.name):
                            folders.make(to, entry)
                    else:
                        content = tar.extractfile(entry)
                        found[entry.name] = _written(content, place(entry.name), entry)
        except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError) as error:
            raise _damaged(path, str(error)) from None
        except (ValueError, TypeError, KeyError) as error:
            raise _damaged(path, str(error)) from None
    if contents is None or contents.format != FORMAT:
        raise _damaged(path, "it has no list of what should be in it")
    if wrong := sorted(name for name, _ in contents.digests.items() ^ found.items()):
        raise _damaged(path, f"{wrong[0]} is not what it was")
    return contents


class _Folders:
    """The folders that are being unpacked, each in the one before."""

    def __init__(self) -> None:
        self._open: list[tuple[Path, tarfile.TarInfo]] = []
        self._last = 0

    def make(self, to: Path, entry: tarfile.TarInfo) -> None:
        """Make a folder, for nobody else's eyes until it is complete."""
        to.mkdir(mode=0o700)
        self._open.append((to, entry))

    def leave(self, name: str) -> None:
        """Give their time and rights to the folders in which the entry ``name`` does not lie.

        A collector knows by the system's time (ctime) which submission is the newest; nobody can set
        it, so each folder gets a later one than the folder before.
        """
        while self._open and not name.startswith(f"{self._open[-1][1].name}/"):
            to, entry = self._open.pop()
            _set(to, entry)
            while entry.name.count("/") == 1 and to.stat().st_ctime_ns <= self._last:
                time.sleep(0.001)
                to.chmod(entry.mode)
            self._last = to.stat().st_ctime_ns


def owners(path: Path, name: str) -> set[str]:
    """Return the accounts to which the entries belonged whose names begin with ``name``."""
    with tarfile.open(path, "r|gz") as tar:
        return {entry.uname for entry in tar if entry.name.startswith(name) and entry.uname}


def _check_name(entry: tarfile.TarInfo, is_too_much: bool) -> None:
    path = PurePosixPath(entry.name)
    if is_too_much or path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"{entry.name!r} does not belong there")
    if not (entry.isdir() or entry.isreg()):
        raise ValueError(f"{entry.name!r} is no file")


def _written(content: BinaryIO, to: Path | None, entry: tarfile.TarInfo) -> str:
    """Write a file; return its digest."""
    digest = hashlib.sha256()
    with open(to, "xb", opener=_private) if to else open(os.devnull, "wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        if to:
            os.fsync(file.fileno())
    if to:
        _set(to, entry)
    return digest.hexdigest()


def _set(to: Path, entry: tarfile.TarInfo) -> None:
    """Give what was written its time, its rights, and, if we may, its owner."""
    os.utime(to, (entry.mtime, entry.mtime))
    if os.geteuid() == 0 and entry.uname:
        shutil.chown(to, entry.uname, entry.gname or None)
    to.chmod(entry.mode)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NOFOLLOW, 0o600)


def _damaged(path: Path, why: str) -> CareError:
    return CareError(
        f"{path} is damaged, or no package of a course, and nothing of it was used: {why}."
    )
