"""Every schedule against torch's own scheduler, at every step."""

import warnings
from functools import partial

import pytest
import torch
from torch.optim import lr_scheduler

from lrlab import schedules

STEPS = 100
BASE = 0.4

PAIRS = {
    "constant": (schedules.constant, lambda o: lr_scheduler.ConstantLR(o, factor=1.0)),
    "step_decay": (
        partial(schedules.step_decay, step_size=7, gamma=0.3),
        lambda o: lr_scheduler.StepLR(o, step_size=7, gamma=0.3),
    ),
    "multi_step": (
        partial(schedules.multi_step, milestones=[5, 50, 51], gamma=0.5),
        lambda o: lr_scheduler.MultiStepLR(o, milestones=[5, 50, 51], gamma=0.5),
    ),
    "exponential": (
        partial(schedules.exponential, gamma=0.97),
        lambda o: lr_scheduler.ExponentialLR(o, gamma=0.97),
    ),
    "linear": (
        partial(schedules.linear, total_steps=60, start=0.2, end=0.9),
        lambda o: lr_scheduler.LinearLR(o, start_factor=0.2, end_factor=0.9, total_iters=60),
    ),
    "cosine": (
        partial(schedules.cosine, total_steps=STEPS, final=0.05),
        lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.05 * BASE),
    ),
    "one_cycle": (
        partial(schedules.one_cycle, total_steps=STEPS),
        lambda o: lr_scheduler.OneCycleLR(o, max_lr=BASE, total_steps=STEPS),
    ),
    "one_cycle, other settings": (
        partial(
            schedules.one_cycle, total_steps=STEPS, warmup=0.15, start_divisor=10, final_divisor=50
        ),
        lambda o: lr_scheduler.OneCycleLR(
            o, max_lr=BASE, total_steps=STEPS, pct_start=0.15, div_factor=10, final_div_factor=50
        ),
    ),
    "warmup_stable_decay": (
        partial(schedules.warmup_stable_decay, total_steps=100, warmup_steps=10, decay_steps=30),
        lambda o: lr_scheduler.SequentialLR(
            o,
            [
                lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=9),
                lr_scheduler.ConstantLR(o, factor=1.0),
                lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=30),
            ],
            milestones=[10, 70],
        ),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_equals_torch_at_every_step(name):
    schedule, make_scheduler = PAIRS[name]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE, momentum=0.9)
    with warnings.catch_warnings():  # SequentialLR itself steps with a deprecated argument
        warnings.simplefilter("ignore")
        scheduler = make_scheduler(optimizer)
        for step in range(STEPS):
            used = optimizer.param_groups[0]["lr"]
            assert BASE * schedule(step) == pytest.approx(used, rel=1e-9, abs=1e-12), step
            optimizer.step()
            if step < STEPS - 1:
                scheduler.step()


def test_every_schedule_that_a_record_may_name_has_an_oracle_here():
    assert {name.split(",")[0] for name in PAIRS} == set(schedules.BY_NAME)


def test_end_points():
    assert schedules.one_cycle(0, total_steps=50) == pytest.approx(1 / 25)
    assert schedules.one_cycle(49, total_steps=50) == pytest.approx(1 / 25e4)
    assert schedules.warmup_stable_decay(
        0, total_steps=10, warmup_steps=4, decay_steps=2
    ) == pytest.approx(0.25), "the first step of a warm-up is not zero"
    assert schedules.cosine(1000, total_steps=100, final=0.1) == pytest.approx(0.1)


def test_one_cycle_refuses_a_step_after_its_end():
    with pytest.raises(ValueError, match="steps 0 to 9, not 10"):
        schedules.one_cycle(10, total_steps=10)


def test_warmup_and_decay_must_fit_in_the_run():
    with pytest.raises(ValueError, match="more than the 10 steps"):
        schedules.warmup_stable_decay(0, total_steps=10, warmup_steps=6, decay_steps=5)
