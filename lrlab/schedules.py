"""Learning-rate schedules: small pure functions of the step.

A schedule answers one question: which fraction of the optimizer's own learning rate is in use at
step ``step``? Steps count from 0, one step is one optimizer update. Fix a schedule's settings with
``functools.partial`` and hand it to the loop::

    schedule = partial(schedules.cosine, total_steps=1000)
    history = training.fit(model, train, optimizer, steps=1000, schedule=schedule)

The step that computes the first update is step 0, so ``schedule(0)`` scales the first update and
``schedule(total_steps - 1)`` the last. Each function equals, at every step, the scheduler of
``torch.optim.lr_scheduler`` that its docstring names; the tests prove it.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from functools import partial

Schedule = Callable[[int], float]


def constant(step: int) -> float:
    """Return 1 at every step: the optimizer's own learning rate (``ConstantLR``, factor 1)."""
    return 1.0


def step_decay(step: int, *, step_size: int, gamma: float = 0.1) -> float:
    """Multiply by ``gamma`` every ``step_size`` steps (``StepLR``)."""
    return gamma ** (step // step_size)


def multi_step(step: int, *, milestones: Sequence[int], gamma: float = 0.1) -> float:
    """Multiply by ``gamma`` at each step listed in ``milestones`` (``MultiStepLR``)."""
    return gamma ** sum(step >= milestone for milestone in milestones)


def exponential(step: int, *, gamma: float) -> float:
    """Multiply by ``gamma`` at every step (``ExponentialLR``)."""
    return gamma**step


def linear(step: int, *, total_steps: int, start: float = 1.0, end: float = 0.0) -> float:
    """Go from ``start`` to ``end`` in a straight line over ``total_steps`` (``LinearLR``)."""
    progress = min(step / total_steps, 1.0)
    return start + (end - start) * progress


def cosine(step: int, *, total_steps: int, final: float = 0.0) -> float:
    """Fall from 1 to ``final`` along half a cosine wave (``CosineAnnealingLR``).

    Source: I. Loshchilov, F. Hutter, *SGDR*, arXiv 1608.03983, equation 5. torch's scheduler is
    periodic and climbs again after ``total_steps``; this one stays at ``final``.
    """
    progress = min(step / total_steps, 1.0)
    return final + (1 - final) * (1 + math.cos(math.pi * progress)) / 2


def one_cycle(
    step: int,
    *,
    total_steps: int,
    warmup: float = 0.3,
    start_divisor: float = 25.0,
    final_divisor: float = 1e4,
) -> float:
    """Rise to 1 and fall to almost nothing, both along half cosines (``OneCycleLR``).

    warmup: the fraction of the steps that rise. The first factor is 1 / start_divisor, the last
    1 / (start_divisor * final_divisor). torch's scheduler also cycles the momentum unless told
    not to; this function leaves it alone.
    Source: L. N. Smith, N. Topin, *Super-Convergence*, arXiv 1708.07120.
    """
    if not 0 <= step < total_steps:
        raise ValueError(f"one_cycle is defined for steps 0 to {total_steps - 1}, not {step}")
    start, final = 1 / start_divisor, 1 / (start_divisor * final_divisor)
    peak_step = warmup * total_steps - 1
    if step <= peak_step:
        return _half_cosine(start, 1.0, step / peak_step)
    return _half_cosine(1.0, final, (step - peak_step) / (total_steps - 1 - peak_step))


def warmup_stable_decay(
    step: int, *, total_steps: int, warmup_steps: int, decay_steps: int, final: float = 0.0
) -> float:
    """Rise in a line, stay at 1, fall in a line to ``final`` (``LinearLR``s in ``SequentialLR``).

    The first factor is 1 / warmup_steps, not 0: a first step of size zero is a wasted step.
    Source: A. Hägele and others, arXiv 2405.18392.
    """
    if warmup_steps + decay_steps > total_steps:
        raise ValueError(
            f"warm-up ({warmup_steps}) and decay ({decay_steps}) take more than the "
            f"{total_steps} steps that there are"
        )
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    decayed = step - (total_steps - decay_steps)
    if decayed <= 0:
        return 1.0
    return 1.0 + (final - 1.0) * min(decayed / decay_steps, 1.0)


def _half_cosine(start: float, end: float, progress: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * progress)) / 2


# The names that an experiment may use.
BY_NAME: dict[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        constant,
        step_decay,
        multi_step,
        exponential,
        linear,
        cosine,
        one_cycle,
        warmup_stable_decay,
    )
}


def make(name: str, options: dict, total_steps: int) -> Schedule:
    """Return the schedule ``name`` with its settings, as a function of the step alone.

    name: a key of BY_NAME. ``total_steps``, the length of the run, is filled in where the schedule
    takes it and ``options`` leave it out.
    """
    function = BY_NAME[name]
    if "total_steps" in inspect.signature(function).parameters:
        options = {"total_steps": total_steps, **options}
    return partial(function, **options)
