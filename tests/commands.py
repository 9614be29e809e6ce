"""The commands that tests run as a person would: in a folder, as a process of their own."""

import os
import subprocess
import sys
from pathlib import Path


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run one nbgrader command in ``folder``; return what it wrote, and fail when it fails."""
    environment = {
        key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
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
