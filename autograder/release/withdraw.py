"""Takes an assignment back, so that it can be released again with other checks or another master.

Nobody can fetch it then, nor hand it in, through nbgrader's exchange. Nothing is lost: not what was
handed in, nor a grade. Whoever is graded by then is graded anew once the checks have changed.
"""

import glob
from pathlib import Path

from nbgrader.apps import AutogradeApp
from nbgrader.auth import Authenticator
from nbgrader.converters.base import NbGraderException
from nbgrader.exchange import ExchangeFactory

from autograder.course import masters, released
from autograder.grading.workers import Grading
from autograder.withdrawn import withdraw_graders


def withdraw(assignment: str) -> list[str]:
    """Withdraw an assignment of the course in the current folder; return what to tell.

    Raises LookupError when there is no such assignment, and ExchangeError or OSError when the exchange
    cannot be changed.
    """
    grading = Grading(assignment)
    app, course = grading.app, grading.app.coursedir
    if "/" in assignment or not (masters(course, assignment) or released(course, assignment)):
        raise LookupError(f"There is no assignment {assignment}.")
    try:
        students = grading.converter.students()
    except NbGraderException:  # nobody has handed in
        students = []
    graded = grading.converter.graded(assignment, students)
    if graded:
        withdraw_graders(Path(course.root), assignment, set(graded.values()))
    stays = (
        f"{len(students)} have handed it in, {len(graded)} of them are graded. All of that stays; when "
        "the checks have changed, the next grading grades these anew."
    )
    if not _taken_from_exchange(app, assignment):
        return [f"{assignment} is in no exchange, so nobody fetches it there.", stays]
    withdrawn = (
        f"{assignment} is withdrawn: until it is released again, nobody can fetch it or hand it in. "
        "Who has fetched it keeps that copy."
    )
    return [withdrawn, stays]


def _taken_from_exchange(app: AutogradeApp, assignment: str) -> bool:
    """Have nbgrader remove what students fetch; return whether there was any."""
    course = app.coursedir
    if not course.course_id:  # nbgrader would remove it from every course
        return False
    course.assignment_id, course.student_id = glob.escape(assignment), ""
    factory, authenticator = ExchangeFactory(parent=app), Authenticator(parent=app)
    lister = factory.List(coursedir=course, authenticator=authenticator, parent=app)
    if not Path(getattr(lister, "root", "/")).is_dir():
        return False
    lister.remove = True
    return bool(lister.start())
