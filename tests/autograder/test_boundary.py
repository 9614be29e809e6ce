"""What a student's process can see of the judge: its questions, and nothing that decides points.

What keeps it from reading the instructor's files is the sandbox, which is another room's matter.
"""

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECKS = ROOT / "autograder" / "checks" / "lr01_first_step.py"
SIDES = ("choices.py", "judge.py", "numbers.py", "step_feedback.py", "trials.py", "verdict.py")


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
    bridge = (ROOT / "autograder" / "bridge.py").read_text()
    assert len(sentences(CHECKS)) > 40
    assert [text for text in sentences(CHECKS) if text in bridge] == []
    assert [name for name in names(CHECKS) if name in bridge] == []


def test_the_bridge_imports_nothing_of_ours():
    tree = ast.parse((ROOT / "autograder" / "bridge.py").read_text())
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert not {name for name in imported if name.startswith("autograder")}


def test_a_student_who_looks_around_finds_no_check(classroom):
    folder = classroom.folder / "autograded" / "probe" / "lr01_first_step"
    seen = json.loads((folder / "seen.json").read_text())
    assert any("'nonce'" in frame or '"nonce"' in frame for frame in seen["frames"])
    assert [name for name in seen["modules"] if name.startswith("autograder")] == []
    assert [name for name in seen["environment"] if "SEED" in name or "JUDGE" in name] == []
    assert set(seen["folder"]) <= {"lr01_first_step.ipynb", "seen.json"}
    text = json.dumps(seen)
    secret = [piece for path in [CHECKS] for piece in sentences(path)]
    secret += [piece for side in SIDES for piece in sentences(ROOT / "autograder" / side)]
    assert [piece for piece in secret if json.dumps(piece)[1:-1] in text] == []
