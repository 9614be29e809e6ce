"""The judge: a clean process that holds the checks and never runs a student's code.

It is a server that has imported one assignment's checks, and forks for every submission.
A request and its answer are one JSON document each::

    {"ids", "connection_file", "seed", "seconds", "patience", "cells": {grade_id: max points}}
    {"verdicts": {grade_id: {"points", "max_points", "parts", "text"}}, "lost": grade_id or null}

A verdict also has ``problem`` where the instructor has to look at the submission: a sentence.
``lost`` names the cell at which the student's process died; cells after it have no verdict, and
whoever asked may start a new process and ask again for those. A fault of ours makes the answer
``{"fault": sentence}``; no points come of it.

Started by ``ForkServer("autograder.judge.server", ASSIGNMENT)``.
"""

import contextlib
import importlib
import inspect
import json
import resource
import signal
import socket
import traceback
from collections.abc import Callable
from dataclasses import asdict
from types import ModuleType

import torch

import lrlab.data
from autograder.fork_server import serve
from autograder.judge.kernel import Kernel
from autograder.judge.student import Student
from autograder.judge.verdict import (
    CheckError,
    KernelLost,
    Part,
    StudentFailure,
    as_text,
    failed,
    total,
)

MEMORY = 6 * 2**30  # bytes; what a student's process sends is not allowed to fill the machine


def load_checks(assignment: str) -> ModuleType:
    """Return the module ``autograder.checks.ASSIGNMENT``. Raises CheckError when there is none."""
    name = f"autograder.checks.{assignment}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CheckError(
            f"assignment '{assignment}' has no checks: write autograder/checks/{assignment}/"
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
        student = Student(
            kernel, request["seed"], request["seconds"], request["ids"], request["patience"]
        )
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
            verdicts[grade_id] = _verdict(points, max_points, parts)
        return {"verdicts": verdicts, "lost": None}
    finally:
        kernel.close()


def _nothing(max_points: float, failure: Exception) -> dict:
    verdict = _verdict(0.0, max_points, [failed(max_points, failure)])
    problem = getattr(failure, "problem", None)
    return {**verdict, "problem": problem} if problem else verdict


def _verdict(points: float, max_points: float, parts: list[Part]) -> dict:
    return {
        "points": points,
        "max_points": max_points,
        "parts": [asdict(each) for each in parts],
        "text": as_text(points, max_points, parts),
    }


def answer(line: socket.socket, load: Callable[[], ModuleType]) -> None:
    """Judge the one request that ``line`` brings, and send what comes of it."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    # What a student's code says may hold half a character, which no file of ours could.
    words = {"encoding": "utf-8", "errors": "replace"}
    with line, line.makefile("r") as incoming, line.makefile("w", **words) as outgoing:
        request = json.loads(incoming.readline())
        signal.alarm(int(request["judge_seconds"]) + 5)  # nobody waits any longer
        try:
            document = judge(load(), request)
        except CheckError as error:
            document = {"fault": str(error)}
        except Exception:  # noqa: BLE001 (whatever is wrong with a check, the grader is told)
            document = {"fault": traceback.format_exc()}
        json.dump(document, outgoing, ensure_ascii=False)


def main(listener: socket.socket, assignment: str) -> None:
    """Import the checks of one assignment and what they use, then serve."""
    with contextlib.suppress(Exception):  # whoever asks is told
        load_checks(assignment)
    lrlab.data.mnist()
    torch.optim.SGD([torch.zeros(1)])  # the first optimizer imports for a second: not in each fork
    serve(listener, lambda line: answer(line, lambda: load_checks(assignment)))
