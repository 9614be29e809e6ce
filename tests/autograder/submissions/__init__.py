"""The classes that the tests grade: each student is the master with some answers written anew.

One module an assignment, named like it, with

- ``FULL``: the points of every graded cell;
- ``ANSWERS``: for each student, the cells that differ from the master, by id. A student without an
  entry in ``EXPECTED`` is right, written in another way, and gets full marks;
- ``EXPECTED``: for each graded cell of a student that is not fully right, its points and a piece of
  its message;
- ``SLOW``: a piece of the source of a cell that no answer needs, left out to save time, or None.
"""

import copy
import importlib
import pkgutil
from types import ModuleType

from nbformat import NotebookNode

CLASSES: dict[str, ModuleType] = {
    found.name: importlib.import_module(f"submissions.{found.name}")
    for found in pkgutil.iter_modules(__path__)
}


def build(master: NotebookNode, answers: dict[str, str], slow: str | None) -> NotebookNode:
    """Return ``master`` with the cells in ``answers`` replaced, and without the slow cell."""
    notebook = copy.deepcopy(master)
    assert answers.keys() <= {cell.id for cell in notebook.cells}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source).strip("\n")
    if answers and slow:
        notebook.cells = [cell for cell in notebook.cells if slow not in cell.source]
    return notebook


def graded_twice(name: str) -> str:
    """Return which student of a class is graded a second time."""
    return next(iter(CLASSES[name].EXPECTED))
