"""Makes ``exercises/`` from ``solutions/``: what ``make release`` runs.

nbgrader generates all assignments in one call; this makes it, and removes what no master stands
behind any more. nbgrader also notes each assignment in ``gradebook.db``, which it makes when there
is none.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from autograder import ROOT


def release(root: Path = ROOT) -> list[str]:
    """Generate every assignment of the course in ``root``; return their names.

    Raises subprocess.CalledProcessError when nbgrader refuses one (it has said why).
    """
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*"]
    subprocess.run(command, cwd=root, check=True)
    names = sorted(path.stem for path in root.glob("solutions/*/*.ipynb"))
    for folder in root.glob("exercises/*"):
        if folder.is_dir() and folder.name not in names:
            shutil.rmtree(folder)
    return names
