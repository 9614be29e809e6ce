"""Planted faults: with each of them in place, a chapter's own checks fail.

A fault is a small change to a copy of ``lrlab``, or to torch itself, of the kind that people make.
The chapter's cells then run in a process of their own until one of them raises: it has to be an
assertion of the chapter, not a crash. That the chapters pass without a fault is what ``make book``
shows. Each process is a fork of one that has imported torch.
"""

import json
import os
import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from warmed import Warmed

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Fault:
    """A change of ``before`` to ``after`` in ``place``, and the chapter that has to notice.

    place: a file of lrlab; or "torch", where ``after`` runs before the chapter, and in every process
    that it starts.
    """

    name: str
    chapter: str
    place: str
    before: str
    after: str


FAULTS = [
    Fault(
        "the loss is summed, not averaged",
        "01_first_step",
        "torch",
        "",
        """
        from torch.nn import functional
        averaged = functional.cross_entropy
        functional.cross_entropy = lambda logits, labels, reduction="sum", **more: averaged(
            logits, labels, reduction="sum", **more
        )
        """,
    ),
    Fault(
        "the step goes up the gradient",
        "01_first_step",
        "torch",
        "",
        """
        import torch
        made = torch.optim.SGD.__init__
        def uphill(self, params, lr=1e-3, **options):
            made(self, params, lr=lr, **options | {"maximize": True})
        torch.optim.SGD.__init__ = uphill
        """,
    ),
    Fault(
        "Adam's bias correction is left out",
        "01_first_step",
        "torch",
        "",
        """
        import torch
        grouped = torch.optim.Adam._init_group
        def old_from_the_start(self, group, *lists):
            found = grouped(self, group, *lists)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self.state[parameter]["step"].fill_(1e6)
            return found
        torch.optim.Adam._init_group = old_from_the_start
        """,
    ),
    Fault(
        "a hidden unit below zero leaks a little",
        "01_first_step",
        "models.py",
        "        features = self.pool(torch.relu(self.conv1(images)))\n"
        "        hidden = torch.relu(self.fc1(features.flatten(1)))",
        "        features = self.pool(torch.relu(self.conv1(images)))\n"
        "        hidden = nn.functional.leaky_relu(self.fc1(features.flatten(1)))",
    ),
    Fault(
        "weight decay is on without being asked for",
        "01_first_step",
        "torch",
        "",
        """
        import torch
        made = torch.optim.SGD.__init__
        def decaying(self, params, lr=1e-3, weight_decay=0.0005, **options):
            made(self, params, lr=lr, weight_decay=weight_decay, **options)
        torch.optim.SGD.__init__ = decaying
        """,
    ),
    Fault(
        "gradients pile up: zero_grad is missing",
        "02_too_low_too_high",
        "training.py",
        "        optimizer.zero_grad()\n",
        "",
    ),
    Fault(
        "no run counts as diverged",
        "02_too_low_too_high",
        "runs/summary.py",
        "    return rose and run.test.loss > 0.98 * GUESSING",
        "    return False",
    ),
    Fault(
        "the gradient is clipped to a length of one, unasked",
        "02_too_low_too_high",
        "training.py",
        "        loss.backward()\n        outputs.append(logits)\n",
        "        loss.backward()\n        nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
        "        outputs.append(logits)\n",
    ),
    Fault(
        "a silent unit gets a gradient all the same",
        "02_too_low_too_high",
        "torch",
        "",
        """
        import torch
        class Straight(torch.autograd.Function):
            @staticmethod
            def forward(context, values):
                return values.clamp(min=0)
            @staticmethod
            def backward(context, gradient):
                return gradient
        torch.relu = Straight.apply
        """,
    ),
    Fault(
        "the rate falls along the run, unasked",
        "02_too_low_too_high",
        "training.py",
        "fraction = schedule(step) *",
        "fraction = (1 - 0.5 * step / steps) * schedule(step) *",
    ),
    Fault(
        "every seed starts from the same weights",
        "02_too_low_too_high",
        "runs/experiment.py",
        "        torch.manual_seed(seed)\n        return MODELS",
        "        torch.manual_seed(0)\n        return MODELS",
    ),
    Fault(
        "momentum is ignored",
        "06_adaptive_optimizers",
        "torch",
        "",
        """
        import torch
        made = torch.optim.SGD.__init__
        def forgetful(self, params, lr=1e-3, momentum=0.0, **options):
            made(self, params, lr=lr, **options)
        torch.optim.SGD.__init__ = forgetful
        """,
    ),
    Fault(
        "momentum averages the gradients, and does not add them up",
        "06_adaptive_optimizers",
        "torch",
        "",
        """
        import torch
        made = torch.optim.SGD.__init__
        def averaging(self, params, lr=1e-3, momentum=0.0, **options):
            made(self, params, lr=lr, momentum=momentum, **options | {"dampening": momentum})
        torch.optim.SGD.__init__ = averaging
        """,
    ),
    Fault(
        "momentum keeps the rate inside its sum, where a cut comes late",
        "06_adaptive_optimizers",
        "torch",
        "",
        """
        import torch
        stepped = torch.optim.SGD.step
        def inside(self, closure=None):
            for group in self.param_groups:
                before = group.setdefault("before", group["lr"])
                for weight in group["params"]:
                    buffer = self.state[weight].get("momentum_buffer")
                    if buffer is not None:
                        buffer *= before / group["lr"]
                group["before"] = group["lr"]
            return stepped(self, closure)
        torch.optim.SGD.step = inside
        """,
    ),
    Fault(
        "Adam leaves its bias correction out",
        "06_adaptive_optimizers",
        "torch",
        "",
        """
        import torch
        made = torch.optim.Adam.__init__
        def uncorrected(self, *arguments, **options):
            made(self, *arguments, **options)
            for group in self.param_groups:
                for weight in group["params"]:
                    self.state[weight] = {
                        "step": torch.tensor(1e6),  # so far on that nothing is missing
                        "exp_avg": torch.zeros_like(weight),
                        "exp_avg_sq": torch.zeros_like(weight),
                    }
        torch.optim.Adam.__init__ = uncorrected
        """,
    ),
    Fault(
        "Adam keeps no mean of the gradient",
        "06_adaptive_optimizers",
        "torch",
        "",
        """
        import torch
        made = torch.optim.Adam.__init__
        def forgetful(self, params, lr=1e-3, betas=(0.9, 0.999), **options):
            made(self, params, lr=lr, betas=(0.0, betas[1]), **options)
        torch.optim.Adam.__init__ = forgetful
        """,
    ),
    Fault(
        "AdamW couples its decay to the gradient",
        "06_adaptive_optimizers",
        "torch",
        "",
        """
        import torch
        made = torch.optim.AdamW.__init__
        def coupled(self, *arguments, **options):
            made(self, *arguments, **options)
            for group in self.param_groups:
                group["decoupled_weight_decay"] = False
        torch.optim.AdamW.__init__ = coupled
        """,
    ),
    Fault(
        "the cosine comes one step early",
        "08_schedules",
        "schedules.py",
        "    progress = min(step / total_steps, 1.0)\n    return final",
        "    progress = min((step + 1) / total_steps, 1.0)\n    return final",
    ),
    Fault(
        "the warm-up starts at zero",
        "08_schedules",
        "schedules.py",
        "        return (step + 1) / warmup_steps",
        "        return step / warmup_steps",
    ),
    Fault(
        "step decay comes one step late",
        "08_schedules",
        "schedules.py",
        "    return gamma ** (step // step_size)",
        "    return gamma ** (max(step - 1, 0) // step_size)",
    ),
    Fault(
        "the schedule counts epochs, not steps",
        "08_schedules",
        "training.py",
        "fraction = schedule(step) *",
        "fraction = schedule(step // 93) *",
    ),
    Fault(
        "the same noise at every step: it shakes nothing, and moves the minimum",
        "08_schedules",
        "torch",
        "",
        """
        import torch
        drawn, draws = {}, torch.randn
        torch.randn = lambda size, **options: drawn.setdefault(size, draws(size, **options))
        """,
    ),
    Fault(
        "averaging in place of falling",
        "08_schedules",
        "torch",
        "",
        """
        from lrlab import training
        from torch.optim.swa_utils import AveragedModel
        fit = training.fit
        def averaged(model, train, optimizer, *, schedule, steps, **options):
            if schedule(steps - 1) > 0.1:
                return fit(model, train, optimizer, schedule=schedule, steps=steps, **options)
            average, done = AveragedModel(model), []
            def remember(*_):
                done.append(1)
                if len(done) > 0.8 * steps:
                    average.update_parameters(model)
            optimizer.register_step_post_hook(remember)
            history = fit(model, train, optimizer, steps=steps, **options)
            model.load_state_dict(average.module.state_dict())
            return history
        training.fit = averaged
        """,
    ),
    Fault(
        "few images are many, so that none is known by heart",
        "08_schedules",
        "data.py",
        'self._part("first", count, slice(count))',
        'self._part("first", count, slice(count if count > 999 else 16 * count))',
    ),
    Fault(
        "the plateau rule waits for a loss that rises",
        "09_plateau",
        "plateau.py",
        "        return value < best * (1 - threshold)",
        "        return value > best * (1 - threshold)",
    ),
    Fault(
        "the plateau rule is one epoch too patient",
        "09_plateau",
        "plateau.py",
        "        if not_better > patience:",
        "        if not_better > patience + 1:",
    ),
    Fault(
        "the plateau rule compares with the last value, not the best",
        "09_plateau",
        "plateau.py",
        "            not_better += 1\n",
        "            best, not_better = value, not_better + 1\n",
    ),
    Fault(
        "the count goes on after a fall, so that every bad epoch is another",
        "09_plateau",
        "plateau.py",
        "            resting, not_better = cooldown, 0\n",
        "            resting = cooldown\n",
    ),
    Fault(
        "the plateau rule watches the training loss",
        "09_plateau",
        "training.py",
        'plateau([entry["loss"] for entry in history.evaluations])',
        'plateau([history.loss[entry["step"] - 1] for entry in history.evaluations])',
    ),
    Fault(
        "the rate falls an epoch after the rule says so",
        "09_plateau",
        "training.py",
        "for entry in history.evaluations])",
        "for entry in history.evaluations[:-1]])",
    ),
    Fault(
        "the mean of the weights is the last of them, as shaken as before",
        "09_plateau",
        "torch",
        "",
        """
        from torch.optim.swa_utils import AveragedModel
        made = AveragedModel.__init__
        def last(self, model, **options):
            made(self, model, avg_fn=lambda mean, current, count: current.detach(), **options)
        AveragedModel.__init__ = last
        """,
    ),
    Fault(
        "images are shifted by one pixel, not by three",
        "12_cifar10_case",
        "augment.py",
        "LARGEST_SHIFT = 3",
        "LARGEST_SHIFT = 1",
    ),
    Fault(
        "every step draws the same versions of its images",
        "12_cifar10_case",
        "augment.py",
        "manual_seed(seed * 1_000_003 + step)",
        "manual_seed(seed * 1_000_003)",
    ),
    Fault(
        "no image is mirrored",
        "12_cifar10_case",
        "augment.py",
        "generator=generator) < 0.5",
        "generator=generator) < 0.0",
    ),
    Fault(
        "however many images there are, the first 192 are used",
        "12_cifar10_case",
        "batches.py",
        "generator=generator).to(train.labels.device)",
        "generator=generator).to(train.labels.device) % 192",
    ),
    Fault(
        "seeds are sorted before they are compared, so that pairs are lost",
        "12_cifar10_case",
        "runs/spread.py",
        'zip(other["values"], one["values"], strict=True)',
        'zip(sorted(other["values"]), sorted(one["values"]), strict=True)',
    ),
    Fault(
        "the weights that were kept go on changing",
        "12_cifar10_case",
        "torch",
        "",
        """
        import collections, copy
        copied = copy.deepcopy
        copy.deepcopy = lambda kept, memo=None: (
            kept if type(kept) is collections.OrderedDict else copied(kept, memo)
        )
        """,
    ),
]


RUNNER = """
import json, sys
import matplotlib
matplotlib.use("Agg")
namespace = {"__name__": "__main__"}
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] == "code":
        try:
            exec(compile("".join(cell["source"]), cell["id"], "exec"), namespace)
        except BaseException as error:
            where = error.__traceback__
            while where.tb_next is not None:
                where = where.tb_next
            place = where.tb_frame.f_code.co_filename
            print(json.dumps([cell["id"], type(error).__name__, place, str(error)]))
            sys.exit(3)
"""


@pytest.fixture(scope="module")
def warmed() -> Warmed:
    """A Python that has imported what all chapters do, but nothing of lrlab."""
    return Warmed("torch", "torchvision", "matplotlib.pyplot", env=os.environ)


def run_chapter(warmed: Warmed, fault: Fault, folder: Path) -> subprocess.CompletedProcess:
    """Run the chapter of a fault in a folder that holds the faulty lrlab."""
    copy = shutil.copytree(
        ROOT / "lrlab", folder / "lrlab", ignore=shutil.ignore_patterns("__pycache__")
    )
    if fault.place == "torch":
        (folder / "sitecustomize.py").write_text(textwrap.dedent(fault.after))
    else:
        source = (copy / fault.place).read_text()
        assert source.count(fault.before) == 1, f"{fault.place} has changed: plant it anew"
        (copy / fault.place).write_text(source.replace(fault.before, fault.after))
    return warmed.run(
        ["-c", RUNNER, f"{fault.chapter}.ipynb"],
        cwd=ROOT / "book",
        env=os.environ | {"PYTHONPATH": str(folder)},
        timeout=600,
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.chapter}: {fault.name}")
def test_a_chapter_notices(warmed, fault, tmp_path):
    done = run_chapter(warmed, fault, tmp_path)
    assert done.returncode == 3, f"nothing in {fault.chapter} fails:\n{done.stderr}"
    cell, kind, place, text = json.loads(done.stdout.splitlines()[-1])
    assert (kind, place) == ("AssertionError", cell), f"{kind} in {place}: {text}"


def test_there_are_at_least_ten_and_every_chapter_with_code_has_one():
    assert len(FAULTS) >= 10
    assert {fault.chapter for fault in FAULTS} == {
        path.stem for path in (ROOT / "book").glob("[0-9]*.ipynb")
    }
