"""A quantity over the seeds, and two of them compared seed by seed."""

import pytest

from lrlab.runs.spread import paired_difference, spread


def test_the_interval_is_student_s():
    """By hand: differences 1, 2, 3; mean 2, deviation 1, t of 2 degrees of freedom 4.303."""
    difference = paired_difference(spread([1.0, 1.0, 1.0]), spread([2.0, 3.0, 4.0]))
    assert difference.mean == 2
    assert difference.high - 2 == pytest.approx(4.303 / 3**0.5, abs=1e-3)
    assert 2 - difference.low == pytest.approx(difference.high - 2)
    assert not difference.told_apart


def test_pairs_tell_apart_what_means_and_deviations_do_not():
    one, other = spread([0.1, 0.5, 0.9]), spread([0.11, 0.51, 0.912])
    assert other["mean"] - one["mean"] < one["std"] / 10
    assert paired_difference(one, other).told_apart and paired_difference(other, one).told_apart


@pytest.mark.parametrize("values", [[1.0], [1.0, None], [1.0, 2.0, 3.0]])
def test_without_a_pair_for_each_seed_there_is_no_answer(values):
    with pytest.raises(ValueError):
        paired_difference(spread(values), spread([1.0] * min(len(values), 2)))
