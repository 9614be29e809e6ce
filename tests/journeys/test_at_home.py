"""A student without a hub: the zip that the teacher gave, a Python of one's own, and nothing else.

The folder's name holds blanks, and the checkout is nowhere on the way.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.submission.files import MAX_BYTES, MAX_FILES

ROOT = Path(__file__).resolve().parents[2]
NAME = "lr01_first_step"
PAGE = (ROOT / "book" / "handing_in.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def home(packed_course, tmp_path_factory) -> Path:
    """Unpack a zip as its page says, and install its wheel; what lrlab needs is here already."""
    folder = tmp_path_factory.mktemp("my course")
    zipfile.ZipFile(packed_course / "_build" / "hand_out" / f"{NAME}.zip").extractall(folder)
    offline = ["--no-index", "--no-deps", "--no-compile", "--quiet", "--target", "../site"]
    [wheel] = re.findall(r"course/bin/pip install (\"\S+\[student\]\")", PAGE)
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *offline, json.loads(wheel)],
        cwd=folder / NAME,
        check=True,
    )
    return folder


def test_the_notebook_runs_to_its_end_before_anything_is_answered(home, monkeypatch):
    notebook = nbformat.read(home / NAME / f"{NAME}.ipynb", 4)
    asks = "import importlib.util, lrlab; print(lrlab.__file__, importlib.util.find_spec('autograder'))"
    notebook.cells.append(nbformat.v4.new_code_cell(asks))
    monkeypatch.setenv("PYTHONPATH", str(home / "site"))  # comes before this checkout
    where = {"metadata": {"path": str(home / NAME)}}
    NotebookClient(notebook, resources=where).execute()
    place, graders = notebook.cells[-1].outputs[0].text.rsplit(maxsplit=1)
    assert Path(place).is_relative_to(home / "site")
    assert graders == "None"


def test_the_wheel_brings_what_a_student_starts(home):
    [about] = (home / "site").glob("lrlab-*.dist-info/METADATA")
    needed = re.findall(r"Requires-Dist: (\S+); extra == 'student'", about.read_text())
    assert needed == ["ipykernel", "jupyterlab"]


def test_the_page_names_what_is_in_the_zip_and_what_the_grader_keeps_to(home):
    files = {path.name for path in (home / NAME).iterdir()}
    assert (home / NAME / "START_HERE.txt").read_text(encoding="utf-8") == PAGE
    [wheel] = [name for name in files if name.endswith(".whl")]
    assert set(re.findall(r"[\w.-]+\.whl", PAGE)) == {wheel}
    assert "constraints.txt" in files and "constraints.txt" in PAGE
    words = " ".join(PAGE.split())
    assert f"up to {MAX_FILES:,} files and {MAX_BYTES // 10**6} MB" in words
    [seconds] = re.findall(
        r"c\.Execute\.timeout = (\d+)", (ROOT / "nbgrader_config.py").read_text()
    )
    assert f"A cell has {seconds} seconds" in words


def test_packed_again_it_is_the_same_and_the_command_says_where(packed_course):
    folder = packed_course / "_build" / "hand_out"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    (folder / "lr00_withdrawn.zip").write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "hand_out"],
        cwd=packed_course,
        env=os.environ | {"TZ": "Pacific/Auckland"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    for path in before:
        size = f"{path.stat().st_size / 1e6:.1f} MB"
        assert f"{path.relative_to(packed_course)} ({size})" in done.stdout.splitlines()
        assert path.stat().st_size < 2e6, "a zip that a phone's connection can carry"
