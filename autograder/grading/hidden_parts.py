"""Which earlier tests a test needs: hidden parts may use names that earlier hidden parts defined.

nbgrader runs all tests in one process, so there such a name exists. Here each test runs in a fork of
its own; the earlier tests that define what it uses run first in the same fork.
"""

import ast
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url


def whole_cells(course: CourseDirectory, assignment: str) -> dict[str, dict[str, str]]:
    """Return the whole text of each locked cell, as it was when the assignment was released.

    By the notebook's name, then by the cell's. There is none where no gradebook is, as in a shard.
    """
    place = make_url(course.db_url)
    if place.get_backend_name() == "sqlite" and not Path(place.database).exists():
        return {}
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            notebooks = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            return {}
        return {
            notebook.name: {cell.name: cell.source for cell in notebook.source_cells if cell.locked}
            for notebook in notebooks
        }


def needed_before(cells: list[NotebookNode], tests: dict[str, str]) -> dict[str, list[str]]:
    """Return for each test the earlier ones to run before it, in their order.

    cells: those that run, test cells as released; ``tests``: whole texts of test cells by grade_id.
    """
    hidden: dict[str, str] = {}  # by name, the test whose hidden part was the last to define it
    needed: dict[str, list[str]] = {}
    for cell in cells:
        released = _bound(_tree(cell.source)) if cell.cell_type == "code" else set()
        hidden = {used: maker for used, maker in hidden.items() if used not in released}
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name not in tests:
            continue
        tree = _tree(tests[name])
        own = _bound(tree)
        makers = {hidden[used] for used in _loaded(tree) - own if used in hidden}
        wanted = makers.union(*(needed[maker] for maker in makers))
        needed[name] = [each for each in needed if each in wanted]
        hidden |= dict.fromkeys(own - released, name)
    return {name: [tests[each] for each in before] for name, before in needed.items()}


def _tree(source: str) -> ast.Module:
    """Return the syntax tree of a cell's text; an empty one of what is no Python."""
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _loaded(tree: ast.Module) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _bound(tree: ast.Module) -> set[str]:
    """Return the names that a module's own level binds, also within loops and conditions."""
    names, nodes = set(), list(tree.body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
        elif not isinstance(node, ast.Lambda):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            nodes += ast.iter_child_nodes(node)
    return names
