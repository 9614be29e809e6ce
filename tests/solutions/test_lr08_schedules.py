"""What the options of lr08_schedules claim is true, in this PyTorch and on this data."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy
from torch.optim import lr_scheduler

NEEDED = ("def fresh_model", "def walk", "def end_loss", "def my_schedule(", "def train_")


@pytest.fixture(scope="module")
def variables(cells, define) -> dict:
    """The variables after the set-up, the given programs and the master's own have run."""
    return define(source for source in cells.values() if any(word in source for word in NEEDED))


def test_points_add_up_and_match_the_table(points, promised):
    assert sum(points.values()) == sum(promised) == 20


def test_question_1(variables):
    ends = {name: variables["walk"](rates)[-1] for name, rates in variables["plans"].items()}
    constant = {name: end for name, end in ends.items() if name.startswith("constant")}
    falling = [end for name, end in ends.items() if name not in constant]
    # 1a: B is true, and A, C and D are not.
    assert len(falling) == 2 and max(falling) < min(constant.values())
    assert min(constant, key=constant.get) != "constant 0.02"
    assert min(constant, key=constant.get) != "constant 0.4"
    assert max(ends.values()) > 5 * min(ends.values())
    # 1b: ten times as many steps end where they are, not at the floor of a tenth of the rate.
    longer = variables["walk"]([0.4] * 1000)[-1]
    assert longer == pytest.approx(constant["constant 0.4"], rel=0.1)
    assert variables["walk"]([0.04] * 1000)[-1] < 0.2 * longer
    # 1c: the ratio of the rates is not within the tolerance, 3 %, of the measured one.
    high, low = (sum(variables["walk"]([rate] * 300)[-100:]) / 100 for rate in (0.4, 0.1))
    assert high / low > 1.1 * 0.4 / 0.1


@pytest.mark.parametrize(("total", "warmup"), [(20, 4), (31, 7), (12, 1), (9, 0)])
def test_program_1_is_a_composition_of_torchs_schedulers(variables, total, warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    parts, milestones = [], []
    if warmup:
        parts = [lr_scheduler.LinearLR(optimizer, 1 / warmup, total_iters=max(warmup - 1, 1))]
        milestones = [warmup]
    parts.append(lr_scheduler.CosineAnnealingLR(optimizer, T_max=total - warmup))
    scheduler = lr_scheduler.SequentialLR(optimizer, parts, milestones=milestones)
    for step in range(total):
        used = optimizer.param_groups[0]["lr"]
        assert variables["my_schedule"](step, total, warmup, 0.3) == pytest.approx(used, rel=1e-6)
        optimizer.step()
        scheduler.step()


def test_question_2(variables):
    constant = variables["schedules"].constant
    end_loss, falling = variables["end_loss"], variables["falling"]
    losses = end_loss(constant, 0.04), end_loss(falling, 0.08)
    assert losses[0] == pytest.approx(losses[1], rel=0.02)
    # A and C: at twice the peak, or with another schedule at the same peak, it is another loss.
    assert end_loss(constant, 0.08) < 0.8 * losses[0]
    assert end_loss(falling, 0.04) > 1.04 * losses[0]
    assert falling(49) < 0.03  # B: the last rates differ by far more than the losses
    area = sum(falling(step) for step in range(50))
    assert 0.03 * 50 / area == pytest.approx(0.06, rel=0.04)  # 2c, within the tolerance


def test_bug_hunt_1(variables):
    arguments = (variables["images"], variables["labels"], 0.1, 4, 32)
    broken = variables["train_broken"](variables["fresh_model"](), *arguments)
    assert broken == pytest.approx([0.1 * 0.1 ** (step // 2) for step in range(20)])
    repaired = variables["train_by_epoch"](variables["fresh_model"](), *arguments)
    assert repaired == pytest.approx([0.1] * 10 + [0.01] * 10)
    losses = {}
    for name in ("train_broken", "train_by_epoch"):
        model = variables["fresh_model"]()
        variables[name](model, *arguments)
        losses[name] = cross_entropy(model(variables["images"]), variables["labels"]).item()
    start = cross_entropy(variables["fresh_model"]()(variables["images"]), variables["labels"])
    # The symptom: the broken run has hardly left its start, the repaired one has.
    assert start - losses["train_broken"] < 0.5 * (start - losses["train_by_epoch"])


def test_bug_hunt_2(variables):
    images, labels = variables["images"], variables["labels"]
    with pytest.raises(ValueError, match="Tried to step 17 times"):
        variables["train_cycle_broken"](variables["fresh_model"](), images, labels, 0.1, 4, 32)
    # 4 epochs of 5 batches, the last one incomplete; the plan was made for 4 whole ones.
    assert 4 * (len(images) // 32) == 16 and 4 * math.ceil(len(images) / 32) == 20
    rates = variables["train_one_cycle"](variables["fresh_model"](), images, labels, 0.1, 4, 32)
    expected = [0.1 * variables["schedules"].one_cycle(k, total_steps=20) for k in range(20)]
    assert rates == pytest.approx(expected)
    # With whole batches only, nothing is wrong: that is why nobody noticed.
    variables["train_cycle_broken"](
        variables["fresh_model"](), images[:128], labels[:128], 0.1, 4, 32
    )
