"""Where files lie: the data sets on this machine, and the records, quizzes and figures of the book.

``data`` reads the data sets from here; the build of the book asks only which files they are, to
notice when one has changed. So this module loads no torch.

What a chapter shows lies in ``runs``, ``quizzes`` and ``figures`` of a book. A chapter that is
executed in ``book/``, or in the course's root, takes what lies HERE, so that a change is seen at
once. One that was downloaded runs anywhere, with what came with ``lrlab``.
"""

import os
from pathlib import Path

# What a root holds: torchvision's two layouts, and CIFAR-10 as one file of arrays.
ENTRIES = ("MNIST/raw", "cifar10.npz", "cifar-10-batches-py")

HERE = (Path(), Path("book"))  # a book, from within it and from the course's root
_in_the_wheel = Path(__file__).parent / "book"  # pyproject.toml puts it there
# The book that came with lrlab; a development install has it beside the package.
SHIPPED = _in_the_wheel if _in_the_wheel.is_dir() else Path(__file__).parents[1] / "book"


class DataError(Exception):
    """A data root is wrong or a file in it is damaged; the message says which and what to do."""


def data_roots() -> list[Path]:
    """Return the folders to look in, the first one first: ``LRLAB_DATA``, torchvision's cache.

    Raises DataError when ``LRLAB_DATA`` names one that cannot serve.
    """
    roots = [torchvision_cache()]
    if named := os.environ.get("LRLAB_DATA"):
        root = Path(named).expanduser()
        if not root.is_dir():
            raise DataError(f"LRLAB_DATA={named} is not a folder: correct it or unset it")
        if not any((root / entry).exists() for entry in ENTRIES):
            raise DataError(
                f"LRLAB_DATA={named} holds none of {', '.join(ENTRIES)}: correct it or unset it"
            )
        roots.insert(0, root)
    return roots


def torchvision_cache() -> Path:
    """Return the folder that torchvision shares between programs (``torch.hub``'s neighbour)."""
    home = os.environ.get("TORCH_HOME", f"{os.environ.get('XDG_CACHE_HOME', '~/.cache')}/torch")
    return Path(home).expanduser() / "datasets"
