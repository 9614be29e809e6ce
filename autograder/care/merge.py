"""Two ids that are one student: of each assignment the newest submission counts, the other is kept."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder import outcomes
from autograder.care import CareError, rows
from autograder.care.places import ASIDE, STAGE, STAGED, Places, now, put_aside
from autograder.care.rename import Plan, asked_by_id, recover
from autograder.submission.files import TIMESTAMP, read_regular

LONGEST_TIME = 1_000  # bytes of a file that holds a time
NEVER = datetime.min


def merge(places: Places, other: str, student: str) -> list[str]:
    """Make ``other`` and ``student`` one, by the second id; return sentences to be read.

    What a submission has brought that does not count (files, grades, comments) is put aside. Raises
    CareError for an unknown id, and OSError when files cannot be moved: then nothing is done.
    """
    said = recover(places)
    if other == student:
        raise CareError(f"{student!a} is one id: name two.")
    for each in (other, student):
        if not rows.is_known(places.course, each):
            raise CareError(
                f"The gradebook knows no student {each!a}: nbgrader db student list names all."
            )
    plan, time = Plan(other, student), now()
    graded = {each: rows.times(places.course, each) for each in (other, student)}
    handed_in = {each: _submissions(places, each, graded[each]) for each in (other, student)}
    lost = {
        assignment: min(student, other, key=lambda each: handed_in[each][assignment])
        for assignment in sorted(handed_in[other].keys() & handed_in[student].keys())
    }
    plan.pairs += _moves(places, plan, sorted(handed_in[other]), lost, time)
    if places.uid(other) is None:
        plan.take_handed_in(places)
    else:  # the account says whose it is, so nothing of it is collected for the other one
        inbound = put_aside(places.exchange / "inbound", time)
        for path in places.handed_in(other):
            plan.pairs.append((path, inbound / f"{student}+{path.name}"))
    aside = places.root / f"gradebook{ASIDE}{time}"
    gone = {each: loser for each, loser in lost.items() if each in graded[loser]}
    try:
        for assignment, loser in gone.items():
            path = aside / student / f"{assignment}.json"
            rows.write_grades(places.course, assignment, loser, path)
        plan.carry_out(places, lambda: rows.merge(places.course, other, student, gone))
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    said.append(f"{other!a} is {student!a} now.")
    said += [
        f"{assignment}: the newer submission counts. That of {loser!a} is kept, with its grades, in "
        f"the folders whose names end in {ASIDE}{time}."
        for assignment, loser in lost.items()
    ]
    return said + asked_by_id(places, other, student)


def _submissions(
    places: Places, student: str, graded: dict[str, datetime | None]
) -> dict[str, datetime]:
    """Return when a student has handed in what there is, by assignment; where nobody knows, NEVER."""
    found = {name: time or NEVER for name, time in graded.items()}
    for step in places.steps.values():
        for name in places.assignments(step, student) if step != STAGE else ():
            found.setdefault(name, NEVER)
    for name, folder in places.assignments(places.steps["submitted"], student).items():
        try:
            found[name] = parse_utc(read_regular(folder / TIMESTAMP, LONGEST_TIME).decode().strip())
        except (OSError, ValueError, OverflowError):
            continue
    return found


def _moves(
    places: Places, plan: Plan, assignments: list[str], lost: dict[str, str], time: str
) -> Iterator[tuple[Path, Path]]:
    """Yield the renames that make room for what counts, and then bring it there."""
    other, student, moved = plan.old, plan.new, set()
    for assignment, theirs, own, aside in _pairs(places, plan, assignments, time):
        if lost.get(assignment) == student and own.exists():
            yield own, aside
        if theirs.exists():
            moved.add(theirs)
            yield theirs, aside if lost.get(assignment) == other else own
    for (
        step
    ) in places.steps.values():  # what lies beside the assignments, in a folder of the student
        for folder in places.of_student(step, other):
            for path in sorted(set(folder.iterdir()) - moved) if folder.is_dir() else ():
                goal = places.renamed(folder, other, student) / path.name
                aside = places.folder(f"{step}{ASIDE}{time}", student, path.name)
                if folder not in moved:
                    yield path, aside if goal.exists() else goal


def _pairs(
    places: Places, plan: Plan, assignments: list[str], time: str
) -> Iterator[tuple[str, Path, Path, Path]]:
    """Yield each assignment with a place of the one, that of the other, and one to put aside."""
    other, student = plan.old, plan.new
    for step in places.steps.values():
        of_whom = ((step, other), (step, student), (f"{step}{ASIDE}{time}", student))
        ends = STAGED if step == STAGE else ("",)
        for assignment in assignments:
            for end in ends:
                folders = [places.folder(each, who, assignment) for each, who in of_whom]
                yield assignment, *(each.with_name(each.name + end) for each in folders)
    for path in places.outcomes(other):
        own = path.with_name(f"{student}.json")
        below = own.relative_to(places.root / outcomes.FOLDER)
        aside = places.root / f"{outcomes.FOLDER}{ASIDE}{time}" / below
        yield below.parts[0], path, own, aside
