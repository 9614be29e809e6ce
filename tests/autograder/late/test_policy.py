"""The rule for late work as a setting: what it takes off, and what is no rule."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from traitlets.config import Config

from autograder.late.policy import LatePolicy, check_policy

DUE = datetime(2026, 12, 1, 18)
DAY = {"kind": "per day", "per_day": "10 %"}


def policy(**settings: object) -> LatePolicy:
    """Return the rule of a course with these settings, as nbgrader makes it."""
    config = Config({"LatePolicy": settings})
    check_policy(config)
    return LatePolicy(config=config)


def submission(hours: float, score: float = 8.0, more: timedelta | None = None) -> SimpleNamespace:
    """Return a submission that came some hours after it was due."""
    return SimpleNamespace(
        assignment=SimpleNamespace(duedate=DUE),
        timestamp=DUE + timedelta(hours=hours),
        extension=more,
        score=score,
    )


@pytest.mark.parametrize(
    ("settings", "hours", "cost"),
    [
        ({}, 50, 0),
        ({"kind": "none"}, 50, 0),
        ({"kind": "grace"}, 0, 0),
        ({"kind": "grace"}, 0.01, 8),
        ({"kind": "grace", "grace": 15}, 0.25, 0),
        ({"kind": "grace", "grace": 15}, 0.26, 8),
        ({"penalty_method": "zero"}, 1, 8),  # nbgrader's own setting
        (DAY, -1, 0),
        (DAY, 1, 0.8),
        (DAY, 24, 0.8),
        (DAY, 25, 1.6),
        (DAY, 24 * 40, 8),
        (DAY | {"cap": "50 %"}, 24 * 40, 4),
        (DAY | {"cap": 1}, 25, 1),
        (DAY | {"grace": 60}, 1, 0),
        (DAY | {"grace": 60}, 25, 0.8),
        (DAY | {"per_day": 1.5}, 25, 3),
        (DAY | {"per_day": 1.5, "cap": 2}, 25, 2),
        (DAY | {"per_day": 5}, 25, 8),
    ],
)
def test_a_rule_takes_off_what_it_says(settings, hours, cost):
    assert policy(**settings).cost(submission(hours)) == pytest.approx(cost)


@pytest.mark.parametrize("settings", [{"kind": "grace"}, DAY, DAY | {"per_day": 3}])
def test_nothing_is_taken_off_where_nothing_is_or_nobody_is_late(settings):
    assert policy(**settings).cost(submission(50, score=0)) == 0
    assert policy(**settings).cost(submission(50, more=timedelta(days=3))) == 0
    for missing in ("timestamp", "duedate"):
        late = submission(50)
        setattr(late if missing == "timestamp" else late.assignment, missing, None)
        assert policy(**settings).cost(late) == 0


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({}, "nothing is taken off"),
        ({"kind": "grace", "grace": 15}, "work that is more than 15 minutes late earns nothing"),
        (DAY, "10 % of the points earned for each day begun"),
        (
            {"kind": "per day", "per_day": 1, "cap": 3, "grace": 60},
            "1 point for each day begun, counted from 60 minutes after the due date, at most 3 points",
        ),
    ],
)
def test_a_rule_is_said_in_words(settings, rule):
    assert policy(**settings).rule == rule


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"kind": "daily"}, "kind.* expected any of"),
        (
            DAY | {"per_day": "ten"},
            'per_day.*points, as 1.5, or a share of the points earned, as "10',
        ),
        (DAY | {"per_day": -1}, "per_day"),
        (DAY | {"per_day": True}, "per_day"),
        (DAY | {"cap": "120 %"}, "cap"),
        (DAY | {"cap": "nan %"}, "cap"),
        ({"grace": -5}, "grace"),
        ({"kind": "per day"}, "say in c.LatePolicy.per_day what a day costs"),
        ({"per_day": 1}, 'kind is "none", with which per_day and cap cost nobody anything'),
        ({"kind": "grace", "cap": 1}, 'kind is "grace"'),
        ({"perday": 1}, "no setting perday; it has kind, grace, per_day and cap"),
    ],
)
def test_what_is_no_rule_is_a_sentence(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        policy(**settings)


def test_a_zone_that_there_is_not_is_a_sentence():
    with pytest.raises(
        ValueError, match='"Berlin" is no time zone: write one like "Europe/Berlin"'
    ):
        check_policy(Config({"NbGraderAPI": {"timezone": "Berlin"}}))
