"""What came of running one submission: a JSON file that grading, merging and the report share.

``outcomes/ASSIGNMENT/NOTEBOOK/STUDENT.json`` holds one notebook of a submission with its outputs, the
verdicts, and what was used. It is written at once or not at all. Its ``digest`` stands for everything that the result
depends on, so that an outcome of another submission, another check, other data or limits is
never used.
"""

import functools
import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = "outcomes"
# How a submission ends, and what is said of it wherever people read it.
GRADED, PROBLEM, UNREADABLE = "graded", "problem", "unreadable"
WORDS = {
    GRADED: "graded without a problem",
    PROBLEM: "graded with a problem",
    UNREADABLE: "could not be read",
}
# What lies in our packages and changes no result.
OTHER_USES = (
    "care",
    "classroom",
    "exchange",
    "feedback",
    "formgrader",
    "late",
    "release",
    "report",
)
OTHER_USES += ("pyproject.toml",)


@dataclass
class Outcome:
    """One notebook of a submission after it ran; ``name`` is the notebook's.

    status: GRADED, PROBLEM (graded, but something is odd), or UNREADABLE (0 points).
    problems: sentences for the student and the instructor.
    waiting: items that nobody could judge, so that a person has to decide; they have 0 points.
    used: seconds of processor (cpu) and wall time, memory in bytes, and number of kernels.
    verdicts: for every graded cell points, max_points, parts and text, as the judge gave them.
    """

    assignment: str
    name: str
    student: str
    digest: str
    status: str
    problems: list[str]
    used: dict[str, float]
    verdicts: dict[str, dict]
    notebook: NotebookNode = field(repr=False)
    waiting: list[str] = field(default_factory=list)


def outcome_path(root: Path, assignment: str, name: str, student: str) -> Path:
    """Return where an outcome lies."""
    return root / FOLDER / assignment / name / f"{student}.json"


def save(root: Path, outcome: Outcome) -> None:
    """Write an outcome; whoever reads at the same time sees the old one or the new one."""
    path = outcome_path(root, outcome.assignment, outcome.name, outcome.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}")  # the next try replaces what a killed one left
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(outcome), file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def ended(root: Path, assignment: str, names: list[str], student: str) -> tuple[str, list[str]]:
    """Return how a submission of the notebooks ``names`` ended, and its problems.

    What has no outcome that can be read is left out.
    """
    found = {name: load(root, assignment, name, student) for name in names}
    stored = {name: outcome for name, outcome in found.items() if outcome}
    statuses = {outcome.status for outcome in stored.values()} or {GRADED}
    problems = [
        f"{name}: {problem}" if len(names) > 1 else problem
        for name, outcome in stored.items()
        for problem in outcome.problems
    ]
    return statuses.pop() if len(statuses) == 1 else PROBLEM, problems


def load(root: Path, assignment: str, name: str, student: str) -> Outcome | None:
    """Return a stored outcome, or None when there is none that can be read."""
    try:
        path = outcome_path(root, assignment, name, student)
        document = json.loads(path.read_text(encoding="utf-8"))
        document["notebook"] = nbformat.from_dict(document["notebook"])
        return Outcome(**document)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def digest_of(notebook: NotebookNode, files: bytes, seed: int, settings: dict) -> str:
    """Return a digest of all that decides an outcome: submission, seed, settings, and our code.

    Raises FileNotFoundError when our code is not where it should be.
    """
    text = json.dumps([notebook, seed, settings], sort_keys=True)
    return hashlib.sha256(text.encode() + b"\0" + files + code_digest()).hexdigest()


@functools.cache
def code_digest() -> bytes:
    """Return a digest of the checks with their data, the grader, the library, and what runs them."""
    try:
        torch = version("torch")
    except PackageNotFoundError:
        torch = "none"
    digest = hashlib.sha256(f"{platform.python_version()} torch {torch}".encode())
    for package in _packages():
        for path in _deciding(package):
            digest.update(f"{path.relative_to(package.parent)}\0".encode() + path.read_bytes())
    return digest.digest()


def _packages() -> list[Path]:
    """Return the folders of our code; a course about something else has no ``lrlab``."""
    specs = [find_spec(name) for name in ("autograder", "lrlab")]
    return [Path(spec.origin).parent for spec in specs if spec]


def _deciding(package: Path) -> list[Path]:
    """Return the files of ``package`` that decide an outcome: all but those of another use."""
    others = [package / other for other in OTHER_USES]
    found = [
        path
        for path in sorted(package.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(path.is_relative_to(other) for other in others)
    ]
    if not found:
        raise FileNotFoundError(
            f"There is no code of ours in {package}, so an outcome of another check could not be "
            "told from one of this check."
        )
    return found
