"""A synthetic stand-in for CIFAR-10: the same shapes and classes' count, made by a formula.

It lets every program of the course run where the real photographs are not at hand. It is not
CIFAR-10, nothing measured on it is a result on CIFAR-10, and its name says so in every caption.

Class k is a wave pattern with its own direction, wavelength and tint, at a random phase and place,
under noise strong enough that a small network needs several epochs.
"""

import numpy as np

CLASSES = 10
SIDE = 32


def make_standin(
    train: int = 5000, test: int = 1000, seed: int = 0
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return ((images, labels), (images, labels)): uint8 [n, 3, 32, 32] and uint8 [n]."""
    generator = np.random.default_rng(seed)
    return _make_split(train, generator), _make_split(test, generator)


def _make_split(count: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels = generator.integers(0, CLASSES, count).astype(np.uint8)
    down, across = np.mgrid[0:SIDE, 0:SIDE] / SIDE

    # Neighbouring classes differ by 18 degrees and share a wavelength in pairs: the jitter of
    # 8 degrees makes them overlap a little, so accuracy stays below 100 %.
    angle = labels * np.pi / CLASSES + generator.normal(0, np.deg2rad(8), count)
    waves = 2.0 + 1.5 * (labels // 2) / 2 + generator.normal(0, 0.2, count)
    phase = generator.uniform(0, 2 * np.pi, count)
    position = (
        np.cos(angle)[:, None, None] * across[None] + np.sin(angle)[:, None, None] * down[None]
    )
    pattern = np.sin(2 * np.pi * waves[:, None, None] * position + phase[:, None, None])

    tint = generator.uniform(0.4, 1.0, (count, 3))
    tint[np.arange(count), labels % 3] += 0.3
    images = generator.standard_normal((count, 3, SIDE, SIDE), dtype=np.float32)
    images *= 0.18
    images += 0.5 + 0.22 * (tint[:, :, None, None] * pattern[:, None]).astype(np.float32)
    return (images.clip(0, 1) * 255).round().astype(np.uint8), labels
