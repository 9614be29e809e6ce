"""Puts back the test cells that a student deleted.

Without its cell nbgrader would keep an older score. nbgrader's own way puts a cell back after the
one before it, and fails when that one is gone too; the judge does not need the place, so here the
cells go to the end.
"""

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import OverwriteCells


class RestoreCells(OverwriteCells):
    """Stands where nbgrader's ``OverwriteCells`` stood, with ``add_missing_cells`` set."""

    def add_missing_grade_cells(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Append every graded cell of the gradebook that the submission does not hold."""
        present = {cell.metadata.nbgrader.grade_id for cell in nb.cells if utils.is_grade(cell)}
        master = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        sources = {cell.name: cell for cell in master.source_cells}
        written = {cell.name for cell in master.solution_cells}
        for graded in master.grade_cells:
            if graded.name not in present:
                self.log.warning("test cell '%s' was deleted; it is put back", graded.name)
                cell = self.missing_cell_transform(
                    sources[graded.name], graded.max_score, is_solution=graded.name in written
                )
                cell["id"] = graded.name
                nb.cells.append(cell)
        return nb, resources
