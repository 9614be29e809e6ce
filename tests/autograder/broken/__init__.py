"""A class of broken submissions to one tiny assignment, and the course that grades them.

In every module but ``course`` and ``cases`` each function is a student. It gets the right notebook
as plain JSON and the folder that is handed in, and returns what the notebook's file shall hold;
None when it has written all itself. Beside it stand the status of its outcome, its points in the
order of ``FULL``, and a piece of what the student reads.
"""

import importlib
import pkgutil

from broken.cases import CASES, hand_in
from broken.course import FULL, NAME, make_course, right

for found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"broken.{found.name}")

__all__ = ["CASES", "FULL", "NAME", "hand_in", "make_course", "right"]
