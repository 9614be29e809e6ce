"""Parts for ``adam``, a student's own optimizer: its path on courses of the judge."""

import torch

from autograder.checks import messages
from autograder.checks.choices import shown
from autograder.checks.lr06_adaptive_optimizers.adam_paths import (
    Course,
    agrees,
    make_course,
    torch_path,
    what_it_lacks,
)
from autograder.judge.student import Student
from autograder.judge.verdict import Part, StudentFailure, failed

say = messages.load(__file__)


def path_part(student: Student, course: Course, name: str) -> Part:
    """Check one path of ``adam``, for one point."""
    try:
        path = _adam(student, course)
    except StudentFailure as failure:
        return failed(1, failure)
    right = agrees(path, torch_path(course), course.weights.double())
    return say.part(1, right, f"adam.{name}", why=what_it_lacks(path, course))


def states_part(student: Student) -> Part:
    """Check that a weight without gradients stays, and that the states differ, for one point."""
    drawn = make_course(student.generator("adam states"))
    gradients = drawn.gradients.clone()
    gradients[:, 0] = 0
    course = Course(drawn.weights, gradients, drawn.learning_rate)
    try:
        path = _adam(student, course)
    except StudentFailure as failure:
        return failed(1, failure)
    stays = bool((path[:, 0] == course.weights[0]).all())
    apart = len({tuple(each.tolist()) for each in path}) == len(path)
    wrong = "equal" if stays else "moved"
    return say.part(1, stays and apart, "adam.states", wrong=wrong)


def _adam(student: Student, course: Course) -> torch.Tensor:
    """Return the path that the student's ``adam`` gives, float64, or raise StudentFailure."""
    value = student.call("adam", *course.arguments()).value
    steps, weights = course.gradients.shape
    if not isinstance(value, list) or len(value) != steps:
        raise StudentFailure(say("adam.no_path", steps=steps, value=shown(value)))
    return torch.stack([weights_of(each, (weights,), "adam") for each in value])


def weights_of(value: object, shape: tuple, name: str) -> torch.Tensor:
    """Return a tensor of this shape as float64, or raise StudentFailure."""
    if isinstance(value, torch.Tensor) and value.shape == shape and value.is_floating_point():
        return value.double()
    raise StudentFailure(say("not_a_tensor", function=name, value=shown(value)))
