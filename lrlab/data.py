"""MNIST and CIFAR-10 as tensors in memory, from the first place that has them.

``mnist()`` and ``cifar10()`` each return ``(train, test)``. They look, in this order
(``roots`` says where), in

1. the data root that ``LRLAB_DATA`` names,
2. the cache that torchvision shares (``~/.cache/torch/datasets``, or below ``TORCH_HOME``),
3. the network, through torchvision, and only if you ask: ``download=True``,
4. what the course carries: a real subset of MNIST; for CIFAR-10 a synthetic stand-in.

A data root holds ``MNIST/raw/`` (torchvision's layout) and ``cifar10.npz`` (arrays ``x_train``,
``y_train``, ``x_test``, ``y_test``) or ``cifar-10-batches-py/`` (torchvision's layout). What was
used is printed once, and ``Dataset.caption`` says it below a figure.

torchvision is imported only where it reads or downloads: importing it takes as long as torch, and
a worker or a student's kernel on the wheel's data does not need it.

The images are not loaded one at a time: a whole data set is one tensor, so that a batch is one
indexing operation and a training loop runs as fast as its arithmetic.
"""

import functools
import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import torch

from lrlab import digits
from lrlab.roots import DataError, data_roots, torchvision_cache
from lrlab.standin import make_standin


@dataclass(frozen=True, eq=False)
class Dataset:
    """One split of a data set.

    images: float32 [n, channels, height, width], each value in [0, 1]; labels: int64 [n], 0 to 9.
    name: what the data is ("MNIST", "MNIST subset", ...); source: where it was read from.
    """

    images: torch.Tensor
    labels: torch.Tensor
    name: str
    source: str

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def caption(self) -> str:
        """What a figure's caption says of this data, for example "MNIST, 60,000 images"."""
        return f"{self.name}, {len(self):,} images"

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 over the pixels as bytes and the labels as bytes: the same data, the same text."""
        pixels = (self.images * 255).round().to(torch.uint8)
        content = pixels.numpy().tobytes() + self.labels.to(torch.uint8).numpy().tobytes()
        return "sha256:" + hashlib.sha256(content).hexdigest()

    def first(self, count: int) -> "Dataset":
        """Return the first ``count`` images as a data set of their own (a view, not a copy)."""
        return self._part("first", count, slice(count))

    def last(self, count: int) -> "Dataset":
        """Return the last ``count`` images as a data set of their own (a view, not a copy)."""
        return self._part("last", count, slice(-count, None))

    def _part(self, which: str, count: int, chosen: slice) -> "Dataset":
        if not 0 < count <= len(self):
            raise DataError(f"{which}({count}): {self.caption} has 1 to {len(self)} to give")
        return Dataset(self.images[chosen], self.labels[chosen], self.name, self.source)

    def to(self, device: torch.device | str) -> "Dataset":
        """Return the data set on ``device`` (itself, without a copy, when it is there)."""
        return Dataset(self.images.to(device), self.labels.to(device), self.name, self.source)


@functools.cache
def mnist(download: bool = False) -> tuple[Dataset, Dataset]:
    """Return MNIST's train and test split: handwritten digits, [n, 1, 28, 28].

    Raises DataError when a data root is wrong or a file is damaged.
    Source: Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*.
    """
    for root in data_roots():
        if (root / "MNIST" / "raw").is_dir():
            return _announce(_read_mnist(root))
    if download:
        import torchvision

        torchvision.datasets.MNIST(torchvision_cache(), download=True)
        return _announce(_read_mnist(torchvision_cache()))
    with resources.as_file(resources.files("lrlab") / "mnist_subset.npz") as packed:
        return _announce(_read_npz(packed, "MNIST subset", "the lrlab package"))


@functools.cache
def mnist_in_page() -> tuple[Dataset, Dataset]:
    """Return the few digits, in 16 greys, on which a page of the site trains (``lrlab.digits``)."""
    named = "MNIST in 16 greys", "the lrlab package"
    return _announce(
        tuple(
            _to_dataset(
                torch.from_numpy(images * digits.STEP)[:, None], torch.from_numpy(labels), *named
            )
            for images, labels in digits.make_digits()
        )
    )


@functools.cache
def cifar10(download: bool = False) -> tuple[Dataset, Dataset]:
    """Return CIFAR-10's train and test split: colour photographs, [n, 3, 32, 32].

    Without the real data you get a synthetic stand-in of the same shape, and its name says so.
    Raises DataError when a data root is wrong or a file is damaged.
    Source: A. Krizhevsky, *Learning Multiple Layers of Features from Tiny Images*, 2009.
    """
    for root in data_roots():
        if (root / "cifar10.npz").is_file():
            return _announce(_read_npz(root / "cifar10.npz", "CIFAR-10 (JPEG copy)", str(root)))
        if (root / "cifar-10-batches-py").is_dir():
            return _announce(_read_torchvision_cifar10(root))
    if download:
        import torchvision

        torchvision.datasets.CIFAR10(torchvision_cache(), download=True)
        return _announce(_read_torchvision_cifar10(torchvision_cache()))
    standin = "CIFAR-shaped stand-in (synthetic)", "lrlab.standin"
    return _announce(
        tuple(_to_dataset(*map(torch.from_numpy, split), *standin) for split in make_standin())
    )


def _announce(splits: tuple[Dataset, Dataset]) -> tuple[Dataset, Dataset]:
    """Say what is in use; the callers' cache makes that once a process."""
    train, test = splits
    print(
        f"data: {train.name}, {len(train):,} training and {len(test):,} test images, "
        f"from {train.source}"
    )
    return splits


def _read_mnist(root: Path) -> tuple[Dataset, Dataset]:
    from torchvision.datasets.mnist import read_image_file, read_label_file

    splits = []
    for prefix, expected in (("train", 60_000), ("t10k", 10_000)):
        arrays = []
        files = {"images-idx3-ubyte": read_image_file, "labels-idx1-ubyte": read_label_file}
        for suffix, read in files.items():
            path = root / "MNIST" / "raw" / f"{prefix}-{suffix}"
            try:
                arrays.append(read(str(path)))
            except Exception as error:  # torchvision raises whatever the bytes provoke
                raise _damaged(path, error) from error
            if len(arrays[-1]) != expected:
                raise _damaged(path, f"{len(arrays[-1]):,} entries instead of {expected:,}")
        images, labels = arrays
        splits.append(_to_dataset(images.unsqueeze(1), labels, "MNIST", str(root)))
    return tuple(splits)


def _read_torchvision_cifar10(root: Path) -> tuple[Dataset, Dataset]:
    import torchvision

    splits = []
    for train in (True, False):
        try:  # checks the published MD5 sums before it unpickles anything
            official = torchvision.datasets.CIFAR10(root, train=train)
        except Exception as error:
            raise _damaged(root / "cifar-10-batches-py", error) from error
        splits.append(
            _to_dataset(
                torch.from_numpy(official.data).permute(0, 3, 1, 2),
                torch.tensor(official.targets),
                "CIFAR-10",
                str(root),
            )
        )
    return tuple(splits)


def _read_npz(path: Path, name: str, source: str) -> tuple[Dataset, Dataset]:
    try:
        with np.load(path) as packed:  # allow_pickle stays False: a data file runs no code
            arrays = {key: torch.from_numpy(packed[key]) for key in packed.files}
        splits = []
        for split in ("train", "test"):
            images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
            if images.ndim == 3:
                images = images.unsqueeze(-1)
            splits.append(_to_dataset(images.permute(0, 3, 1, 2), labels, name, source))
        return tuple(splits)
    except Exception as error:  # zip, zlib, key and shape errors all mean the same to a reader
        raise _damaged(path, error) from error


def _to_dataset(images: torch.Tensor, labels: torch.Tensor, name: str, source: str) -> Dataset:
    """Turn uint8 images [n, c, h, w] into float32 in [0, 1], as torchvision's ToTensor does."""
    if images.dtype != torch.uint8 or len(images) != len(labels) or labels.max() > 9:
        raise ValueError(f"{len(images)} images of {images.dtype} with {len(labels)} labels")
    # Channels last in memory: torch's convolutions on a CPU run about a tenth faster on it.
    pixels = torch.empty(images.shape, memory_format=torch.channels_last)
    pixels.copy_(images).div_(255)
    return Dataset(pixels, labels.long(), name, source)


def _damaged(path: Path, reason: object) -> DataError:
    first_line = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
    return DataError(f"{path} is missing or damaged ({first_line}): unpack or download it again")
