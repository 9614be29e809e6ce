"""What a student's process can see of the judge: its questions, and nothing that decides points.

What keeps it from reading the instructor's files is the sandbox; ``hostile`` attacks that.
"""

import ast
import json
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from autograder.judge.server import judge, load_checks

ROOT = Path(__file__).resolve().parents[3]
CHECKS = sorted((ROOT / "autograder" / "checks" / "lr01_first_step").glob("*.py"))
SIDES = (
    "checks/choices.py",
    "checks/numbers.py",
    "checks/trials.py",
    "judge/server.py",
    "judge/verdict.py",
)


def sentences(path: Path) -> list[str]:
    """Return every longer piece of text in a module, docstrings included."""
    tree = ast.parse(path.read_text())
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return [text for text in texts if isinstance(text, str) and len(text) > 25]


def names(path: Path) -> list[str]:
    """Return the names of a module's functions."""
    tree = ast.parse(path.read_text())
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def test_the_bridge_holds_no_check_and_no_answer():
    bridge = (ROOT / "autograder" / "judge" / "bridge.py").read_text()
    said = [text for path in CHECKS for text in sentences(path)]
    assert len(said) > 40
    assert [text for text in said if text in bridge] == []
    assert [name for path in CHECKS for name in names(path) if name in bridge] == []


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


def one_step(model, images, labels, learning_rate):
    frame, frames = sys._getframe(), []
    while frame is not None:
        frames += [str(frame.f_locals), str(frame.f_globals), frame.f_code.co_filename]
        frame = frame.f_back
    seen = {"frames": frames, "modules": sorted(sys.modules), "inputs": In}
    seen["environment"] = dict(os.environ)
    with open("seen.json", "w") as file:
        json.dump(seen, file)
    return 1.0, 1.0
"""


def test_a_student_who_looks_around_while_the_judge_asks_finds_no_check(tmp_path):
    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        client.execute_interactive(LOOK_AROUND, timeout=60)
        limits = {"seed": 1, "seconds": 20, "patience": 60}
        connection = {"student": "eve", "connection_file": manager.connection_file}
        judge(load_checks("lr01_first_step"), {**limits, **connection, "cells": {"one_step": 5}})
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert any("'nonce'" in frame or '"nonce"' in frame for frame in seen["frames"])
    assert [name for name in seen["modules"] if name.startswith("autograder")] == []
    assert [name for name in seen["environment"] if "SEED" in name or "JUDGE" in name] == []
    text = json.dumps(seen)
    secret = [piece for path in CHECKS for piece in sentences(path)]
    secret += [piece for side in SIDES for piece in sentences(ROOT / "autograder" / side)]
    assert [piece for piece in secret if json.dumps(piece)[1:-1] in text] == []
