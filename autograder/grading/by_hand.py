"""What a person has to decide or to look at, as formgrader shows it.

A task waits for a person, and so does what nobody could judge: one item of a notebook that could
not be read, each that was not judged. In formgrader's lists such a submission "needs manual
grading", and one with a problem is flagged; its page begins with the note that says why.

nbgrader gives 0 to every item of a notebook that it does not find under its name, and takes that
back for no task: not when we find the notebook under another name, nor when it is handed in later.
"""

import json
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, TaskCell
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.grading.verdict_cells import NOTE
from autograder.submission.notebook import MARK


def settle(course: CourseDirectory, notebook: NotebookNode, resources: dict, older: Path) -> None:
    """Have a person's part of a notebook wait, and flag it when it has a problem.

    resources: as ``JudgeCells`` leaves them, or other steps of a course's own. older: where an earlier
    result lies, if there is one. What a person has graded stays, and so does a flag that no problem
    had raised. A person is asked to look again at what was graded by hand: nbgrader does so for every
    item but tasks.
    """
    problems, waiting = (resources.get(each, []) for each in ("problems", "waiting"))
    had_note = _has_note(older)
    if not (problems or had_note or any(map(_is_by_hand, notebook.cells))):
        return
    names = resources["nbgrader"]
    with Gradebook(course.db_url, course.course_id) as gradebook:
        found = gradebook.find_submission_notebook(
            names["notebook"], names["assignment"], names["student"]
        )
        found.flagged = bool(problems) or (found.flagged and not had_note)
        for grade in found.grades:
            if grade.manual_score is not None:
                grade.needs_manual_grade |= isinstance(grade.cell, TaskCell)
                continue
            if not notebook.metadata[MARK]["readable"]:
                grade.auto_score, grade.needs_manual_grade = 0, grade.name in waiting
            elif isinstance(grade.cell, TaskCell):
                grade.auto_score, grade.needs_manual_grade = None, True
            elif grade.name in waiting:
                grade.needs_manual_grade = True
        if not notebook.metadata[MARK]["readable"]:
            for comment in found.comments:
                comment.auto_comment = None  # "No response." is what nbgrader says there
        gradebook.db.commit()


def _is_by_hand(cell: NotebookNode) -> bool:
    return is_task(cell) or (is_grade(cell) and (is_solution(cell) or cell.cell_type != "code"))


def _has_note(older: Path) -> bool:
    """Return whether an older result begins with our note on problems."""
    try:
        cells = json.loads(older.read_bytes())["cells"]
    except (OSError, ValueError, KeyError):
        return False
    return any(cell.get("id") == NOTE for cell in cells[:1])
