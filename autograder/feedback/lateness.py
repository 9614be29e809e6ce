"""The note on lateness that formgrader shows above a submission: not a part of the graded notebook."""

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool

from autograder.late.words import told


class LatenessNote(Preprocessor):
    """Puts how late it is, and what that costs, above a submission that a person looks at."""

    enabled = Bool(True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the note, where formgrader is what shows it."""
        if submission := resources.get("submission_id"):
            course = CourseDirectory(config=self.config)
            with Gradebook(course.db_url, course.course_id) as gradebook:
                found = gradebook.find_submission_notebook_by_id(submission)
                penalty = found.late_submission_penalty or 0.0
                said = told(found.assignment, penalty, self.config)
            if said:
                nb.cells.insert(0, new_markdown_cell(f"**{said}**"))
        return nb, resources
