"""What grading found, as the report and the exports need it: one entry a student.

``autograder.outcomes`` writes the files. Texts in them may hold anything that a student could make
Python print. Whatever leaves this module is one line of ordinary characters of bounded length, and
every number is finite.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.changes import CHANGES
from autograder.course import course_directory, items, released, students
from autograder.identity import without_marks
from autograder.outcomes import FOLDER, GRADED, PROBLEM, UNREADABLE, outcome_path

# What is one line to the eye must be one line: no control characters or halves of surrogate pairs.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
LONGEST = 600  # characters of one text
LONGEST_COMMENT = 10_000  # characters of what a person wrote on one answer
# Whatever a file that is not what grading wrote can raise, from no JSON to a number without end.
DAMAGES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)

DAMAGED, MISSING = "damaged", "missing"  # what is seen here only, beside what grading writes


@dataclass(frozen=True)
class Result:
    """One item of one submission: the points, and the messages of the parts that lost some.

    causes: the same with the cause of a message in its place, where grading found it.
    by_hand: whether a person decided on the points, who may give more than there are.
    """

    points: float
    max_points: float
    lost: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    by_hand: bool = False

    @property
    def share(self) -> float:
        """The earned share of the points, between 0 and 1."""
        return min(max(self.points / self.max_points, 0.0), 1.0)


@dataclass(frozen=True)
class Entry:
    """One submission. ``results``, in the notebook's order, is empty where nothing was judged."""

    student: str
    status: str
    problems: tuple[str, ...] = ()
    results: dict[str, Result] = field(default_factory=dict)
    seconds: float | None = None
    cpu: float | None = None


def read_entries(root: Path, assignment: str) -> dict[str, Entry]:
    """Return an entry for every student who handed something in, by id and in order of the ids.

    Raises FileNotFoundError when the assignment has not been graded at all.
    """
    folder = root / FOLDER / assignment
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{folder} does not exist: run python -m autograder grade {assignment} first"
        )
    names = notebook_names(root, assignment)
    graded = {path.stem for name in names for path in (folder / name).glob("*.json")}
    everyone = graded.union(students(course_directory(root), assignment))
    points = items(course_directory(root), assignment)
    if len(names) == 1:
        points = {name.partition("/")[2]: each for name, each in points.items()}
    return {
        student: _with_older_points(read_entry(root, assignment, names, student), points)
        for student in sorted(everyone)
    }


def _with_older_points(entry: Entry, points: dict[str, float]) -> Entry:
    """Return ``entry`` with a problem when it was graded before items had the ``points`` of now."""
    results = entry.results.items()
    other = [name for name, each in results if points.get(name, each.max_points) != each.max_points]
    if not other:
        return entry
    had = f"{', '.join(other)} had other points when it was graded: --force grades it again."
    return replace(entry, problems=(*entry.problems, clean(had)))


def notebook_names(root: Path, assignment: str) -> list[str]:
    """Return the names of an assignment's notebooks: the released ones, or else what was graded."""
    names = [path.stem for path in released(course_directory(root), assignment)]
    names = names or [each.name for each in (root / FOLDER / assignment).glob("*") if each.is_dir()]
    names = [each for each in names if each != CHANGES]
    return sorted(names) or [assignment]


def read_entry(root: Path, assignment: str, names: list[str], student: str) -> Entry:
    """Return what the outcomes of a student's notebooks say, or that one is damaged or missing."""
    found = [_read(outcome_path(root, assignment, name, student), student) for name in names]
    if len(found) == 1:
        return found[0]
    parts = dict(zip(names, found, strict=True))
    return Entry(
        clean(student),
        _status([each.status for each in found]),
        tuple(f"{name}: {problem}" for name, each in parts.items() for problem in each.problems),
        {
            f"{name}/{item}": result
            for name, each in parts.items()
            for item, result in each.results.items()
        },
        _sum([each.seconds for each in found]),
        _sum([each.cpu for each in found]),
    )


def _read(path: Path, student: str) -> Entry:
    try:
        return _parse(json.loads(path.read_bytes()), student)
    except FileNotFoundError:
        return Entry(clean(student), MISSING, ("It was handed in and has no outcome: grade it.",))
    except DAMAGES as error:
        name = type(error).__name__
        sentence = f"The file {path.name} cannot be used ({name}): grade this submission again."
        return Entry(clean(student), DAMAGED, (clean(sentence),))


def _status(statuses: list[str]) -> str:
    """Return the status of a submission of several notebooks."""
    if len(set(statuses)) == 1:
        return statuses[0]
    return next((each for each in (DAMAGED, MISSING) if each in statuses), PROBLEM)


def _sum(numbers: list[float | None]) -> float | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None


def clean(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` as one line that prints as it reads, cut after ``longest`` characters."""
    if not isinstance(text, str):
        raise TypeError("a text is missing")
    line = UNFIT.sub("\ufffd", without_marks(text))
    return line if len(line) <= longest else line[:longest] + " …"


def _parse(document: dict, student: str) -> Entry:
    if document["student"] != student:
        raise ValueError("the file is another student's")
    if document["status"] not in (GRADED, PROBLEM, UNREADABLE):
        raise ValueError("the status is unknown")
    used, verdicts = document.get("used") or {}, document["verdicts"]
    return Entry(
        clean(student),
        document["status"],
        tuple(clean(problem) for problem in document["problems"]),
        {
            clean(name): _result(verdicts[name])
            for name in _in_order(verdicts, document["notebook"]["cells"])
            if verdicts[name]["max_points"] != 0  # it asks for something and pays nothing
        },
        _number(used["seconds"]) if "seconds" in used else None,
        _number(used["cpu"]) if "cpu" in used else None,
    )


def _in_order(names: Iterable[str], cells: list[dict]) -> list[str]:
    """Return ``names`` in the order of the notebook; grading writes them in alphabetical order."""
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return sorted(names, key=lambda name: ids.index(name) if name in ids else len(ids))


def _result(verdict: dict) -> Result:
    points, max_points = _number(verdict["points"]), _number(verdict["max_points"])
    if not 0 <= points <= max_points:
        raise ValueError("the points are not between 0 and the most that can be earned")
    lost = {}  # what a student read, and what was behind it
    for part in verdict["parts"]:
        message, cause = clean(part["message"]), clean(part.get("cause", ""))
        if _number(part["earned"]) < _number(part["points"]):
            lost[message] = cause or message
    if points < max_points and not verdict["parts"]:  # never judged; the text says why
        lost = {(why := clean(verdict["text"].partition("\n")[2])): why}
    return Result(points, max_points, tuple(lost), tuple(dict.fromkeys(lost.values())))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a number is missing")
    return float(value)
