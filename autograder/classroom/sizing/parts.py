"""What each thing that a student does costs: measured once on real parts, as one round.

Two figures of memory stand for most parts. ``memory`` is what the first one takes, alone; ``each`` is
what one of several side by side takes, who share the libraries that they have read. The first is
what a pod of its own needs, the second what a machine for all needs.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import ROOT
from autograder.classroom.sizing.class_at_work import Class
from autograder.classroom.sizing.processes import Meter, family, memory

FURTHER = 2  # submissions more than one, whose time is a submission's without the start


@dataclass(frozen=True)
class Plan:
    """What is measured. students: servers side by side; idle: seconds for which they do nothing."""

    students: int
    idle: float
    chapters: tuple[str, ...]
    assignments: tuple[str, ...]


def one_round(plan: Plan) -> dict:
    """Measure every part once; return figures by part: MiB, and processor seconds."""
    found = {}
    with _folder() as folder, Class(folder) as room:
        found |= _servers(plan, room)
        found["reading"], found["training"] = _chapters(plan, room)
    for name in plan.assignments:
        found[f"validating {name}"] = _validate(name)
        found[f"grading {name}"] = _grade(name)
    return found


def _servers(plan: Plan, room: Class) -> dict:
    """Start a server for each student, and then let them all do nothing."""
    students = [f"student{number}" for number in range(plan.students)]
    hub = [room.hub, room.proxy]
    with Meter(*hub) as starts:
        servers = [room.start_server(students[0])]
        alone, first = memory(family(*servers)), memory(hub)
        servers += [room.start_server(each) for each in students[1:]]
    full, side_by_side = memory(hub), memory(family(*servers))
    with Meter(*hub) as nothing:
        time.sleep(plan.idle)
    return {
        "hub": {"memory": first, "each": (full - first) / max(plan.students - 1, 1)},
        "server": {
            "memory": alone,
            "each": side_by_side / plan.students,
            "seconds": starts.seconds / plan.students,
        },
        "idle": {"seconds_an_hour": nothing.seconds / plan.students / plan.idle * 3600},
    }


def _chapters(plan: Plan, room: Class) -> tuple[dict, dict]:
    """Run every chapter in a kernel of the first student, the largest one then in all others'.

    Return the chapter that leaves the largest kernel, and the cell that computes longest.
    """
    read, trained = [], []
    for chapter in plan.chapters:
        kernel, cells = _open(chapter, room, "student0")
        spent = []
        for number, code in cells:
            with Meter(*kernel.processes) as cell:
                kernel.run(code)
            spent.append({"cell": number, "seconds": cell.seconds, "memory": cell.peak})
        trained.append({"chapter": chapter} | max(spent, key=lambda each: each["seconds"]))
        taken = memory(family(*kernel.processes))
        whole = sum(each["seconds"] for each in spent)
        read.append({"chapter": chapter, "memory": taken, "seconds": whole})
        kernel.end()
    largest = max(read, key=lambda each: each["memory"])
    kernels = []
    for number in range(min(3, plan.students)):
        kernel, cells = _open(largest["chapter"], room, f"student{number}")
        for _, code in cells:
            kernel.run(code)
        kernels.append(kernel)
    together = memory(family(*(each for kernel in kernels for each in kernel.processes)))
    return (
        largest | {"each": together / len(kernels)},
        max(trained, key=lambda each: each["seconds"]),
    )


def _open(chapter: str, room: Class, student: str):
    """Return a fresh kernel of a student, and the cells of a chapter with their numbers."""
    cells = json.loads((ROOT / "book" / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return room.start_kernel(student), list(enumerate(code))


def _validate(assignment: str) -> dict:
    """Validate a solved notebook as a student does, with nothing of the grader."""
    with _folder() as folder:
        shutil.copy(ROOT / "solutions" / assignment / f"{assignment}.ipynb", folder)
        return _run(folder, "nbgrader", "validate", f"{assignment}.ipynb")


def _grade(assignment: str) -> dict:
    """Grade one submission, then that and others: how they differ is what one more takes."""
    one = _grade_class(assignment, 1)
    several = _grade_class(assignment, 1 + FURTHER)
    return {
        "memory": max(one["memory"], several["memory"]),
        "seconds": (several["seconds"] - one["seconds"]) / FURTHER,
        "start": one["seconds"],
    }


def _grade_class(assignment: str, size: int) -> dict:
    """Grade a class of ``size`` that hands in the master, one submission at a time."""
    with _folder() as folder:
        shutil.copytree(ROOT / "autograder", folder / "autograder")
        shutil.copytree(ROOT / "solutions" / assignment, folder / "solutions" / assignment)
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        _run(folder, "nbgrader", "generate_assignment", assignment)
        for number in range(size):
            home = folder / "submitted" / f"student{number}" / assignment
            shutil.copytree(folder / "solutions" / assignment, home)
        used = _run(folder, "autograder", "grade", assignment, "--workers", "1")
        outcomes = [*(folder / "outcomes" / assignment).glob("*/*.json")]
        states = [json.loads(path.read_text())["status"] for path in outcomes]
        if states != ["graded"] * size:
            raise SystemExit(f"{assignment}: of {size} submissions these came out: {states}")
        return used


def _run(folder: Path, *words: str) -> dict:
    """Run a Python command; return its largest memory and its processor seconds."""
    with (folder / "said.log").open("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=folder, stdout=said, stderr=subprocess.STDOUT
        )
        with Meter(process.pid) as used:
            status = process.wait()
        if status:
            said.seek(0)
            raise SystemExit(f"{' '.join(words)} failed:\n{said.read()[-2000:]}")
    return {"memory": used.peak, "seconds": used.seconds}


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()
