"""The batches of an epoch: whole, in a new order each time, the same for the same seed."""

import pytest
import torch

from lrlab.batches import shuffled_batches, steps_per_epoch
from lrlab.data import Dataset


@pytest.fixture
def numbered():
    """Five hundred one-pixel images whose pixel is their number."""
    return Dataset(torch.arange(500).view(500, 1, 1, 1), torch.arange(500), "numbered", "here")


def take(batches, count):
    return [next(batches) for _ in range(count)]


def test_an_epoch_holds_an_image_at_most_once_and_each_epoch_has_its_own_order(numbered):
    batches = shuffled_batches(numbered, 64, seed=3)
    first, second = ([labels for _, labels in take(batches, 7)] for _ in range(2))
    assert steps_per_epoch(numbered, 64) == 7
    assert [len(batch) for batch in first + second] == [64] * 14
    assert len(torch.cat(first).unique()) == 448
    assert not torch.equal(torch.cat(first), torch.cat(second))


def test_images_stay_with_their_labels(numbered):
    for images, labels in take(shuffled_batches(numbered, 64, seed=0), 9):
        assert torch.equal(images.flatten(), labels)


def test_starting_late_continues_the_same_order(numbered):
    whole = take(shuffled_batches(numbered, 64, seed=5), 12)
    late = take(shuffled_batches(numbered, 64, seed=5, first_step=9), 3)
    for (_, expected), (_, labels) in zip(whole[9:], late, strict=True):
        assert torch.equal(expected, labels)


def test_another_seed_is_another_order(numbered):
    (_, one), (_, other) = (next(shuffled_batches(numbered, 64, seed=seed)) for seed in (0, 1))
    assert not torch.equal(one, other)
