"""Parts for a recipe that the judge trains itself: what it reached, and what a level asks.

Nothing that a student measured is believed. The judge builds network and data from ``lrlab``, takes
seeds that belong to the submission, and trains in its own process.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from autograder.checks import messages
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, part
from lrlab.assignments import lab
from lrlab.assignments.recipe import RecipeError, experiment_of
from lrlab.training import Evaluation

say = messages.load(__file__)
RUNS = 3  # one seed decides too much; the levels are calibrated for the middle one of three


def trained(student: Student, variable: str, *, may_augment: bool = False) -> Evaluation:
    """Return the middle result of the recipe in ``variable``, or raise StudentFailure."""
    recipe = student.variable(variable)
    if recipe is None:
        raise StudentFailure(say("recipe.missing", variable=variable))
    try:
        experiment_of(recipe, may_augment=may_augment)
    except RecipeError as error:
        reason = say("recipe.cannot", variable=variable, error=str(error)[:400])
        raise StudentFailure(reason) from None
    seeds = torch.randint(2**31, (RUNS,), generator=student.generator(variable)).tolist()
    with one_thread():
        return lab.judge(recipe, seeds, may_augment=may_augment)


def level_part(points: float, level: lab.Level, result: Evaluation, said: str, advice: str) -> Part:
    """Return the part that a level is worth: ``said``, what the level asks, and what is missed."""
    asked = say("recipe.asked", accuracy=level.accuracy, loss=level.loss)
    if result.loss <= level.loss:
        missed = "accuracy"
    else:
        missed = "loss" if result.accuracy >= level.accuracy else "both"
    yes = say("recipe.level.right", asked=asked)
    no = say(f"recipe.level.{missed}", asked=asked, advice=advice)
    return part(points, level.reached(result), f"{said} {yes}".strip(), f"{said} {no}".strip())


def reached(result: Evaluation) -> str:
    """Return what a recipe reached, as a sentence."""
    return say("recipe.reached", runs=RUNS, accuracy=result.accuracy, loss=result.loss)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread: the same sums at every grading, and other graders keep their core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
