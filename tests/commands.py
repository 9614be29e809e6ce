"""The commands that tests run as a person would: in a folder, as a process of their own."""

import os
import subprocess
import sys
from pathlib import Path


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run one nbgrader command in ``folder``; return what it wrote, and fail when it fails."""
    return _run(folder, "nbgrader", *arguments)


def autograder(folder: Path, *arguments: str) -> str:
    """Run one of our own commands in the course ``folder``, as ``nbgrader`` does."""
    return _run(folder, "autograder", *arguments)


def _run(folder: Path, module: str, *arguments: str) -> str:
    environment = {
        key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))
    }
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        check=False,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
