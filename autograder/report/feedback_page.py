"""The student's page: a grade by hand stands in place of what the judge said in the cell."""

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution

from autograder.report.by_hand import grades


class GradedByHand(NbGraderPreprocessor):
    """A step of nbgrader's ``GenerateFeedback``; ``nbgrader_config.py`` puts it there."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the person's points in place of the judge's."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            found = grades(
                gradebook.find_submission_notebook(
                    names["notebook"], names["assignment"], names["student"]
                )
            )
        for cell in nb.cells:
            grade = found.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if grade and grade.by_hand and cell.cell_type == "code" and not is_solution(cell):
                line = f"{grade.points:g} of {grade.max_points:g} points"
                line += ", graded by hand" if grade.given else ""
                line += f", {grade.extra:g} of them extra credit" if grade.extra else ""
                kept = [] if grade.given else cell.outputs
                cell.outputs = [new_output("stream", text=line + "\n"), *kept]
        return nb, resources
