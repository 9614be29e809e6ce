"""What a class needs of a machine: sums over what one student was measured to cost.

``book/classroom/sizing.json`` holds the medians; ``python -m autograder.classroom.sizing`` made it.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

RECORD = Path(__file__).parents[1] / "classroom" / "sizing.json"
GIB = 1024  # MiB


@dataclass(frozen=True)
class Assumed:
    """What nobody measured. Shares are of the class, at the same moment."""

    open: float  # share whose server runs
    reading: float  # share with the kernel of a chapter
    training: float  # share whose kernel computes
    hours: float  # in which all that was handed in is graded


@dataclass(frozen=True)
class Needs:
    """What a class needs. Memory in GiB."""

    servers: int
    kernels: int
    training: int
    cores: float
    machine: float  # memory, when all is on one
    pods: float  # memory, when each server has a pod of its own
    graded_at_once: int


def load() -> dict:
    """Return the record."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


def median(parts: dict, part: str, name: str) -> float:
    """Return the median of a measured figure."""
    return parts[part][name]["median"]


def heaviest(parts: dict, kind: str) -> str:
    """Return the part of a kind (``grading``) that takes the most processor time."""
    return max(
        (each for each in parts if each.startswith(kind)),
        key=lambda each: median(parts, each, "seconds"),
    )


def needs(parts: dict, students: int, assumed: Assumed) -> Needs:
    """Return what a class of a size needs."""
    servers, kernels, training = (
        math.ceil(round(students * share, 6))
        for share in (assumed.open, assumed.reading, assumed.training)
    )
    grading = heaviest(parts, "grading")
    graded_at_once = math.ceil(
        students * median(parts, grading, "seconds") / (assumed.hours * 3600)
    )
    memory = (
        median(parts, "hub", "memory")
        + median(parts, "hub", "each") * (servers - 1)
        + median(parts, "server", "each") * servers
        + median(parts, "reading", "each") * (kernels - training)
        + median(parts, "training", "memory") * training
        + median(parts, grading, "memory") * graded_at_once
    )
    idle = servers * median(parts, "idle", "seconds_an_hour") / 3600
    reading = kernels * median(parts, "reading", "seconds") / 3600
    reads, trains = (median(parts, each, "memory") for each in ("reading", "training"))
    pods = servers * (median(parts, "server", "memory") + reads) + training * (trains - reads)
    return Needs(
        servers,
        kernels,
        training,
        cores=training + idle + reading + graded_at_once,
        machine=memory / GIB,
        pods=pods / GIB,
        graded_at_once=graded_at_once,
    )
