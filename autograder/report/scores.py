"""Final scores, with manual grades and late penalties, from nbgrader's gradebook."""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from sqlalchemy.engine import make_url

from autograder.course import course_directory
from autograder.late.penalties import count_lateness
from autograder.report.by_hand import ByHand, by_hand, is_open
from autograder.report.titles import questions


@dataclass(frozen=True)
class Score:
    """One student of the gradebook. ``score`` is None while there is none to report.

    so_far: the same, but with 0 points for each item that waits for a person.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    score: float | None
    so_far: float | None
    max_score: float
    by_hand: ByHand


def final_scores(root: Path, assignment: str) -> list[Score]:
    """Return every student of the gradebook, in order of their ids.

    Lateness counts by the rule of now. Raises LookupError when there is no gradebook, or it does not
    know the assignment.
    """
    course = course_directory(root)
    asked = questions(course, assignment)
    url = make_url(course.db_url)
    first = f"run python -m autograder merge {assignment} first"
    # Gradebook() would make an empty one, and nbgrader_config.py takes any file for a full one.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise LookupError(f"there is no gradebook at {url.database}: {first}")
    count_lateness(course, course.config, assignment)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            max_score = gradebook.find_assignment(assignment).max_score
        except MissingEntry:
            raise LookupError(f"the gradebook has no assignment {assignment}: {first}") from None
        submissions = {
            submission.student_id: submission
            for submission in gradebook.assignment_submissions(assignment)
            if not _is_date_alone(submission)
        }
        decided = {
            student: by_hand(each, asked, course.config) for student, each in submissions.items()
        }
        return [
            Score(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                student.lms_user_id or "",
                *score_of(submissions.get(student.id)),
                max_score,
                decided.get(student.id, ByHand()),
            )
            for student in sorted(gradebook.students, key=lambda student: student.id)
        ]


def _is_date_alone(submission: SubmittedAssignment) -> bool:
    """Return whether a student has a due date of their own, and has handed in nothing yet."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    scored = any(each.auto_score is not None or each.manual_score is not None for each in grades)
    return bool(submission.extension) and submission.timestamp is None and not scored


def score_of(submission: SubmittedAssignment | None) -> tuple[float | None, float | None]:
    """Return a final score, None while an item waits for one; and the one of nbgrader's exporter."""
    grades = (
        [grade for notebook in submission.notebooks for grade in notebook.grades]
        if submission
        else []
    )
    if not grades:
        return None, None
    so_far = max(0.0, submission.score - submission.late_submission_penalty)
    return None if any(map(is_open, grades)) else so_far, so_far
