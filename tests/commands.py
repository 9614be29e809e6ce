"""The commands that tests run as a person would: in a folder, as a process of their own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def nbgrader(folder: Path, *arguments: str, rights: Sequence[str] = ()) -> str:
    """Run one nbgrader command in ``folder``; return what it wrote, and fail when it fails.

    rights: the words before the command, of a program that changes what it may do.
    """
    return _run(folder, "nbgrader", *arguments, rights=rights)


def autograder(folder: Path, *arguments: str, rights: Sequence[str] = ()) -> str:
    """Run one of our own commands in the course ``folder``, as ``nbgrader`` does."""
    return _run(folder, "autograder", *arguments, rights=rights)


def _run(folder: Path, module: str, *arguments: str, rights: Sequence[str] = ()) -> str:
    environment = {
        key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))
    }
    done = subprocess.run(
        [*rights, sys.executable, "-m", module, *arguments],
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
