"""The judge: a clean process that holds the checks and never runs a student's code.

It reads one request from standard input and prints one JSON document::

    {"assignment", "student", "connection_file", "seed", "seconds", "cells": {grade_id: max points}}
    {"verdicts": {grade_id: {"points", "text"}}, "lost": grade_id or null}

``lost`` names the cell at which the student's process died; cells after it have no verdict, and
whoever asked may start a new process and ask again for those. A fault of ours ends the process
with status 1 and a sentence on standard error; no points come of it.

Started before the student's cells run, it uses that time to import torch and the checks::

    python -m autograder.judge ASSIGNMENT < request.json
"""

import importlib
import inspect
import json
import sys
from collections.abc import Callable
from types import ModuleType

from autograder.kernel import Kernel
from autograder.student import Student
from autograder.verdict import (
    CheckError,
    KernelLost,
    StudentFailure,
    as_text,
    failed,
    total,
)


def load_checks(assignment: str) -> ModuleType:
    """Return the module ``autograder.checks.ASSIGNMENT``. Raises CheckError when there is none."""
    name = f"autograder.checks.{assignment}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CheckError(
            f"assignment '{assignment}' has no checks: write autograder/checks/{assignment}.py"
        ) from None


def checks_of(module: ModuleType) -> dict[str, Callable]:
    """Return the checks of a module: its own public functions, by name."""
    return {
        name: function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }


def judge(module: ModuleType, request: dict) -> dict:
    """Judge every cell of ``request``; see the module's docstring for both documents.

    Raises CheckError when a check is missing, crashes, or does not offer the cell's points.
    """
    checks = checks_of(module)
    if missing := sorted(request["cells"].keys() - checks.keys()):
        raise CheckError(f"{module.__name__} has no check for: {', '.join(missing)}")
    verdicts: dict[str, dict] = {}
    try:
        kernel = Kernel(request["connection_file"])
    except KernelLost as lost:
        grade_id, max_points = next(iter(request["cells"].items()))
        verdicts[grade_id] = _nothing(max_points, lost)
        return {"verdicts": verdicts, "lost": grade_id}
    try:
        student = Student(kernel, request["seed"], request["seconds"], request["student"])
        for grade_id, max_points in request["cells"].items():
            try:
                parts = checks[grade_id](student)
            except KernelLost as lost:
                verdicts[grade_id] = _nothing(max_points, lost)
                return {"verdicts": verdicts, "lost": grade_id}
            except StudentFailure as failure:
                verdicts[grade_id] = _nothing(max_points, failure)
                continue
            points = total(parts, grade_id, max_points)
            verdicts[grade_id] = {"points": points, "text": as_text(points, max_points, parts)}
        return {"verdicts": verdicts, "lost": None}
    finally:
        kernel.close()


def _nothing(max_points: float, failure: Exception) -> dict:
    parts = [failed(max_points, failure)]
    return {"points": 0.0, "text": as_text(0.0, max_points, parts)}


def main() -> int:
    """Read the request, judge, print the document; return the exit status."""
    channel, sys.stdout = sys.stdout, sys.stderr  # nothing but the document reaches our caller
    try:
        module = load_checks(sys.argv[1])
        document = judge(module, json.load(sys.stdin))
    except CheckError as error:
        print(f"judge: {error}", file=sys.stderr)
        return 1
    json.dump(document, channel)
    return 0


if __name__ == "__main__":
    sys.exit(main())
