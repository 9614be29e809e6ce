"""Due dates and lateness by the clocks of a place, on the two odd days of the year too."""

from datetime import UTC, datetime, timedelta

import pytest

from autograder.late.clock import between, parse_utc, zone_named
from autograder.late.words import how_late, moment

BERLIN = zone_named("Europe/Berlin")


def at(text: str) -> datetime:
    """Return a moment, said in UTC, by Berlin's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(BERLIN)


@pytest.mark.parametrize(
    ("since", "came", "begun", "said"),
    [
        ("2026-12-01T17:00:00", "2026-12-01T17:00:00.5", 1, "less than a second"),
        ("2026-12-01T17:00:00", "2026-12-02T17:00:00", 1, "1 day"),
        ("2026-12-01T17:00:00", "2026-12-02T17:00:01", 2, "1 day 1 second"),
        ("2026-12-01T17:00:00", "2026-12-04T20:05:09", 4, "3 days 3 hours"),
        # The night of 25 October has 25 hours: 23:59 to 23:30 of the next day is one day.
        ("2026-10-24T21:59:00", "2026-10-25T22:30:00", 1, "24 hours 31 minutes"),
        ("2026-10-24T21:59:00", "2026-10-25T22:59:01", 2, "1 day 1 second"),
        # That of 29 March has 23: a day is over after 23 hours.
        ("2026-03-28T22:59:00", "2026-03-29T21:59:30", 2, "1 day 30 seconds"),
        # 2:30 is skipped on 29 March, and a day after 2:30 on the 28th ends at 3:30.
        ("2026-03-28T01:30:00", "2026-03-29T01:20:00", 1, "23 hours 50 minutes"),
        # Due in the first 2:30, handed in before the second: the clock shows an earlier time.
        ("2026-10-25T00:30:00", "2026-10-25T01:10:00", 1, "40 minutes"),
    ],
)
def test_a_day_of_lateness_ends_at_the_same_time_of_the_clock(since, came, begun, said):
    late = between(at(since), at(came))
    assert (late.days_begun, how_late(late)) == (begun, said)


def test_a_day_is_24_hours_where_no_clock_is_changed():
    since = datetime(2026, 10, 24, 21, 59, tzinfo=zone_named("UTC"))
    assert between(since, since + timedelta(hours=24, minutes=31)).days_begun == 2


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2026-12-01 18:00:00 UTC", "2026-12-01 18:00:00"),
        ("2026-12-01 18:00 Europe/Berlin", "2026-12-01 17:00:00"),
        ("2026-07-01T18:00 Europe/Berlin", "2026-07-01 16:00:00"),
        ("2026-12-01 18:00:00 +0100", "2026-12-01 17:00:00"),  # nbgrader: 100 seconds
        ("2026-12-01T18:00:00+01:00", "2026-12-01 17:00:00"),
        ("2026-12-01 18:00:00", "2026-12-01 18:00:00"),
        ("2026-12-01 18:00:00.250000 UTC", "2026-12-01 18:00:00.250000"),
        ("2026-03-29 02:30 Europe/Berlin", "2026-03-29 01:30:00"),  # the clock skips it
    ],
)
def test_a_date_is_read_with_its_zone(text, stored):
    assert parse_utc(text) == datetime.fromisoformat(stored)


def test_a_zone_that_there_is_not_is_no_utc():
    with pytest.raises(ValueError, match='"Europe/Berln" is no time zone'):
        parse_utc("2026-12-01 18:00 Europe/Berln")


def test_a_moment_is_said_with_its_zone():
    assert moment(at("2026-12-01T17:00:00")) == "1 December 2026 at 18:00 CET"
    assert moment(at("2026-07-01T16:00:05")) == "1 July 2026 at 18:00:05 CEST"
