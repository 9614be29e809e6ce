"""Augmentation: small random changes of the training images that leave their labels true.

A function takes images [n, channels, height, width] and a random generator and returns as many
images. Which change an image gets is decided by the seed and the step alone, so that a run that
goes on from a checkpoint sees what it would have seen.
"""

from collections.abc import Callable

import torch
from torch.nn import functional

Augment = Callable[[torch.Tensor, torch.Generator], torch.Tensor]

LARGEST_SHIFT = 3  # pixels


def none(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return the images as they are."""
    return images


def shift(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Shift each image by up to three pixels each way: for digits, which a mirror would change."""
    shifts = _draw_shifts(len(images), generator)
    return _moved(images, shifts, torch.zeros((len(images), 1), dtype=torch.bool))


def flip_and_shift(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror each image with probability one half and shift it by up to three pixels each way.

    What a shift uncovers is black. torchvision's RandomCrop and RandomHorizontalFlip draw once for
    a whole batch; here each image has a draw of its own, made for all of them at once.
    Source: K. He and others, arXiv 1512.03385, section 4.2 (there, shifts of up to four pixels).
    """
    shifts = _draw_shifts(len(images), generator)
    return _moved(images, shifts, torch.rand((len(images), 1), generator=generator) < 0.5)


def _draw_shifts(count: int, generator: torch.Generator) -> torch.Tensor:
    return torch.randint(0, 2 * LARGEST_SHIFT + 1, (2, count, 1), generator=generator)


def _moved(images: torch.Tensor, shifts: torch.Tensor, mirrored: torch.Tensor) -> torch.Tensor:
    """Return the images mirrored where ``mirrored`` says so, and moved by ``shifts``."""
    count, _, height, width = images.shape
    columns = torch.arange(width).expand(count, width)
    columns = torch.where(mirrored, columns.flip(1), columns) + shifts[1]
    rows = torch.arange(height) + shifts[0]
    rows, columns = rows.to(images.device), columns.to(images.device)

    padded = functional.pad(images, [LARGEST_SHIFT] * 4).permute(0, 2, 3, 1)  # channels last
    image = torch.arange(count, device=images.device)[:, None, None]
    return padded[image, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


# The names that an experiment may use.
BY_NAME: dict[str, Augment] = {
    function.__name__: function for function in (none, shift, flip_and_shift)
}


def generator(seed: int, step: int) -> torch.Generator:
    """Return the random numbers of one step of one run."""
    return torch.Generator().manual_seed(seed * 1_000_003 + step)
