"""What a check decides: parts with points and messages, and the text that a student reads.

Two kinds of failure are kept apart. ``StudentFailure``: the submission could not do what was asked;
the cell earns nothing and the sentence goes to the student. ``CheckError``: the fault is ours;
grading stops and the instructor reads it.

The cell in the notebook says how many points it has. A check says how they are shared: the points of
its parts are proportions, whatever they add up to.
"""

import math
import textwrap
from dataclasses import dataclass, replace

EXACT = 1e-9  # points; what adding fractions may be off by
WIDTH = 90  # a line in a notebook's output; the feedback page does not wrap longer ones


class StudentFailure(Exception):
    """The submission could not do what a check asked; the message is for the student.

    problem: a sentence for the instructor too, when somebody has to look at the submission.
    """

    def __init__(self, message: str, problem: str | None = None) -> None:
        super().__init__(message)
        self.problem = problem


class OutOfTime(StudentFailure):
    """The submission did not answer within its time."""


class CheckError(Exception):
    """A check or the judge is wrong; the message is for the instructor."""


@dataclass(frozen=True)
class Part:
    """One graded part of a cell: how many points it has, how many are earned, and why.

    In a check these are proportions; in a verdict they are the cell's points (``shared``).
    """

    points: float
    earned: float
    message: str


def part(points: float, right: object, yes: str, no: str) -> Part:
    """Return a part that earns all of its points and says ``yes``, or none and says ``no``."""
    return Part(points, points if right else 0.0, yes if right else no)


def failed(points: float, failure: Exception) -> Part:
    """Return a part that earns nothing and says, as a sentence, what the submission could not."""
    sentence = str(failure)
    return Part(points, 0.0, sentence[:1].upper() + sentence[1:] + ".")


def shared(parts: list[Part], grade_id: str, max_points: float) -> list[Part]:
    """Return ``parts`` with the cell's points shared among them, each in proportion to its own.

    Raises CheckError when ``parts`` is not a list of sound parts, or all of them are worth nothing:
    points are never made up for a check that is wrong.
    """
    where = f"the check of cell '{grade_id}'"
    if not isinstance(parts, list) or not all(isinstance(each, Part) for each in parts):
        raise CheckError(f"{where} must return a list of Part")
    for each in parts:
        sound = math.isfinite(each.points) and 0 <= each.earned <= each.points
        if not sound or not isinstance(each.message, str) or not each.message:
            raise CheckError(f"{where} returned an unsound part: {each}")
    offered = math.fsum(each.points for each in parts)
    if abs(offered - max_points) <= EXACT:
        return parts
    if offered == 0:
        raise CheckError(
            f"{where} gives all of its parts 0 points: no part of the cell's is theirs"
        )
    unit = max_points / offered
    return [replace(each, points=each.points * unit, earned=each.earned * unit) for each in parts]


def total(parts: list[Part], max_points: float) -> float:
    """Return the points that ``parts`` earn together: exactly ``max_points`` when all of them do."""
    earned = math.fsum(each.earned for each in parts)
    return max_points if earned > max_points - EXACT else round(earned, 6)


def as_text(points: float, max_points: float, parts: list[Part], how: str = "") -> str:
    """Return the verdict as the student reads it: the score, then each part, in narrow lines.

    how: by what kind of check, where it is not the judge's own.
    """
    first = f"{points:g} of {max_points:g} points" + (f", {how}" if how else "")
    return "\n".join([first, *map(line_of, parts)]) + "\n"


def line_of(each: Part) -> str:
    """Return one part of that text, in narrow lines."""
    score = f"  {each.earned:g}/{each.points:g}"
    return wrapped(f"{score:<10}{each.message}", indent=10)


def wrapped(text: str, indent: int) -> str:
    """Return ``text`` in lines of at most WIDTH characters, all but the first indented."""
    return textwrap.fill(
        text, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
