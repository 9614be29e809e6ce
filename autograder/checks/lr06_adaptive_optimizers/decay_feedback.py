"""What to tell a student about Adam with weight decay.

Decoupled decay shrinks every weight by the part rate × decay in each step, before or after the step
itself: PyTorch does it before, and both are what Loshchilov and Hutter (arXiv 1711.05101) propose.
Each sentence says which property the student's weights lack, never how to write it.
"""

from dataclasses import replace

import torch

from autograder.checks import messages
from autograder.checks.lr06_adaptive_optimizers.adam_paths import Course, agrees, torch_path

say = messages.load(__file__)


def decayed(course: Course, decay: float) -> list[torch.Tensor]:
    """Return the weights at the end under Adam with decoupled decay, in both orders, float64."""
    before = torch_path(course, torch.optim.AdamW, weight_decay=decay)[-1]
    return [before, _shrunk_after(course, 1 - course.learning_rate * decay)]


def about_decay(end: torch.Tensor, course: Course, decay: float) -> str:
    """Return what weights lack that are not where Adam with decoupled decay takes them."""
    start = course.weights.double()

    def is_(expected: torch.Tensor) -> bool:
        return agrees(end, expected, start)

    if not end.isfinite().all():
        why = say("decay_repair.not_finite")
    elif decay == 0:
        why = say("decay_repair.not_adam")
    elif is_(torch_path(course, weight_decay=decay)[-1]):
        why = say("decay_repair.through_adam")
    elif is_(torch_path(course)[-1]) or torch.equal(end, start):
        why = say("decay_repair.no_decay")
    elif is_(_shrunk_after(course, 1 - decay)) or is_(_shrunk_before(course, 1 - decay)):
        why = say("decay_repair.too_much")
    elif is_(_shrunk_once(course, decay)):
        why = say("decay_repair.once")
    else:
        why = say("decay_repair.other")
    return say("decay_repair.wrong", why=why)


def _shrunk_after(course: Course, part: float) -> torch.Tensor:
    """Return the end of Adam's path when every step is followed by a factor."""
    return _shrunk(course, 1.0, part)


def _shrunk_before(course: Course, part: float) -> torch.Tensor:
    """Return the end of Adam's path when every step follows a factor."""
    return _shrunk(course, part, 1.0)


def _shrunk(course: Course, before: float, after: float) -> torch.Tensor:
    """Apply Adam's own steps, with a factor on the weights before and after each of them."""
    path = torch.cat([course.weights.double()[None], torch_path(course)])
    weights = path[0]
    for step in path.diff(dim=0):  # Adam's steps depend on the gradients alone, not on the weights
        weights = (weights * before + step) * after
    return weights


def _shrunk_once(course: Course, decay: float) -> torch.Tensor:
    """Return the end when the weights shrink only once, before the first step."""
    part = 1 - course.learning_rate * decay
    return torch_path(replace(course, weights=course.weights * part))[-1]
