"""Due dates and times of handing in: stored in UTC by nbgrader, said and counted in the course's zone.

A day of lateness ends at the same time of the clock on the next day, also on the two days of the year
that have 23 or 25 hours.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser, tz
from nbgrader.api import SubmittedAssignment
from nbgrader.utils import parse_utc as stock_parse_utc
from traitlets.config import Config

ZONE = "UTC"  # nbgrader's default
ZONED = re.compile(r"(.*\d)\s+([A-Za-z]+(?:/[\w+-]+)+|UTC|[+-]\d\d:?\d\d)")


@dataclass(frozen=True)
class Late:
    """A submission that came ``days`` whole days of the clock, and a ``rest``, after ``since``.

    since, came: aware times in the course's zone; ``own``: whether the date is the student's own.
    """

    since: datetime
    came: datetime
    days: int
    rest: timedelta
    own: bool = False

    @property
    def days_begun(self) -> int:
        """How many days of lateness have begun."""
        return self.days + (self.rest > timedelta())


def zone_of(config: Config) -> tzinfo:
    """Return the time zone of a course: the one in which formgrader shows times.

    Raises ValueError when no such zone is known.
    """
    return zone_named(config.NbGraderAPI.get("timezone", ZONE))


def zone_named(name: str) -> tzinfo:
    """Return the time zone that is called ``name``; raise ValueError when there is none."""
    zone = tz.UTC if name == ZONE else tz.gettz(name) if name else None
    if zone is None:
        raise ValueError(f'"{name}" is no time zone: write one like "Europe/Berlin", or "UTC".')
    return zone


def parse_utc(text: datetime | str | None) -> datetime | None:
    """Return a time as nbgrader stores it; a text may end with a zone or its offset.

    nbgrader's own takes a zone that it does not know for UTC, and "+0100" for 100 seconds. Raises
    ValueError when the text is no time, or names no zone.
    """
    found = ZONED.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return stock_parse_utc(text)
    if found[2][0] in "+-":
        return stock_parse_utc(parser.parse(f"{found[1]}{found[2]}"))
    stated = parser.parse(found[1]).replace(tzinfo=zone_named(found[2]))
    return tz.resolve_imaginary(stated).astimezone(UTC).replace(tzinfo=None)


def lateness(submission: SubmittedAssignment, zone: tzinfo, grace: float = 0) -> Late | None:
    """Return how late a submission is after ``grace`` minutes, or None when it is not.

    Without a due date, or a time of handing in, nobody is late.
    """
    due = due_of(submission)
    if submission.timestamp is None or due is None:
        return None
    since = due + timedelta(minutes=grace)
    if submission.timestamp <= since:
        return None
    return between(
        aware(since, zone), aware(submission.timestamp, zone), bool(submission.extension)
    )


def due_of(submission: SubmittedAssignment) -> datetime | None:
    """Return when a submission is due: everyone's date, and what a student was given beyond it.

    nbgrader's own fails where everyone's date was taken away after somebody was given more.
    """
    due = submission.assignment.duedate
    return due and due + (submission.extension or timedelta())


def between(since: datetime, came: datetime, own: bool = False) -> Late:
    """Return how late ``came`` is, an aware time after ``since``."""
    days = max((came.date() - since.date()).days, 0)
    while days and _days_after(since, days) > came.astimezone(UTC):
        days -= 1
    return Late(since, came, days, came.astimezone(UTC) - _days_after(since, days), own)


def _days_after(since: datetime, days: int) -> datetime:
    """Return the same time of the clock ``days`` later; where the clock skips it, an hour later."""
    if not days:
        return since.astimezone(UTC)
    return tz.resolve_imaginary(since + timedelta(days=days)).astimezone(UTC)


def aware(stored: datetime, zone: tzinfo) -> datetime:
    """Return a time that nbgrader stored, as the clocks in ``zone`` show it."""
    return stored.replace(tzinfo=UTC).astimezone(zone)
