"""How late a submission is, what that costs and by which rule: the words that everybody reads."""

from datetime import datetime, timedelta

from nbgrader.api import SubmittedAssignment
from traitlets.config import Config

from autograder.late.clock import Late, lateness, zone_of
from autograder.late.policy import NOTHING, policy_of

UNITS = (("hour", 3600), ("minute", 60), ("second", 1))


def told(submission: SubmittedAssignment, penalty: float, config: Config) -> str:
    """Return sentences on a submission that is late, or nothing where it is not.

    penalty: the points that are taken off, of the whole submission or of one of its notebooks.
    """
    late = lateness(submission, zone_of(config))
    if late is None:
        return f"{points(penalty)} taken off, as it was handed in late." if penalty else ""
    whose = "your date for it was" if late.own else "it was due on"
    said = (
        f"Handed in {how_late(late)} late: {whose} {moment(late.since)}, and it came on "
        f"{moment(late.came)}."
    )
    rule = rule_of(config)
    if penalty:
        return f"{said} {points(penalty)} taken off: {rule}."
    return f"{said} That costs nothing{f' here: {rule}' if rule != NOTHING else ''}."


def rule_of(config: Config) -> str:
    """Return the rule of a course for late work."""
    return getattr(policy_of(config), "rule", "as this course's own rule says")


def how_late(late: Late) -> str:
    """Return a time as people say it, in its two largest units."""
    rest, said = late.rest // timedelta(seconds=1), []
    if late.days:
        said.append(_counted(late.days, "day"))
    for unit, length in UNITS:
        number, rest = divmod(rest, length)
        if number and len(said) < 2:
            said.append(_counted(number, unit))
    return " ".join(said) or "less than a second"


def moment(time: datetime) -> str:
    """Return an aware time as people write it, with its zone."""
    clock = f"{time:%H:%M:%S}" if time.second else f"{time:%H:%M}"
    return f"{time.day} {time:%B %Y} at {clock} {time:%Z}"


def points(number: float) -> str:
    """Return a number of points in words."""
    text = f"{round(number, 2):g}"
    return f"{text} point is" if text == "1" else f"{text} points are"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
