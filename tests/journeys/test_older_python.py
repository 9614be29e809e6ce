"""Grading on an older Python, where the machine has one: on Debian 12 that is 3.11.2.

What a release of Python added to the last but one no tool looks for in a source: vermin, in `make
lint`, knows 3.11 and 3.12. It runs with our packages, so only one of our own minor version can.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
NAME = "lr01_first_step"
OURS, SCRIPTS = sysconfig.get_path("purelib"), sysconfig.get_path("scripts")


@pytest.fixture
def older(tmp_path) -> Path:
    """An environment of the system's Python, with our packages."""
    found = shutil.which("python{}.{}".format(*sys.version_info), path="/usr/bin:/usr/local/bin")
    tell = [found or sys.executable, "-c", "import sys; print(sys.version_info[:3])"]
    version = subprocess.run(tell, check=True, capture_output=True, text=True).stdout.strip()
    if version == str(sys.version_info[:3]):
        pytest.skip(f"there is no other Python {version} than ours")
    folder = tmp_path / "older python"
    subprocess.run([found, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "ours.pth").write_text(f"import site; site.addsitedir({OURS!r})\n")
    return folder / "bin" / "python"


def test_a_class_is_graded(older, tmp_path):
    course = tmp_path / "a course"
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for room in (f"solutions/{NAME}", "autograder"):
        shutil.copytree(ROOT / room, course / room, ignore=skip)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    right = (ROOT / "solutions" / NAME / f"{NAME}.ipynb").read_text()
    for student, text in {"ann": right, "bob": right.replace(r"answer_q1 = \"B\"", "pass")}.items():
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(text)
        (folder / "notes of mine.txt").write_text("taken along")
    done = subprocess.run(
        [older, "-m", "nbgrader", "autograde", NAME],
        cwd=course,
        # nbgrader starts alembic by its name. Of other folders, a sandbox shows TORCH_HOME.
        env=os.environ | {"PATH": f"{SCRIPTS}:{os.environ['PATH']}", "TORCH_HOME": OURS},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions(NAME)}
        (most,) = {each.max_score for each in gradebook.assignment_submissions(NAME)}
    assert scores["ann"] == most > scores["bob"] > most / 2
