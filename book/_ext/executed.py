"""Executed chapters: where they are kept, so that each is executed once and never served stale.

nbval executes and checks a chapter, and `book/conftest.py` keeps what passed; MyST-NB builds the
site from what is kept. Both go through jupyter-cache, which finds a chapter by its code cells. The
cache's folder is named by a digest of everything else that an output depends on, so that a change
in lrlab, in a recorded run or in the data leads to another, empty cache.
"""

import contextlib
import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.cache.main import JupyterCacheBase

from lrlab.roots import ENTRIES, data_roots

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "_build" / "executed"
# What a chapter opens, and what it was installed from.
SOURCES = ("lrlab", "book/figures", "book/quizzes", "book/runs", "requirements.txt")


def files(*places: Path) -> Iterator[Path]:
    """Yield the files at and below ``places``, in an order that is the same on every machine."""
    for place in places:
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)


def digest() -> str:
    """Return the digest of all that an executed chapter depends on, but for its own code.

    Raises DataError when ``LRLAB_DATA`` names a folder that cannot serve.
    """
    with contextlib.chdir(ROOT / "book"):  # where a chapter runs, should LRLAB_DATA be relative
        data = [root.resolve() / entry for root in data_roots() for entry in ENTRIES]
    whole = hashlib.sha256(f"{sys.version} {os.environ.get('LRLAB_DATA')}".encode())
    for path in files(*(ROOT / source for source in SOURCES), *data):
        with path.open("rb") as content:
            whole.update(os.path.relpath(path, ROOT).encode())
            whole.update(hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()[:16]


@functools.cache
def chapters() -> JupyterCacheBase:
    """Return the cache of executed chapters for everything as it is now."""
    return get_cache(KEPT / digest())
