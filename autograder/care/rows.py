"""What the gradebook has of one student, changed in one transaction each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, delete, func, select, text, update
from sqlalchemy.engine import URL

ABOUT = ("first_name", "last_name", "email", "lms_user_id")


@contextmanager
def opened(course: CourseDirectory) -> Iterator[Gradebook]:
    """Open the course's gradebook; what is not committed at the end is as if it had not been."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        yield gradebook


def is_known(course: CourseDirectory, student: str) -> bool:
    """Return whether the gradebook has a student of this id."""
    with opened(course) as gradebook:
        try:
            gradebook.find_student(student)
        except MissingEntry:
            return False
        return True


def ensure(course: CourseDirectory, student: str) -> None:
    """Add a student whom the gradebook does not know yet, as one who was never graded."""
    with opened(course) as gradebook:
        if gradebook.db.get(Student, student) is None:
            gradebook.add_student(student)


def times(course: CourseDirectory, student: str) -> dict[str, datetime | None]:
    """Return when each submission came that the gradebook has of a student, by assignment."""
    with opened(course) as gradebook:
        return {each.name: each.timestamp for each in gradebook.student_submissions(student)}


def rename(course: CourseDirectory, old: str, new: str) -> None:
    """Give a student another id."""
    with opened(course) as gradebook:
        _hand_over(gradebook, old, new)
        gradebook.db.commit()


def merge(course: CourseDirectory, other: str, student: str, lost: dict[str, str]) -> None:
    """Give all that is ``other``'s to ``student``.

    lost: the assignments that both have, each with the one of the two whose submission goes.
    """
    with opened(course) as gradebook:
        for assignment, loser in lost.items():
            _remove(gradebook.db, gradebook.find_submission(assignment, loser).id)
        _hand_over(gradebook, other, student)
        gradebook.db.commit()


def write_grades(course: CourseDirectory, assignment: str, student: str, path: Path) -> bool:
    """Write what the gradebook has of one submission as JSON; return whether it has one."""
    with opened(course) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return False
        told = submission.to_dict()
        told["notebooks"] = [
            each.to_dict()
            | {"grades": [grade.to_dict() for grade in each.grades]}
            | {"comments": [comment.to_dict() for comment in each.comments]}
            for each in submission.notebooks
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, default=str), encoding="utf-8")
    return True


def count(url: URL, student: str) -> int | None:
    """Return how many submissions a gradebook has of a student; None of one whom it does not know."""
    with _connected(url) as connection:
        known = select(func.count()).select_from(Student).where(Student.id == student)
        if not connection.execute(known).scalar():
            return None
        found = select(func.count()).select_from(SubmittedAssignment)
        return connection.execute(found.where(SubmittedAssignment.student_id == student)).scalar()


def forget(url: URL, student: str) -> None:
    """Delete a student with all submissions, and have the gradebook's file forget the deleted text."""
    with _connected(url) as connection:
        mine = select(SubmittedAssignment.id).where(SubmittedAssignment.student_id == student)
        for (submission,) in connection.execute(mine).all():
            _remove(connection, submission)
        connection.execute(delete(Student).where(Student.id == student))
        connection.commit()
        # What SQLite deletes may stay readable in its file until this; PostgreSQL frees the place.
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("vacuum"))


def _hand_over(gradebook: Gradebook, old: str, new: str) -> None:
    """Make all submissions of one id another's, who may be new; the first id is gone then."""
    db = gradebook.db
    there = gradebook.find_student(old)
    about = {name: getattr(there, name) for name in ABOUT}
    if known := db.get(Student, new):
        for name, value in about.items():
            setattr(known, name, getattr(known, name) or value)
    else:
        db.add(Student(id=new, **about))
    db.flush()
    mine = SubmittedAssignment.student_id == old
    db.execute(update(SubmittedAssignment).where(mine).values(student_id=new))
    db.execute(delete(Student).where(Student.id == old))


def _remove(db: object, submission: str) -> None:
    """Delete one submission, each row before what it belongs to."""
    notebooks = select(SubmittedNotebook.id).where(SubmittedNotebook.assignment_id == submission)
    for kind in (Grade, Comment):
        db.execute(delete(kind).where(kind.notebook_id.in_(notebooks)))
    db.execute(delete(SubmittedNotebook).where(SubmittedNotebook.assignment_id == submission))
    db.execute(delete(SubmittedAssignment).where(SubmittedAssignment.id == submission))


@contextmanager
def _connected(url: URL) -> Iterator[object]:
    patience = {"timeout": 60} if url.get_backend_name() == "sqlite" else {}
    engine = create_engine(url, connect_args=patience)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
