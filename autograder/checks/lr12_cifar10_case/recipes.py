"""Parts for a recipe that the judge trains itself: what it reached, and what a level asks.

Nothing that a student measured is believed. The judge builds network and data from ``lrlab``, takes
seeds that belong to the submission, and trains in its own process.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, part
from lrlab.assignments import lab
from lrlab.assignments.recipe import RecipeError, experiment_of
from lrlab.training import Evaluation

RUNS = 3  # one seed decides too much; the levels are calibrated for the middle one of three


def trained(student: Student, variable: str, *, may_augment: bool = False) -> Evaluation:
    """Return the middle result of the recipe in ``variable``, or raise StudentFailure."""
    recipe = student.variable(variable)
    if recipe is None:
        raise StudentFailure(f"`{variable}` has no recipe yet")
    try:
        experiment_of(recipe, may_augment=may_augment)
    except RecipeError as error:
        raise StudentFailure(f"`{variable}` cannot be trained: {str(error)[:400]}") from None
    seeds = torch.randint(2**31, (RUNS,), generator=student.generator(variable)).tolist()
    with one_thread():
        return lab.judge(recipe, seeds, may_augment=may_augment)


def level_part(points: float, level: lab.Level, result: Evaluation, said: str, advice: str) -> Part:
    """Return the part that a level is worth: ``said``, what the level asks, and what is missed."""
    asked = f"an accuracy of at least {level.accuracy:.0%} and a loss of at most {level.loss:g}"
    missed = [
        name
        for name, enough in (
            ("accuracy", result.accuracy >= level.accuracy),
            ("loss", result.loss <= level.loss),
        )
        if not enough
    ]
    yes = f"{said} This reaches {asked}."
    no = f"{said} Asked for is {asked}: your {' and your '.join(missed)} missed it. {advice}"
    return part(points, level.reached(result), yes.strip(), no.strip())


def reached(result: Evaluation) -> str:
    """Return what a recipe reached, as a sentence."""
    return (
        f"Trained {RUNS} times with our seeds, your recipe got {result.accuracy:.1%} of the "
        f"held-out images right, at a loss of {result.loss:.2f} (the middle of the {RUNS} runs)."
    )


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread: the same sums at every grading, and other graders keep their core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
