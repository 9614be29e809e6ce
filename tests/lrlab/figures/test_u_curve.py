"""The U: its data, its title and its words, for a whole epoch and for a short run."""

from pathlib import Path

import pytest

from lrlab import runs
from lrlab.figures import u_curve


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])


def test_the_title_says_how_long_with_what_and_on_which_data():
    titles = {
        name: u_curve.picture(runs.load(name)).axes[0].get_title(loc="left")
        for name in ("mnist_sgd_u", "cifar_adam_u", "mnist_short")
    }
    assert titles["mnist_sgd_u"] == "One epoch of SGD, batch 64 (MNIST)"
    assert titles["cifar_adam_u"] == "One epoch of Adam, batch 64 (CIFAR-10 (JPEG copy))"
    assert titles["mnist_short"] == "93 steps of SGD, batch 64 (MNIST subset)"


def test_the_words_give_both_arms_and_the_lowest_point():
    assert u_curve.alt(runs.load("mnist_sgd_u")) == (
        "Test loss after one epoch against learning rate, both on log axes: a U. It falls from 2.2 "
        "at a rate of 0.001 to 0.07 at 0.22, and jumps to the loss of guessing at 1 and above. "
        "Ringed as the best that 5 seeds can tell: 0.22 and 0.46."
    )


def test_the_browser_is_told_what_is_best_and_what_is_good():
    state = u_curve.state(runs.load("mnist_sgd_u"))
    assert (state["best"], state["best_rates"], state["good"]) == (0.22, [0.22, 0.46], (0.1, 0.46))
