"""What students get: derived from the masters byte for byte, and nothing secret in it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from commands import in_turn, nbgrader
from notebooks import strip

from autograder.release import release

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in ROOT.glob("solutions/*/*.ipynb"))


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy of the course in which every assignment was generated twice."""
    folder = tmp_path_factory.mktemp("release")
    for room in ("solutions", "autograder"):  # nbgrader's settings name our classes
        shutil.copytree(ROOT / room, folder / room)
    strip(*folder.glob("solutions/*/*.ipynb"))
    for name in ("nbgrader_config.py", "_config.yml"):  # the second: where chapters are linked to
        shutil.copy(ROOT / name, folder)
    (folder / "book").symlink_to(ROOT / "book")
    in_turn(*((folder, "nbgrader", "generate_assignment", name) for name in NAMES))
    first = {path: path.read_bytes() for path in folder.glob("exercises/*/*")}
    (folder / "exercises" / "lr00_withdrawn").mkdir()
    assert release(folder) == NAMES
    assert {path: path.read_bytes() for path in folder.glob("exercises/*/*")} == first
    assert not (folder / "exercises" / "lr00_withdrawn").exists()
    return folder


def test_the_committed_exercises_are_fresh(course, tmp_path):
    skip = shutil.ignore_patterns(".ipynb_checkpoints")
    here = shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=skip)
    strip(*here.glob("*/*.ipynb"))
    made, kept = (
        {path.relative_to(folder): path.read_bytes() for path in folder.glob("exercises/*/*")}
        for folder in (course, tmp_path)
    )
    assert made.keys() == kept.keys()
    stale = [str(path) for path in made if made[path] != kept[path]]
    assert stale == [], "run `make release`"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_secret_is_released(name):
    folder = ROOT / "exercises" / name
    assert [path.name for path in folder.iterdir()] == [f"{name}.ipynb"]
    text = (folder / f"{name}.ipynb").read_text()
    for word in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN", "autograder", "judge", "MARK SCHEME"):
        assert word not in text
    master = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", 4)
    given = json.loads(text)
    released = {cell["id"]: "".join(cell["source"]) for cell in given["cells"]}
    solutions = 0
    for cell in master.cells:
        found = re.findall(r"# BEGIN SOLUTION\n(.*?)\n *# END SOLUTION", cell.source, re.DOTALL)
        solutions += len(found)
        for line in "\n".join(found).splitlines():
            assert line.strip() not in released[cell.id].splitlines(), cell.id
    assert solutions >= 5


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_is_set_in_the_release(name):
    """Every variable that the master's solutions set is still empty in what students get."""
    notebook = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", 4)
    assignments = [
        line
        for cell in notebook.cells
        if cell.id.endswith("_answer")
        for line in cell.source.splitlines()
        if re.match(r"\w+ = ", line)
    ]
    assert assignments
    assert [line for line in assignments if not re.match(r"\w+ = (None|\[\])  # ", line)] == []


def test_the_master_validates_by_name_and_the_release_does_not(course):
    """All in one call: each notebook's verdict stands where the notebook stood.

    What every other notebook's checks say is tested where they run as in JupyterLab.
    """
    names = ["lr09_plateau", "lr_test"]
    said = nbgrader(course, "validate", *names, *(f"exercises/{each}/{each}.ipynb" for each in names))
    passes, fails = "Success! Your notebook passes all the tests.", "VALIDATION FAILED"
    assert re.findall(f"{passes}|{fails}", said) == [passes] * 2 + [fails] * 2
    assert "Not yet: answer_q4 should be a list with at least one letter from A to F" in said
    assert "Traceback" not in said
