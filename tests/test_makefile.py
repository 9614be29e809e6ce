"""make, where something is not as it should be: it says so, and what to do.

Nothing is installed here: a stand-in takes the place of the Python that would.
"""

import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
REAL = os.path.realpath(sys.executable)
OLDEST, NEWEST = (
    re.search(rf"^{name} := (.*)$", MAKEFILE, re.MULTILINE)[1] for name in ("OLDEST", "NEWEST")
)
# Does what is asked, but makes no environment and installs nothing.
STAND_IN = f"""#!/bin/sh
case "$*" in
    *venv*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "$0" .venv/bin/npm;;
    *pip* | ci*) ;;
    *) exec {REAL} "$@";;
esac
"""
OTHER = f"#!{REAL}\nimport sys\nsys.version_info = ({{version}}, 0)\nexec(sys.argv[2])\n"
MADE = "-m venv --clear .venv"


@pytest.fixture
def course(tmp_path) -> Path:
    """A folder with what make needs to install; its path holds a space."""
    folder = tmp_path / "a course"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def python(tmp_path):
    """Return a function that writes a program that stands in for a Python."""

    def write(text: str = STAND_IN, name: str = "my python") -> str:
        path = tmp_path / name
        path.write_text(text)
        path.chmod(0o755)
        return str(path)

    return write


def make(folder: Path, *words: str, path: Path | None = None) -> subprocess.CompletedProcess:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=environment | ({"PATH": f"{path}:{os.environ['PATH']}"} if path else {}),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def installed(folder: Path, python: str) -> None:
    done = make(folder, ".venv/.ready", f"PYTHON={python}")
    assert done.returncode == 0 and MADE in done.stdout, done.stdout


def test_what_is_installed_is_not_installed_again(course, python):
    installed(course, python())
    for given in ([], [f"PYTHON={python()}"], [f"PYTHON={REAL}"]):
        assert "is up to date" in make(course, ".venv/.ready", *given).stdout
    os.utime(course / "requirements.txt", (2**31, 2**31))
    said = make(course, "-n", ".venv/.ready").stdout
    assert "pip install" in said and MADE not in said


def test_a_python_that_is_given_counts_and_one_that_is_not_does_not(course, python):
    installed(course, python())
    other = python(OTHER.format(version="3, 12"), "python3")
    assert MADE in make(course, "-n", ".venv/.ready", f"PYTHON={other}").stdout
    assert "is up to date" in make(course, ".venv/.ready", path=Path(other).parent).stdout


def test_an_environment_that_cannot_serve_is_made_anew(course, python, tmp_path):
    installed(course, python())
    moved = course.rename(tmp_path / "moved")
    assert MADE in make(moved, "-n", ".venv/.ready").stdout
    moved.rename(course)
    assert "is up to date" in make(course, ".venv/.ready").stdout
    (course / ".venv/bin/python").unlink()
    (course / ".venv/bin/python").symlink_to("/usr/bin/python3.1")  # the system has a newer one now
    assert MADE in make(course, "-n", ".venv/.ready").stdout
    (course / ".venv/.ready").unlink()  # it was interrupted
    assert MADE in make(course, "-n", ".venv/.ready").stdout
    shutil.move(course / ".venv", tmp_path / "theirs")
    (course / ".venv").symlink_to(tmp_path / "theirs")
    assert MADE not in make(course, "-n", ".venv/.ready").stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There is no {python} here: name a Python, as in make PYTHON=/path/to/python3"),
        ("#!/bin/sh\nexit 127\n", "{python} is there, but does not run."),
        (OTHER.format(version="3, 9"), "{python} is Python 3.9; this course runs on {range}."),
        (OTHER.format(version="3, 14"), "{python} is Python 3.14; this course runs on {range}."),
    ],
    ids=["missing", "broken", "older", "newer"],
)
def test_a_python_that_cannot_serve_is_refused_in_words(course, python, text, said):
    given = python()
    installed(course, given)
    other = python(text, "other") if text else "/nowhere/python3"
    done = make(course, "book", f"PYTHON={other}")
    assert done.returncode == 2
    assert said.format(python=other, range=f"{OLDEST} to {NEWEST}") in done.stdout
    assert "Traceback" not in done.stdout
    assert "is up to date" in make(course, ".venv/.ready").stdout  # what was there still is


def test_the_pythons_that_are_accepted_are_the_same_everywhere():
    low, high = (int(each.split(".")[1]) for each in (OLDEST, NEWEST))
    for name in ("pyproject.toml", "autograder/pyproject.toml"):
        project = tomllib.loads((ROOT / name).read_text())["project"]
        assert project["requires-python"] == f">={OLDEST},<3.{high + 1}"
        listed = [each.split(" :: ")[-1] for each in project.get("classifiers", [])]
        assert listed in ([], [f"3.{minor}" for minor in range(low, high + 1)])
    for name in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {OLDEST} to {NEWEST}" in (ROOT / name).read_text()
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == [OLDEST, NEWEST]


def test_pip_tells_a_person_what_it_does_and_a_log_only_that_it_takes_long(course, python):
    done = make(course, ".venv/.ready", f"PYTHON={python()}")
    assert "about 6 GB. That takes some minutes." in done.stdout
    assert "pip install --quiet --requirement requirements.txt" in done.stdout
    make(course, "clean-venv")
    shown = bytearray()

    def read(terminal: int) -> bytes:
        piece = os.read(terminal, 4096)
        shown.extend(piece)
        return piece

    pty.spawn(["make", "-C", str(course), ".venv/.ready", f"PYTHON={python()}"], read)
    assert b"pip install --requirement requirements.txt" in shown


def test_cleaning_says_what_is_left_and_how_to_remove_it(course, python):
    installed(course, python())
    (course / "_build").mkdir()
    assert "Left: .venv, which make clean-venv removes" in make(course, "clean").stdout
    assert not (course / "_build").exists() and (course / ".venv/.ready").exists()
    make(course, "clean-venv")
    assert not (course / ".venv").exists()


@pytest.fixture
def site(course) -> Path:
    """A course with a site, and what is installed here."""
    (course / ".venv").symlink_to(ROOT / ".venv")
    for name in ("pyproject.toml", "requirements.txt", "package-lock.json"):
        os.utime(course / name, (0, 0))
    (course / "_build/html").mkdir(parents=True)
    (course / "_build/html/index.html").write_text("the site")
    return course


def test_a_port_that_is_taken_is_told_with_a_way_out_and_another_serves(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = make(site, "serve", f"PORT={port}")
    assert done.returncode == 2 and "Traceback" not in done.stdout
    assert (
        f"Port {port} is taken or not allowed: choose another, as in make serve PORT="
        in done.stdout
    )
    with subprocess.Popen(
        ["make", "serve", f"PORT={port}"],  # it is free now
        cwd=site,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
    ) as server:
        try:
            for line in server.stdout:
                if b"Serving HTTP" in line:
                    break
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}").read() == b"the site"
        finally:
            os.killpg(server.pid, 15)


def test_lint_refuses_what_the_oldest_python_does_not_have(site):
    for room in ("autograder", "book", "lrlab", "tests"):
        (site / room).mkdir()
    (site / "nbgrader_config.py").touch()
    assert make(site, "lint").returncode == 0
    (site / "lrlab/new.py").write_text("import itertools\n\npairs = itertools.batched([1], 2)\n")
    done = make(site, "lint")
    assert done.returncode == 2 and "'itertools.batched' member requires !2, 3.12" in done.stdout
