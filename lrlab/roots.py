"""Where the data sets may lie on this machine.

``data`` reads them from here; the build of the book asks only which files they are, to notice when
one has changed. So this module loads no torch.
"""

import os
from pathlib import Path

# What a root holds: torchvision's two layouts, and CIFAR-10 as one file of arrays.
ENTRIES = ("MNIST/raw", "cifar10.npz", "cifar-10-batches-py")


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
