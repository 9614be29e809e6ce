"""What all tests share: a browser, one thread, no progress bars, and only the wheel's data.

At the end the ten files that took longest are listed, from all processes.

A test that needs the real data sets says so itself; the rest must hold on any machine.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]

# Tests make and remove accounts. What does so may be on no PATH, as on Debian after `su`.
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"])

# Before torch is imported: two test processes with two threads each would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TQDM_DISABLE", "1")


@pytest.fixture(scope="module")
def browser():
    """Start the Chromium of this machine; each module has its own, as two cannot run at once."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("There is no chromium: run apt-get install chromium.", pytrace=False)
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with sync_playwright() as playwright:
        # A container run as root has no user namespace for Chromium's own sandbox.
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", *quiet])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def packed_course(tmp_path_factory) -> Path:
    """A copy of the course, with a zip of each assignment for students without a hub."""
    course = tmp_path_factory.mktemp("packed")
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for room in ("autograder", "book", "exercises", "lrlab"):
        shutil.copytree(ROOT / room, course / room, ignore=skip)
    for name in ("LICENSE", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, course)
    command = [sys.executable, "-m", "autograder", "hand_out"]
    done = subprocess.run(command, cwd=course, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="session")
def wheel(packed_course, tmp_path_factory) -> Path:
    """Install the wheel of lrlab that students are given, without pip; return the folder."""
    installed = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(next((packed_course / "_build" / "hand_out").iterdir())) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".whl"))
        zipfile.ZipFile(archive.open(name)).extractall(installed)
    return installed


@pytest.fixture(scope="session")
def students() -> Iterator[Path]:
    """Make the environment of students' servers, where every user of the machine can reach it."""
    from autograder.classroom import environment

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        environment.build(Path(folder, "students"), Path(folder, "exchange"))
        yield Path(folder, "students")


@pytest.fixture(scope="session")
def chapters_repository(tmp_path_factory) -> Path:
    """A repository of the chapters, made of a course in which all is committed, solutions too."""
    from autograder.classroom import chapters

    folder = tmp_path_factory.mktemp("published")
    course = folder / "course"
    for room in ("book", "solutions"):
        notebooks = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "runs")
        shutil.copytree(ROOT / room, course / room, ignore=notebooks)
    shutil.copy(ROOT / "LICENSE", course)
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (["init", "-q"], ["add", "--all"], [*author, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=course, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chapters, "ROOT", course)
        assert chapters.publish(str(folder / "chapters"))
    return folder / "chapters"


def pytest_terminal_summary(terminalreporter):
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                seconds[report.nodeid.split("::")[0]] += report.duration
    terminalreporter.section("slowest files")
    for name, duration in seconds.most_common(10):
        terminalreporter.line(f"{duration:6.0f} s  {name}")
