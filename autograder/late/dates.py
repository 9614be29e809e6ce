"""Sets when an assignment is due, for everyone or for one student: nbgrader's due date and extension."""

from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.course import masters
from autograder.late.clock import ZONED, aware, parse_utc, zone_of
from autograder.late.words import moment

NEVER, EXCUSED = "none", "excused"
LONG = timedelta(days=36_500)  # with which nobody is late


def set_due(course: CourseDirectory, assignment: str, when: str, student: str | None) -> str:
    """Set the due date of everyone or of one ``student``; return a sentence about it.

    when: a time, in the course's zone where it names no other; "none" takes the date away, a student's
    own one too; "excused" has a student never be late. Raises ValueError when it is none of these, and
    LookupError when the gradebook has no such assignment or student, or there is no date to move.
    """
    zone = zone_of(course.config)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        if student is None:
            return _for_everyone(gradebook, course, assignment, _time(when, zone))
        try:
            everyone = gradebook.find_assignment(assignment).duedate
            gradebook.find_student(student)
        except MissingEntry as error:
            raise LookupError(f"The gradebook does not know it: {error.args[0]}.") from None
        if everyone is None:
            raise LookupError(f"{assignment} has no due date yet: set everyone's first.")
        own = None if when == EXCUSED else _time(when, zone)
        more = LONG if when == EXCUSED else own - everyone if own else timedelta()
        gradebook.update_or_create_submission(assignment, student)
        gradebook.grant_extension(assignment, student, minutes=more / timedelta(minutes=1))
    if when == EXCUSED:
        return f"{student} is never late with {assignment}."
    said = moment(aware(own or everyone, zone))
    return f"{student}'s date for {assignment} is {said}{'' if own else ', as everyone’s'}."


def _for_everyone(
    gradebook: Gradebook, course: CourseDirectory, assignment: str, due: datetime | None
) -> str:
    try:
        gradebook.find_assignment(assignment)
    except MissingEntry:
        if not masters(course, assignment):  # nbgrader would add whatever is typed
            raise LookupError(f"There is no assignment {assignment}.") from None
    gradebook.update_or_create_assignment(assignment, duedate=due)
    if due is None:
        return f"{assignment} has no due date: nobody is late."
    return f"{assignment} is due on {moment(aware(due, zone_of(course.config)))}."


def _time(text: str, zone: tzinfo) -> datetime | None:
    """Return a time as nbgrader stores it, or None for the word that takes one away."""
    if text == NEVER:
        return None
    try:
        if ZONED.fullmatch(text.strip()):
            return parse_utc(text)
        stated = parser.parse(text)
    except (parser.ParserError, OverflowError):
        raise ValueError(
            f'"{text}" is no time: write one like "2026-12-01 18:00", with a zone like '
            '"Europe/Berlin" behind it where it is not the course\'s.'
        ) from None
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=zone)
    return stated.astimezone(UTC).replace(tzinfo=None)
