"""Adam written out: right as torch's is, and each known mistake in it recognised."""

import pytest
import torch

from autograder.checks.lr06_adaptive_optimizers import adam_paths
from autograder.checks.lr06_adaptive_optimizers.decay_feedback import about_decay, decayed


@pytest.fixture(params=range(3))
def course(request) -> adam_paths.Course:
    generator = torch.Generator().manual_seed(request.param)
    return adam_paths.make_course(generator, size=0.01, epsilon=0.01)


def test_the_written_out_adam_is_torchs(course):
    path = adam_paths.adam_path(course)
    assert torch.allclose(path, adam_paths.torch_path(course), rtol=0, atol=1e-12)


@pytest.mark.parametrize("mistake", adam_paths.MISTAKES)
def test_each_mistake_is_wrong_and_recognised(course, mistake):
    path = adam_paths.adam_path(course, mistake)
    assert not adam_paths.agrees(path, adam_paths.torch_path(course), course.weights.double())
    assert adam_paths.what_it_lacks(path, course) == adam_paths.MISTAKES[mistake]


def test_a_float32_path_agrees(course):
    path = adam_paths.torch_path(course).float().double()
    assert adam_paths.agrees(path, adam_paths.torch_path(course), course.weights.double())


def test_one_tensor_for_all_steps_and_a_count_from_zero_are_recognised(course):
    path = adam_paths.torch_path(course)
    assert "a state of its own" in adam_paths.what_it_lacks(path[-1].expand_as(path), course)
    assert "step count begin" in adam_paths.what_it_lacks(path * torch.nan, course)


def test_decay_before_and_after_the_step_both_count(course):
    before, after = decayed(course, 0.7)
    assert not torch.equal(before, after)
    coupled = adam_paths.torch_path(course, weight_decay=0.7)[-1]
    assert "Adam's division" in about_decay(coupled, course, 0.7)
    assert "not finite" in about_decay(coupled * torch.nan, course, 0.7)
