"""A step of ``GenerateAssignment``: the chapters that a master's text names become links.

Only in cells that nbgrader does not know: what it locks or gives points for is the master's word for
word, so that where the book is published changes no question and makes nobody due.
"""

from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.chapters import Chapters


class LinkChapters(NbGraderPreprocessor):
    """Links what ``autograder.chapters`` finds; ``resources["root"]`` is the course's folder."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with links in its text."""
        chapters = Chapters.of(Path(resources["root"]))
        for cell in nb.cells:
            if cell.cell_type == "markdown" and "nbgrader" not in cell.metadata:
                cell.source = chapters.markdown(cell.source)
        return nb, resources
