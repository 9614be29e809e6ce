"""Measure what one student costs in memory and processor time, on this machine.

It starts a hub, students' servers and kernels, and grades, several times over, and prints what it found
as a record; ``book/sizing.md`` makes its tables of that. Let nothing else run meanwhile.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
import time
from importlib import metadata
from pathlib import Path

from autograder import ROOT
from autograder.classroom.hub.proxy import node
from autograder.classroom.sizing.parts import Plan, one_round
from autograder.classroom.sizing.processes import adopt_orphans

PACKAGES = ("jupyterhub", "jupyterlab", "nbgrader", "ipykernel", "torch", "torchvision")


def main() -> None:
    """Measure, and print the record."""
    chapters = sorted(path.stem for path in (ROOT / "book").glob("[0-9][0-9]_*.ipynb"))
    parser = argparse.ArgumentParser(
        prog="python -m autograder.classroom.sizing", description=__doc__
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured")
    parser.add_argument("--students", type=int, default=8, help="servers side by side")
    parser.add_argument("--idle", type=float, default=60, help="seconds to watch idle servers")
    parser.add_argument("--chapters", nargs="*", default=chapters, metavar="CHAPTER")
    parser.add_argument(
        "--assignments",
        nargs="*",
        default=["lr01_first_step", "lr12_cifar10_case"],
        metavar="ASSIGNMENT",
    )
    arguments = parser.parse_args()
    try:
        node()
    except LookupError as error:
        sys.exit(f"Nothing can be measured without a hub. {error}")
    os.environ |= {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    adopt_orphans()
    plan = Plan(
        arguments.students,
        arguments.idle,
        tuple(arguments.chapters),
        tuple(arguments.assignments),
    )
    began, load = time.time(), [os.getloadavg()[0]]
    rounds = []
    for number in range(arguments.rounds):
        rounds.append(one_round(plan))
        load.append(os.getloadavg()[0])
        print(f"round {number + 1} of {arguments.rounds} is done", file=sys.stderr)
    record = {
        "name": "sizing",
        "question": "What does one student cost a machine, in memory and processor time?",
        "students": plan.students,
        "parts": summarise(rounds),
        "provenance": {
            "command": " ".join(["python -m autograder.classroom.sizing", *sys.argv[1:]]),
            "versions": versions(),
            "hardware": hardware(),
            "load": [round(each, 2) for each in load],
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "seconds": round(time.time() - began, 1),
        },
    }
    print(json.dumps(record, indent=1))


def summarise(rounds: list[dict]) -> dict:
    """Return each part's figures over all rounds: every value, in order, and their median.

    Which chapter and cell a part is about is that of the round with the median.
    """
    parts = {}
    for part, first in rounds[0].items():
        parts[part] = {}
        for name, value in first.items():
            values = [each[part][name] for each in rounds]
            if isinstance(value, float):
                values = [round(each, 2) for each in values]
                parts[part][name] = {"median": statistics.median(values), "values": values}
            else:
                parts[part][name] = statistics.mode(values)
    return parts


def versions() -> dict[str, str]:
    """Return what was measured, by name."""
    proxy = ROOT / "node_modules" / "configurable-http-proxy" / "package.json"
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
        "configurable-http-proxy": json.loads(proxy.read_text())["version"],
    }


def hardware() -> str:
    """Return the processor, the cores that may be used, and the memory."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(": ", 1)[1] for line in lines if line.startswith("model name")]
    kib = int(Path("/proc/meminfo").read_text().split()[1])
    cores = len(os.sched_getaffinity(0))
    return f"{names[0] if names else platform.machine()}, {cores} cores, {kib / 2**20:.0f} GiB"


if __name__ == "__main__":
    main()
