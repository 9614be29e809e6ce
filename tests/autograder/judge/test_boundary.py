"""What a student's process can see of the judge: its questions, and nothing that decides points.

What keeps it from reading the instructor's files is the sandbox; ``hostile`` attacks that.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from texts import sentences

from autograder.judge import forks
from autograder.judge.fork import Fork
from autograder.judge.forks import Forks
from autograder.judge.server import Judging, checks_of, load_checks
from autograder.sandbox.manager import listen

ROOT = Path(__file__).resolve().parents[3]
CHECKS = sorted(
    path for path in (ROOT / "autograder" / "checks").rglob("*") if path.suffix in (".py", ".yml")
)
PACKAGES = sorted((ROOT / "autograder" / "checks").glob("lr*"))
MASTERS = {path.stem: path for path in sorted(ROOT.glob("solutions/*/*.ipynb"))}
OURS = [path for path in (ROOT / "autograder").rglob("*") if path.suffix in (".py", ".yml")]
JUDGE = ROOT / "autograder" / "judge"
SENT = [
    JUDGE / "forks.py",
    *(JUDGE / part for part in forks.PARTS),
]  # what the student's process gets
SECRETS = {piece for path in OURS for piece in sentences(path) if " " in piece}
SECRETS -= {piece for path in SENT for piece in sentences(path)}


def names(path: Path) -> list[str]:
    """Return the names of a module's functions."""
    tree = ast.parse(path.read_text())
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_every_assignment_is_looked_at():
    assert [package.name for package in PACKAGES] == [*MASTERS]


def test_the_bridge_holds_no_check_and_no_answer():
    bridge = forks.STUB + forks.TEXT
    for package in PACKAGES:
        files = [path for path in CHECKS if path.parent == package]
        assert sum(len(sentences(path)) for path in files) > 40, package
        known = [name for path in files if path.suffix == ".py" for name in names(path)]
        assert len(known) > 5
        assert [name for name in known if re.search(rf"\b{name}\b", bridge)] == []
    assert [text for path in CHECKS for text in sentences(path) if text in bridge] == []


def test_the_bridge_imports_nothing_of_ours():
    tree = ast.parse(forks.TEXT)
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert not {name for name in imported if name.startswith("autograder")}


# Whenever the bridge reads a question, and whenever the judge calls a function.
LOOK_AROUND = """
import json, os, re, sys


def look(*arguments, known=set()):
    frame, frames = sys._getframe(1), []
    while frame is not None:
        frames += [str(frame.f_locals), str(frame.f_globals), frame.f_code.co_filename]
        frame = frame.f_back
    frames = [re.sub("[A-Za-z0-9+/]{99,}", "weights", text) for text in frames]
    frames = [text for text in frames if text not in known]
    known.update(frames)
    seen = {"frames": frames, "modules": sorted(sys.modules), "inputs": In}
    seen["environment"] = dict(os.environ)
    with open("seen", "a") as file:
        file.write(json.dumps(seen) + "\\n")
    return 1.0, 1.0


def read(text, loads=json.loads, **options):
    if sys._getframe(1).f_globals["__name__"] == "bridge":
        look()
    return loads(text, **options)


json.loads = read
"""


@pytest.fixture(scope="module")
def curious(tmp_path_factory) -> Iterator[tuple[Path, BlockingKernelClient, Forks]]:
    """A student's kernel that looks around: its folder, its client and its forks."""
    folder = tmp_path_factory.mktemp("curious")
    with listen(str(folder / "forks")) as listener:
        number = listener.fileno()
        manager, client = start_new_kernel(cwd=str(folder), pass_fds=[number])

        def evaluate(expression):
            wanted = {"pid": expression}
            return client.execute("", silent=True, user_expressions=wanted, reply=True, timeout=60)

        try:
            client.execute_interactive(LOOK_AROUND, timeout=60)
            yield folder, client, Forks(evaluate, float, str(folder / "forks"), number)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def asked(name: str) -> set[str]:
    """Return every name that the answer cells of an assignment's release define."""
    release = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", 4)
    nodes = [
        node
        for cell in release.cells
        if cell.id.endswith("_answer")
        for node in ast.walk(ast.parse(cell.source))
    ]
    functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    stores = [node for node in nodes if isinstance(node, ast.Name)]
    return functions | {node.id for node in stores if isinstance(node.ctx, ast.Store)}


@pytest.mark.parametrize("name", MASTERS)
def test_a_student_who_looks_around_while_the_judge_asks_finds_no_check(curious, name):
    folder, client, forks = curious
    assert asked(name)
    client.execute_interactive(" = ".join([*sorted(asked(name)), "look"]), timeout=60)
    cells = {
        cell.id: cell.metadata.nbgrader.points
        for cell in nbformat.read(MASTERS[name], 4).cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    submission = {"ids": ["eve"], "seed": 1, "seconds": 20, "patience": 60}
    checks = checks_of(load_checks(name))
    judging = Judging(checks, submission, lambda: Fork(**forks.take()), float)
    for grade_id, points in cells.items():
        judging.verdict({"grade_id": grade_id, "points": points, "test": None, "before": []})
    looks = [json.loads(line) for line in (folder / "seen").read_text().splitlines()]
    (folder / "seen").unlink()
    assert len(looks) >= len(cells)
    for seen in looks:
        assert any("'nonce'" in frame or '"nonce"' in frame for frame in seen["frames"])
        assert [each for each in seen["modules"] if each.startswith("autograder")] == []
        assert [each for each in seen["environment"] if "SEED" in each or "JUDGE" in each] == []
    text = json.dumps(looks)
    assert [piece for piece in SECRETS if json.dumps(piece)[1:-1] in text] == []
