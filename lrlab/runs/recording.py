"""Measures the experiments that ``book/runs/experiments.yml`` describes in a few lines each.

``python -m lrlab.runs NAME`` measures one and writes ``book/runs/NAME.json``, which
``lrlab.runs.record`` reads back. An interrupted recording goes on where it was.
"""

import argparse
import datetime
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import torch
import yaml

import lrlab
from lrlab.runs.experiment import Experiment
from lrlab.runs.measures import MEASURES, MeasureError
from lrlab.runs.record import RunError, folder


def describe(name: str) -> dict:
    """Return the description of ``name`` from ``experiments.yml``."""
    path = folder() / "experiments.yml"
    if not path.is_file():  # the wheel has none
        raise RunError(f"no experiments in {Path.cwd()}: go to the course's root or to book/")
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    if name not in described:
        raise RunError(f"{name!r} is not described; experiments.yml has {', '.join(described)}")
    return described[name]


def record(name: str, journal: Path) -> dict:
    """Measure the experiment ``name`` and return it with its provenance, ready to be written."""
    described = describe(name)
    experiment = Experiment(**described["experiment"])
    started = time.time()
    try:
        measured = MEASURES[described["measure"]](described, journal)
    except MeasureError as error:
        raise RunError(str(error)) from error
    train, validation, test = experiment.splits()
    return {
        "name": name,
        "question": described["question"],
        "data": {
            "name": train.name,
            "train": len(train),
            "validation": len(validation or ()),
            "test": len(test),
            "digest": {"train": train.digest, "test": test.digest},
        },
        "experiment": asdict(experiment),
        "seeds": described["seeds"],
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
