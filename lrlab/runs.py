"""Recorded experiments: full-size results with where they came from.

``book/runs/experiments.yml`` describes each experiment in a few lines; ``python -m lrlab.runs NAME``
measures it and writes ``book/runs/NAME.json``; ``load(NAME)`` reads that back, for the book's
figures and its sentences with numbers. An interrupted recording goes on where it was.
"""

import argparse
import datetime
import json
import math
import os
import platform
import statistics
import sys
import time
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import torch
import yaml

import lrlab
from lrlab.experiment import Experiment, Run
from lrlab.sweep import Sweep, sweep
from lrlab.training import one_step, shuffled_batches

GOOD_WITHIN = 2.0  # a rate is good when its mean test loss is at most this many times the best
CURVE_POINTS = 60  # enough to draw a curve; keeps a figure's data well below 50 KB


class RunError(Exception):
    """A recorded experiment is not there or not readable; the message says what to do."""


def folder() -> Path:
    """Return the folder of recorded experiments: ``runs`` here, or ``book/runs`` below here."""
    for candidate in (Path("runs"), Path("book/runs")):
        if (candidate / "experiments.yml").is_file():
            return candidate
    raise RunError(f"no recorded experiments in {Path.cwd()}: go to the course's root or to book/")


def load(name: str) -> dict:
    """Return the recorded experiment ``name`` as plain dicts and lists.

    Raises RunError when it was never recorded or cannot be read.
    """
    path = folder() / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(entry.stem for entry in folder().glob("*.json"))) or "nothing"
        raise RunError(
            f"{name!r} is not recorded ({known} is): run python -m lrlab.runs {name}"
        ) from None
    except json.JSONDecodeError as error:
        raise RunError(f"{path} is damaged ({error}): record it again") from error


def describe(name: str) -> dict:
    """Return the description of ``name`` from ``experiments.yml``."""
    described = yaml.safe_load((folder() / "experiments.yml").read_text(encoding="utf-8"))
    if name not in described:
        raise RunError(f"{name!r} is not described; experiments.yml has {', '.join(described)}")
    return described[name]


def record(name: str, journal: Path) -> dict:
    """Measure the experiment ``name`` and return it with its provenance, ready to be written."""
    described = describe(name)
    experiment = Experiment(**described["experiment"])
    rates, seeds = described["learning_rates"], described["seeds"]
    started = time.time()
    measured = MEASURES[described["measure"]](experiment, rates, seeds, journal)
    train, test = experiment.datasets()
    return {
        "name": name,
        "question": described["question"],
        "data": {
            "name": train.name,
            "train": len(train),
            "test": len(test),
            "digest": {"train": train.digest, "test": test.digest},
        },
        "experiment": asdict(experiment),
        "seeds": seeds,
        "learning_rates": rates,
        **measured,
        "provenance": {
            "command": f"python -m lrlab.runs {name}",
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__,
                "torchvision": metadata.version("torchvision"),
                "lrlab": lrlab.__version__,
            },
            "hardware": _hardware(),
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "seconds": round(time.time() - started, 1),
        },
    }


def measure_first_step(
    experiment: Experiment, rates: list[float], seeds: list[int], journal: Path
) -> dict:
    """One step from the same start at each rate: loss before and after, size of the change."""
    train, _ = experiment.datasets()
    results = []
    for rate in rates:
        steps = []
        for seed in seeds:
            model = experiment.make_model(seed)
            images, labels = next(shuffled_batches(train, experiment.batch_size, seed))
            optimizer = experiment.make_optimizer(list(model.parameters()), rate)
            steps.append(one_step(model, images, labels, optimizer))
        results.append(
            {
                "learning_rate": rate,
                "loss_before": spread([step.loss_before for step in steps]),
                "loss_after": spread([step.loss_after for step in steps]),
                "update_ratio": spread([step.update_ratio for step in steps]),
            }
        )
    return {"results": results}


def measure_training(
    experiment: Experiment, rates: list[float], seeds: list[int], journal: Path
) -> dict:
    """Whole runs: the training loss along the way, and the test data at the end."""
    swept = sweep(experiment, rates, seeds, journal=journal)
    if swept.failures:
        raise RunError(f"{len(swept.failures)} runs failed (above); the others are kept: run again")
    return summarise(experiment, swept)


def summarise(experiment: Experiment, swept: Sweep) -> dict:
    """Return a sweep as mean and spread over its seeds, in the form of a recorded experiment.

    ``steps`` are spaced evenly on a log axis; the training loss at one of them is the mean over the
    batches since the one before it, and null from where any seed's loss is not a number.
    ``peak_loss`` is the highest loss of any batch; ``diverged`` counts the seeds of which
    ``has_diverged`` says so. ``best`` is the rate with the lowest mean test loss among those that
    never diverged, and ``good`` the lowest and highest rate with at most GOOD_WITHIN times its loss.
    """
    marks = log_spaced_steps(experiment.total_steps(), CURVE_POINTS)
    rates = sorted({run.learning_rate for run in swept.runs})
    results = []
    for rate in rates:
        runs = swept.at(rate)
        results.append(
            {
                "learning_rate": rate,
                "train_loss": _band([_binned(run.history.loss, marks) for run in runs]),
                "test_loss": spread([_of(run, "loss") for run in runs]),
                "test_accuracy": spread([_of(run, "accuracy") for run in runs]),
                "peak_loss": spread([_peak(run) for run in runs]),
                "diverged": sum(has_diverged(run) for run in runs),
            }
        )
    survivors = {
        result["learning_rate"]: result["test_loss"]["mean"]
        for result in results
        if not result["diverged"]
    }
    limit = GOOD_WITHIN * min(survivors.values(), default=math.inf)
    good = [rate for rate, loss in survivors.items() if loss <= limit]
    return {
        "best": min(survivors, key=survivors.get, default=None),
        "good": [min(good), max(good)] if good else None,
        "learning_rates": rates,
        "seeds": sorted({run.seed for run in swept.runs}),
        "steps": marks,
        "results": results,
    }


MEASURES = {"first_step": measure_first_step, "training": measure_training}


def has_diverged(run: Run) -> bool:
    """Return whether the loss rose clearly above its start and never came back below guessing.

    Seldom is it "not a number": a ReLU network that is thrown far enough falls silent instead, all
    its hidden units at zero, and comes to rest at the loss of guessing, ln 10.
    """
    if run.history.stopped:
        return True
    rose = max(run.history.loss) > 1.1 * run.history.loss[0]
    return rose and run.test.loss > 0.98 * math.log(10)


def spread(values: list[float | None]) -> dict:
    """Return mean, sample standard deviation and the values themselves, one a seed.

    A run without a result is None; it counts in no mean, and stays visible among the values.
    """
    finite = [value for value in values if value is not None]
    return {
        "mean": _short(statistics.fmean(finite)) if finite else None,
        "std": _short(statistics.stdev(finite)) if len(finite) > 1 else None,
        "values": [_short(value) for value in values],
    }


def log_spaced_steps(total: int, count: int) -> list[int]:
    """Return up to ``count`` different steps from 1 to ``total``, evenly spaced on a log axis."""
    return sorted({round(total ** (index / (count - 1))) for index in range(count)})


def _of(run: Run, quantity: str) -> float | None:
    return None if run.test is None else getattr(run.test, quantity)


def _peak(run: Run) -> float | None:
    peak = max(run.history.loss)
    return peak if math.isfinite(peak) and not run.history.stopped else None


def _binned(losses: list[float], marks: list[int]) -> list[float | None]:
    means, start = [], 0
    for mark in marks:
        mean = statistics.fmean(losses[start:mark]) if mark <= len(losses) else math.nan
        means.append(mean if math.isfinite(mean) else None)
        start = mark
    return means


def _band(curves: list[list[float | None]]) -> dict:
    columns = [None if None in column else column for column in zip(*curves, strict=True)]
    return {
        key: [None if column is None else _short(function(column)) for column in columns]
        for key, function in (("mean", statistics.fmean), ("low", min), ("high", max))
    }


def _short(value: float | None) -> float | None:
    """Keep five significant digits: more than the spread over seeds ever resolves."""
    return None if value is None else float(f"{value:.5g}")


def _hardware() -> str:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if "model name" in line]
        model = names[0] if names else model
    except OSError:
        pass  # not Linux: the short name has to do
    return f"{model}, {len(os.sched_getaffinity(0))} cores"


def main(arguments: list[str]) -> int:
    """Record the experiments that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m lrlab.runs", description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help="a name in experiments.yml")
    for name in parser.parse_args(arguments).names:
        try:
            journal = Path("_build/runs") / f"{name}.jsonl"
            recorded = record(name, journal)
            path = folder() / f"{name}.json"
            path.write_text(
                json.dumps(recorded, indent=1, allow_nan=False) + "\n", encoding="utf-8"
            )
            journal.unlink(missing_ok=True)
        except (RunError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB, on {recorded['data']['name']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
