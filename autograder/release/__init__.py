"""Makes ``exercises/`` from ``solutions/``: what ``make release`` runs.

nbgrader generates all assignments in one call; this makes it, and removes what no master stands
behind any more. nbgrader also notes each assignment in ``gradebook.db``, which it makes when there
is none.

``generator``      nbgrader's ``GenerateAssignment``, made to leave the older release when it fails
``link_chapters``  its step that links the chapters of the book that a text names
``hand_out``       a zip of each assignment for students without a hub
``withdraw``       takes an assignment back, to release it again with other checks
``save_cells``     its step that writes to the gradebook, made to follow a change of the questions
``points``         where a notebook's text still says other points than its cells have
"""

import shutil
import subprocess
import sys
from pathlib import Path


def release(root: Path) -> list[str]:
    """Generate every assignment of the course in ``root``; return their names.

    Raises subprocess.CalledProcessError when nbgrader refuses one (it has said why); the others
    are released, and of the one that is refused the older release stays.
    """
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*"]
    subprocess.run(command, cwd=root, check=True)
    names = sorted(path.stem for path in root.glob("solutions/*/*.ipynb"))
    for folder in root.glob("exercises/*"):
        if folder.is_dir() and folder.name not in names:
            shutil.rmtree(folder)
    return names
