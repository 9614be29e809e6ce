"""nbgrader's ``SaveCells``, made to follow a master whose questions change after some handed in.

nbgrader refuses to add or remove a cell once there is a submission. Here the gradebook gets what it
needs instead: a question that was added waits for a score, so every submission is due again, and
of one that was taken out nothing stays. Which grades must not go, ``generator`` has looked at. Where
points have changed, the instructor is told what else says the older ones (``points``).
"""

from nbformat import NotebookNode
from nbgrader.api import (
    Comment,
    Grade,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    TaskCell,
)
from nbgrader.preprocessors import SaveCells as StockSaveCells

from autograder.release.points import items_of, still_said


class SaveCells(StockSaveCells):
    """Adds and removes cells of a notebook that was handed in, before nbgrader looks."""

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        self._say_points(nb, notebook)
        if notebook and notebook.submissions:
            self._follow(notebook)
        super()._create_notebook(nb)

    def _follow(self, notebook: Notebook) -> None:
        """Make the cells of ``notebook`` those of the master, for all who handed it in."""
        graded = (
            (GradeCell, notebook.grade_cells, self.new_grade_cells),
            (TaskCell, notebook.task_cells, self.new_task_cells),
        )
        kinds = (
            *graded,
            (SolutionCell, notebook.solution_cells, self.new_solution_cells),
            (SourceCell, notebook.source_cells, self.new_source_cells),
        )
        self._say_what_changes(graded, len(notebook.submissions))
        database = self.gradebook.db
        for _, stored, new in kinds:
            for cell in [cell for cell in stored if cell.name not in new]:
                for each in (*getattr(cell, "grades", ()), *getattr(cell, "comments", ())):
                    database.delete(each)
                database.delete(cell)
        database.flush()
        for kind, stored, new in kinds:
            for name in sorted(new.keys() - {cell.name for cell in stored}):
                cell = kind(name=name, notebook=notebook, **new[name])
                database.add(cell)
                database.flush()
                for submission in notebook.submissions:
                    if kind in (GradeCell, TaskCell):
                        database.add(Grade(cell_id=cell.id, notebook=submission))
                    if kind in (SolutionCell, TaskCell):
                        database.add(Comment(cell_id=cell.id, notebook=submission))
        database.commit()
        database.expire_all()

    def _say_what_changes(self, kinds: tuple, submissions: int) -> None:
        """Tell the instructor which questions come and go, and for how many."""
        for _, stored, new in kinds:
            before = {cell.name: cell.max_score for cell in stored}
            for name in sorted(before.keys() - new.keys()):
                self.log.warning(
                    "%s is taken out: its points no longer count, for all %d submissions.",
                    name,
                    submissions,
                )
            for name in sorted(new.keys() - before.keys()):
                self.log.warning(
                    "%s is new: %d submissions have no score for it and are due again.",
                    name,
                    submissions,
                )

    def _say_points(self, nb: NotebookNode, notebook: Notebook | None) -> None:
        """Tell which items have other points than before, for whom, and what texts still say."""
        stored = [*notebook.grade_cells, *notebook.task_cells] if notebook else []
        now, had = items_of(nb.cells), {cell.name: cell.max_score for cell in stored}
        changed = {name: had[name] for name in now if had.get(name, now[name]) != now[name]}
        for name, points in changed.items():
            self.log.warning("%s has %g points, and had %g.", name, now[name], points)
        if changed and (graded := len(notebook.submissions)):
            self.log.warning(
                "%d submissions keep their older scores until %s is graded again with --force.",
                graded,
                self.assignment_id,
            )
        for sentence in still_said(nb.cells, changed):
            self.log.warning("%s.ipynb, %s.", self.notebook_id, sentence)
