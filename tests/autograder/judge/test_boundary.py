"""What a student's process can see of the judge: its questions, and nothing that decides points.

What keeps it from reading the instructor's files is the sandbox; ``hostile`` attacks that.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from texts import sentences

from autograder.judge.server import judge, load_checks

ROOT = Path(__file__).resolve().parents[3]
CHECKS = sorted(
    path for path in (ROOT / "autograder" / "checks").rglob("*") if path.suffix in (".py", ".yml")
)
PACKAGES = sorted((ROOT / "autograder" / "checks").glob("lr*"))
SIDES = ("server.py", "verdict.py")


def names(path: Path) -> list[str]:
    """Return the names of a module's functions."""
    tree = ast.parse(path.read_text())
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_the_bridge_holds_no_check_and_no_answer():
    bridge = (ROOT / "autograder" / "judge" / "bridge.py").read_text()
    for package in PACKAGES:
        files = [path for path in CHECKS if path.parent == package]
        assert sum(len(sentences(path)) for path in files) > 40, package
        known = [name for path in files if path.suffix == ".py" for name in names(path)]
        assert len(known) > 5
        assert [name for name in known if re.search(rf"\b{name}\b", bridge)] == []
    assert [text for path in CHECKS for text in sentences(path) if text in bridge] == []


def test_the_bridge_imports_nothing_of_ours():
    tree = ast.parse((ROOT / "autograder" / "judge" / "bridge.py").read_text())
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert not {name for name in imported if name.startswith("autograder")}


LOOK_AROUND = """
import json, os, sys


def look(*arguments):
    frame, frames = sys._getframe(), []
    while frame is not None:
        frames += [str(frame.f_locals), str(frame.f_globals), frame.f_code.co_filename]
        frame = frame.f_back
    seen = {"frames": frames, "modules": sorted(sys.modules), "inputs": In}
    seen["environment"] = dict(os.environ)
    with open("seen.json", "w") as file:
        json.dump(seen, file)
    return 1.0, 1.0


one_step = adam = my_schedule = trigger_epochs = train_repaired = look
"""
ASKED = {  # an assignment whose check calls a function: the cell, and its points
    "lr01_first_step": ("one_step", 5),
    "lr06_adaptive_optimizers": ("adam", 5),
    "lr08_schedules": ("my_schedule", 5),
    "lr09_plateau": ("trigger_epochs", 6),
    "lr12_cifar10_case": ("q3_repair", 3),
}


@pytest.fixture(scope="module")
def curious(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A student's kernel in which every function looks around: its folder, its connection file."""
    folder = tmp_path_factory.mktemp("curious")
    manager, client = start_new_kernel(cwd=str(folder))
    try:
        client.execute_interactive(LOOK_AROUND, timeout=60)
        yield folder, manager.connection_file
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_every_assignment_that_calls_a_function_is_looked_at():
    calling = {
        path.parent.name for path in CHECKS if "student.call(" in path.read_text(encoding="utf-8")
    }
    assert calling == ASKED.keys()


@pytest.mark.parametrize("name", ASKED)
def test_a_student_who_looks_around_while_the_judge_asks_finds_no_check(curious, name):
    folder, connection_file = curious
    grade_id, points = ASKED[name]
    limits = {"seed": 1, "seconds": 20, "patience": 60}
    request = {"student": "eve", "connection_file": connection_file, "cells": {grade_id: points}}
    judge(load_checks(name), {**limits, **request})
    seen = json.loads((folder / "seen.json").read_text())
    (folder / "seen.json").unlink()
    assert any("'nonce'" in frame or '"nonce"' in frame for frame in seen["frames"])
    assert [each for each in seen["modules"] if each.startswith("autograder")] == []
    assert [each for each in seen["environment"] if "SEED" in each or "JUDGE" in each] == []
    text = json.dumps(seen)
    secret = [piece for path in CHECKS for piece in sentences(path)]
    secret += [piece for side in SIDES for piece in sentences(ROOT / "autograder" / "judge" / side)]
    assert [piece for piece in secret if json.dumps(piece)[1:-1] in text] == []
