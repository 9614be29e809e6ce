"""Has the rule for late work, as it is now, count for everyone who is graded.

nbgrader asks for a penalty when a submission is graded, and never again: not when the rule or a due
date changes, nor when a person gives points later. So this is done after each grading, and before
anything that people read is made.
"""

import logging

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.changes import Change, Grades, grades_of, has_page, record
from autograder.late.clock import lateness, zone_of

WHY = "what lateness costs changed"
QUIET = logging.getLogger(__name__)
QUIET.setLevel(logging.CRITICAL)  # nbgrader says who is late when it grades


def assign_penalties(
    course: CourseDirectory, config: Config, assignment: str, student: str | None = None
) -> dict[str, tuple[float, float]]:
    """Take off what lateness costs now, for everyone or one ``student``.

    config: the settings that hold the rule; nbgrader's commands make ``course`` before they read them.
    Returns whose penalty changed, each with the points that were taken off before, and are now.
    """
    with Gradebook(course.db_url, course.course_id) as gradebook:
        before = _penalties(gradebook, config, assignment, student)
    step = AssignLatePenalties(config=config)
    step.log = QUIET
    for each, (_, notebooks) in before.items():
        for name in notebooks:
            names = {"assignment": assignment, "student": each, "notebook": name}
            step.preprocess(new_notebook(), {"nbgrader": {**names, "db_url": course.db_url}})
    if not before:
        return {}
    with Gradebook(course.db_url, course.course_id) as gradebook:
        now = {
            each: gradebook.find_submission(assignment, each).late_submission_penalty
            for each in before
        }
    return {
        each: (had, now[each])
        for each, (had, _) in before.items()
        if round(had, 6) != round(now[each], 6)
    }


def count_lateness(
    course: CourseDirectory, config: Config, assignment: str, student: str | None = None
) -> dict[str, Change]:
    """Assign penalties, and record the changes for students who were told another score."""
    changed = assign_penalties(course, config, assignment, student)
    found: dict[str, Change] = {}
    for each, (had, has) in changed.items():
        if not has_page(course, assignment, each):
            continue
        with Gradebook(course.db_url, course.course_id) as gradebook:
            now = grades_of(gradebook.find_submission(assignment, each))
        before = Grades(now.items, had)
        if change := record(course, assignment, each, WHY, before, Grades(now.items, has)):
            found[each] = change
    return found


def _penalties(
    gradebook: Gradebook, config: Config, assignment: str, student: str | None
) -> dict[str, tuple[float, list[str]]]:
    """Return the penalty, and the notebooks, of each student who is late or has paid for it."""
    try:
        found: list[SubmittedAssignment] = (
            [gradebook.find_submission(assignment, student)]
            if student is not None
            else gradebook.assignment_submissions(assignment)
        )
    except MissingEntry:
        return {}
    zone = zone_of(config)
    return {
        each.student_id: (
            each.late_submission_penalty,
            [notebook.name for notebook in each.notebooks],
        )
        for each in found
        if each.timestamp and (each.late_submission_penalty or lateness(each, zone))
    }
