"""Flips and shifts, image by image, and always the same for the same seed and step."""

import pytest
import torch
from torch.nn import functional

from lrlab import augment, data


@pytest.fixture(scope="module")
def images():
    return data.cifar10()[0].images[:200]


def candidates(image):
    """Every image that flips and shifts can make of one."""
    padded = functional.pad(image, [3] * 4)
    height, width = image.shape[1:]
    for flipped in (padded, padded.flip(2)):
        for down in range(7):
            for right in range(7):
                yield flipped[:, down : down + height, right : right + width]


def test_each_image_is_flipped_and_shifted_on_its_own(images):
    changed = augment.flip_and_shift(images, augment.generator(0, 0))
    assert changed.shape == images.shape
    found = []
    for before, after in zip(images, changed, strict=True):
        matches = [n for n, one in enumerate(candidates(before)) if torch.equal(one, after)]
        assert matches, "an image is none of those that flips and shifts can make"
        found.append(matches[0])
    assert 0.35 < sum(n < 49 for n in found) / len(found) < 0.65  # half are not mirrored
    assert len(set(found)) > 60  # of 98 possibilities
    assert {n % 49 // 7 for n in found} == {n % 7 for n in found} == set(range(7))


def test_seed_and_step_decide(images):
    def at(seed, step):
        return augment.flip_and_shift(images, augment.generator(seed, step))

    assert torch.equal(at(1, 5), at(1, 5))
    assert not torch.equal(at(1, 5), at(1, 6)) and not torch.equal(at(1, 5), at(2, 5))


def test_none_changes_nothing_and_channels_stay_last(images):
    generator = augment.generator(0, 0)
    assert augment.none(images, generator) is images
    changed = augment.flip_and_shift(images, generator)
    assert changed.is_contiguous(memory_format=torch.channels_last)


def test_a_shift_moves_each_image_and_mirrors_none():
    images = torch.zeros(300, 1, 28, 28)
    images[:, 0, 10, 8] = 1.0
    changed = augment.shift(images, augment.generator(0, 0))
    places = changed.flatten(1).argmax(1)
    rows, columns = places // 28, places % 28
    assert set(rows.tolist()) == set(range(7, 14))
    assert set(columns.tolist()) == set(range(5, 12))  # mirrored, it would be at 16 to 22
