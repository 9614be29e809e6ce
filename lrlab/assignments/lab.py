"""The train-to-target lab: the CIFAR-10 case in miniature, small enough to be judged in seconds.

A student hands in a recipe (``lrlab.assignments.recipe``): optimizer, learning rate, schedule, epochs. All
else is frozen. 192 images are soon learned by heart, as the images of the case are: recipes differ
in how far they get, and none of them gets past a certain point. The stretch needs the one change
that the task does not allow at first, random shifts of the training images.

Whoever judges trains the recipe itself, with seeds of its own, on images held out here. Levels are
calibrated by ``book/runs/lab_*.json``; a test recomputes from those records how often a recipe
passes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from lrlab import data, training
from lrlab.assignments.recipe import experiment_of

LOST = training.Evaluation(loss=math.inf, accuracy=0.0)  # a run that diverged

# What the assignment starts from; recorded as lab_baseline.
BASELINE = {"optimizer": "SGD", "learning_rate": 0.01, "schedule": "constant", "epochs": 30}


@dataclass(frozen=True)
class Level:
    """What must be reached on the held-out images, both of it, to earn ``points``."""

    points: float
    accuracy: float
    loss: float

    def reached(self, result: training.Evaluation) -> bool:
        """Return whether the accuracy is at least, and the loss at most, what this level asks."""
        return result.accuracy >= self.accuracy and result.loss <= self.loss


SCALE = (Level(2, 0.60, 1.6), Level(4, 0.64, 1.4), Level(6, 0.68, 1.2))
STRETCH = Level(2, 0.80, 0.80)  # the case's own target


def try_out(
    recipe: dict, seed: int = 0, *, may_augment: bool = False
) -> tuple[training.Evaluation, training.Evaluation]:
    """Train a recipe once; return its result on the 192 training and on 1,000 validation images.

    The validation images are other training images of MNIST: choose your recipe on them. A run
    that diverged has a loss of infinity and an accuracy of zero. Raises RecipeError.
    """
    frozen, learning_rate = experiment_of(recipe, may_augment=may_augment)
    validation = data.mnist()[0].first(6000).last(1000)
    model, history = frozen.train(learning_rate, seed)
    if history.stopped:
        return LOST, LOST
    train = frozen.splits().train
    return training.evaluate(model, train), training.evaluate(model, validation)


def judge(recipe: dict, seeds: Sequence[int], *, may_augment: bool = False) -> training.Evaluation:
    """Train a recipe once with each seed; return the middle result on the 1,000 test images.

    The median, of losses and of accuracies: one unlucky start in a hundred ends with twice the
    loss, and should decide nothing. Raises RecipeError.
    """
    frozen, learning_rate = experiment_of(recipe, may_augment=may_augment)
    results = [frozen.run(learning_rate, seed).test or LOST for seed in seeds]
    return training.Evaluation(
        median(result.loss for result in results), median(result.accuracy for result in results)
    )


def points(result: training.Evaluation) -> float:
    """Return the points that a result earns on SCALE: those of the highest level it reaches."""
    return max((level.points for level in SCALE if level.reached(result)), default=0.0)
