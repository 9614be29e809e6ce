"""Items that a person grades: each waits for one, unless there is nothing to look at.

nbgrader gives 0 to every item of a notebook that it does not find under its name, and takes that
back for no task: not when we find the notebook under another name, nor when it is handed in later.
"""

from nbformat import NotebookNode
from nbgrader.api import Gradebook, TaskCell
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.submission.notebook import MARK


def settle(course: CourseDirectory, names: dict[str, str], notebook: NotebookNode) -> None:
    """Have the tasks of a notebook wait for a person; give 0 for all when it could not be read.

    names: of the assignment, the student and the notebook. What a person has graded stays.
    """
    if not any(map(_is_by_hand, notebook.cells)):
        return
    with Gradebook(course.db_url, course.course_id) as gradebook:
        found = gradebook.find_submission_notebook(
            names["notebook"], names["assignment"], names["student"]
        )
        for grade in found.grades:
            if grade.manual_score is not None:
                continue
            if not notebook.metadata[MARK]["readable"]:
                grade.auto_score, grade.needs_manual_grade = 0, False
            elif isinstance(grade.cell, TaskCell):
                grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()


def _is_by_hand(cell: NotebookNode) -> bool:
    return is_task(cell) or (is_grade(cell) and (is_solution(cell) or cell.cell_type != "code"))
