"""Notebooks as git keeps them, whatever JupyterLab has written into the files since."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = re.search(r"^STRIP := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]


def strip(*paths: Path) -> None:
    """Take out of notebooks what `make clean-notebooks` takes out of ours."""
    subprocess.run([sys.executable, *shlex.split(OPTIONS.replace("\\\n", "")), *paths], check=True)


def kept(path: Path) -> str:
    """Return a notebook of ours as the next commit has it; a new one as it is on disk."""
    staged = subprocess.run(
        ["git", "show", f":./{path.name}"], cwd=path.parent, check=False, capture_output=True
    )
    return (staged.stdout if staged.returncode == 0 else path.read_bytes()).decode()
