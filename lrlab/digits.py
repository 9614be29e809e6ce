"""The digits on which a page of the site trains: so few and so coarse that they load in a moment.

All of MNIST would be 12 MB. They are always those that the wheel carries, whatever data lies on this
machine, so that what a browser measures can be held against a record. Loads no torch: the build of
the book sends them packed (``book/_ext/train_images.py``), and ``lrlab.data`` makes tensors of them.
"""

import base64
import zlib
from importlib import resources

import numpy as np

TRAIN, TEST = 2500, 500  # the first so many of the subset's images
GREYS = 16  # instead of 256: four bits a pixel, 40 % less to load
STEP = 255 // (GREYS - 1)  # between two greys, in MNIST's own


def make_digits() -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (images, labels) for training and for the test: uint8 [n, 28, 28] and [n].

    A pixel is the nearest of the 16 greys, as a number from 0 (black) to 15.
    """
    path = resources.files("lrlab") / "mnist_subset.npz"
    with path.open("rb") as file, np.load(file) as packed:
        return [
            (
                np.rint(packed[f"x_{part}"][:count] / STEP).astype(np.uint8),
                packed[f"y_{part}"][:count],
            )
            for part, count in (("train", TRAIN), ("test", TEST))
        ]


def pack() -> dict:
    """Return them as plain data of 378 KB, which ``book/training/images.mjs`` unpacks.

    ``packed`` is two pixels a byte, then the labels, deflated, in base64; the rest says how many.
    """
    parts = make_digits()
    images = np.concatenate([images for images, _ in parts])
    labels = np.concatenate([labels for _, labels in parts])
    pairs = images.reshape(-1, 2)
    content = (pairs[:, 0] << 4 | pairs[:, 1]).tobytes() + labels.tobytes()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return {
        "train": TRAIN,
        "test": TEST,
        "pixels": images[0].size,
        "greys": GREYS,
        "packed": base64.b64encode(deflate.compress(content) + deflate.flush()).decode(),
    }
