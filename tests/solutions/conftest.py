"""What the tests of a master share: its cells, its points, and a way to run its programs.

A module ``test_NAME.py`` is about the master of the assignment NAME.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def master(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """The master that the module is about."""
    name = request.path.stem.removeprefix("test_")
    return nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", 4)


@pytest.fixture(scope="module")
def cells(master) -> dict[str, str]:
    """The source of every cell of the master, by id."""
    return {cell.id: cell.source for cell in master.cells}


@pytest.fixture(scope="module")
def points(master) -> dict[str, float]:
    """The points of every graded cell, by id."""
    return {
        cell.id: cell.metadata.nbgrader.points
        for cell in master.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


@pytest.fixture(scope="module")
def promised(cells) -> list[int]:
    """The points of every row in the table that a student reads first."""
    rows = [line.split("|") for line in cells["cell-01"].splitlines() if line.startswith("|")]
    return [int(row[3]) for row in rows[2:]]


@pytest.fixture(scope="session")
def define() -> Callable[[Iterable[str]], dict]:
    """Return a function that runs sources, one after the other, and returns what they define."""

    def run(sources: Iterable[str]) -> dict:
        variables: dict = {}
        for source in sources:
            exec(source, variables)  # noqa: S102 (our own notebook)
        return variables

    return run
