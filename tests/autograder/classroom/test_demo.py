"""`make classroom`: what it prints is true, and when it has ended nothing of it is left."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import PATIENCE, Person, Refused

from autograder import ROOT
from autograder.classroom import demo_place
from autograder.classroom.demo_class import COURSE, PEOPLE, free_ports
from autograder.classroom.hub.enter import ENTER, how
from autograder.classroom.hub.view import View

NAMES = [name for names in PEOPLE.values() for name in names]
NOBODY = f"demo-nobody-{os.getpid()}"


# What a shell runs in the background ignores Ctrl-C, unless it asks for it.
BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")


class Demo:
    """A demo that has printed all it has to say."""

    def __init__(self, process: subprocess.Popen):
        self.process, self.said = process, ""
        for line in process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                break
        else:
            pytest.fail(self.said)
        self.address = re.search(r"runs at (\S+)", self.said)[1]

    def person(self, name: str) -> Person:
        return Person(self.address, name, re.search(rf"{name} +(\S+)", self.said)[1])

    def interrupt(self) -> str:
        """Press Ctrl-C, impatiently, and return what is said after it."""
        for _ in range(3):
            self.process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        said = self.process.communicate(timeout=PATIENCE)[0]
        assert self.process.returncode == 0, said
        return said


def start(folder: Path, *before: str, **environment: str) -> subprocess.Popen:
    """Start a demo of the checkout in ``folder``, as a shell does in the background."""
    (port,) = free_ports(1)
    return subprocess.Popen(
        [
            *BACKGROUND,
            *before,
            sys.executable,
            "-m",
            "autograder.classroom",
            "demo",
            f"--port={port}",
        ],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def left() -> list[str]:
    """Return what there is on this machine of a demo that runs as root."""
    found = [
        each.pw_name for each in pwd.getpwall() if each.pw_name in (*NAMES, f"grader-{COURSE}")
    ]
    found += [str(each) for each in Path("/home").glob("demo-*") if each.name != NOBODY]
    found += [str(path) for path in Path("/sys/fs/cgroup").glob("**/classroom/demo-*")]
    if demo_place.AS_ROOT.exists():
        found.append(str(demo_place.AS_ROOT))
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if bytes(demo_place.AS_ROOT) in path.read_bytes():
                found.append((path.parent / "cmdline").read_text())
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="accounts need root: sudo -E .venv/bin/pytest ...")
def test_a_demo_that_was_killed_is_followed_by_one_that_works_and_leaves_nothing():
    killed = Demo(start(ROOT))
    os.killpg(killed.process.pid, signal.SIGKILL)
    killed.process.wait()
    assert len(left()) > len(NAMES)
    demo = Demo(start(ROOT))
    try:
        second = start(ROOT)
        assert "The demo runs already" in second.communicate(timeout=PATIENCE)[0]
        assert second.returncode == 1
        look_around(demo)
        assert "system account of their own" in demo.said
    finally:
        demo.interrupt()
    assert left() == []


def look_around(demo: Demo) -> None:
    """Use what the demo has printed, as whoever reads it."""
    instructor, *_, student = NAMES
    formgrader = re.search(r"formgrader: (\S+)", demo.said)[1]
    assert "/formgrader" in demo.person(instructor).ask("GET", formgrader)
    student = demo.person(student).start()
    assert list(student.assignments(COURSE)) == [("released", "lr01_first_step")]
    with pytest.raises(Refused):
        student.ask("GET", formgrader)
    passwords = [demo.said.split(name)[1].split()[0] for name in NAMES]
    assert len({*passwords}) == len(NAMES) and min(map(len, passwords)) >= 12


@pytest.fixture
def as_anybody(tmp_path) -> Iterator[tuple[Path, list[str], dict[str, str]]]:
    """A checkout of somebody who is not root: its folder, and how a command is run as them."""
    checkout = tmp_path / "checkout"
    skip = shutil.ignore_patterns("__pycache__")
    for name in ("autograder", "book", "exercises", "lrlab", "solutions"):
        shutil.copytree(ROOT / name, checkout / name, ignore=skip)
    for name in ("LICENSE", "_config.yml", "nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)
    if os.geteuid() != 0:
        yield checkout, [], {}
        return
    subprocess.run(["useradd", "--create-home", NOBODY], check=True)
    try:
        subprocess.run(["chown", "-R", NOBODY, checkout], check=True)
        pythons = {sys.prefix, sys.base_prefix, str(ROOT)}
        view = View(("/root",), tuple(pythons), (str(checkout), f"/home/{NOBODY}"))
        user = {"HOME": f"/home/{NOBODY}", "USER": NOBODY}
        yield checkout, [*ENTER], user | how(NOBODY, str(checkout), view, None, log=False)
    finally:
        demo_place.remove_account(NOBODY)


def test_without_root_one_user_runs_all_and_is_told_what_that_means(as_anybody):
    checkout, enter, environment = as_anybody
    told = start(checkout, *enter, **environment).communicate(timeout=PATIENCE)[0]
    assert "run npm ci in" in told  # no proxy is installed in this checkout
    (checkout / "node_modules").symlink_to(ROOT / "node_modules")
    demo = Demo(start(checkout, *enter, **environment))
    try:
        assert "Without root everybody's server runs as you" in demo.said
        look_around(demo)
    finally:
        demo.interrupt()
    assert not (checkout / "_build" / "classroom").exists()
