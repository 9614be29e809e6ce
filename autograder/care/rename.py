"""A student known by another id, or by two: in the gradebook, the folders and the exchange, or nowhere.

All is planned first. The plan lies in the course's folder while files are moved, and the gradebook
follows in one transaction: whoever comes after a process that was killed sees by the gradebook
whether to take the moves back or to finish.
"""

import json
import os
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.care import CareError, rows
from autograder.care.moves import Moves
from autograder.care.places import Places
from autograder.grading.judge_cells import JudgeCells

PLAN = ".renaming.json"
LONGEST = 128  # characters of an id, as the gradebook holds it


@dataclass
class Plan:
    """What becomes of the files of ``old``, who is ``new`` from then on."""

    old: str
    new: str
    pairs: list[tuple[Path, Path]] = field(default_factory=list)

    def take_handed_in(self, places: Places) -> None:
        """Plan what becomes of what lies in the exchange under the older name.

        An account says better than a name whose it is, and a folder's time stays if nothing in it
        changes. Raises CareError where the account is not the student's yet.
        """
        old, new = places.uid(self.old), places.uid(self.new)
        found = places.handed_in(self.old)
        if found and old not in (None, new):
            raise CareError(
                f"What {self.old!a} has handed in belongs to an account (number {old}) that is not "
                f"that of {self.new!a}. First have root rename the account (usermod --login), then "
                "run this again."
            )
        for path in found if new is None else ():
            name = path.name.replace(self.old, self.new, 1)
            self.pairs.append((path, path.with_name(name)))

    def carry_out(self, places: Places, record: Callable[[], None]) -> None:
        """Move the files, and ``record`` it in the gradebook. Raises OSError, and nothing is done."""
        path, moves = places.root / PLAN, Moves(self.pairs)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), default=str))
        partial.rename(path)
        try:
            moves.make()
            try:
                record()
            except BaseException:
                moves.undo()
                raise
        except BaseException:
            path.unlink()
            raise
        self.finish(places)

    def finish(self, places: Places) -> None:
        """Put the new id also where files name whose they are, and tidy up."""
        for _, place in self.pairs:
            if place.name.endswith(".graded"):
                _rewrite(place, "ids", [self.old], [self.new])
            elif place.suffix == ".json" and place.stem == self.new:
                _rewrite(place, "student", self.old, self.new)
            elif place.is_dir():
                for basis in place.glob("*.graded"):
                    _rewrite(basis, "ids", [self.old], [self.new])
        for step in places.steps.values():
            for folder in places.of_student(step, self.old):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
        (places.root / PLAN).unlink(missing_ok=True)


def recover(places: Places) -> list[str]:
    """Take back or finish what a process that was killed has begun; return a sentence on it."""
    path = places.root / PLAN
    try:
        plan = Plan(**json.loads(path.read_text()))
    except FileNotFoundError:
        return []
    plan.pairs = [(Path(source), Path(target)) for source, target in plan.pairs]
    old, new = plan.old, plan.new
    if rows.is_known(places.course, old):
        Moves(plan.pairs).take_back()
        path.unlink()
        return [f"Renaming {old!a} to {new!a} was interrupted, and is taken back."]
    plan.finish(places)
    return [f"Renaming {old!a} to {new!a} was interrupted, and is finished."]


def rename(places: Places, old: str, new: str) -> list[str]:
    """Give a student another id; return sentences to be read.

    Raises CareError when there is no such student, or one of the new id; OSError when files cannot
    be moved. Then nothing is done.
    """
    said = recover(places)
    check_id(new)
    if not (rows.is_known(places.course, old) or _lies_somewhere(places, old)):
        raise CareError(f"Neither the gradebook nor a folder knows a student {old!a}.")
    if rows.is_known(places.course, new) or _lies_somewhere(places, new):
        raise CareError(
            f"There is a student {new!a} already. Are both one person? Then run: "
            f"python -m autograder merge_students {old} {new}"
        )
    rows.ensure(places.course, old)
    plan = Plan(old, new)
    for step in every_step(places):
        for path in places.of_student(step, old):
            plan.pairs.append((path, places.renamed(path, old, new)))
    for folder in ("outcomes", *places.aside("outcomes")):
        for path in places.outcomes(old, folder):
            plan.pairs.append((path, path.with_name(f"{new}.json")))
    plan.take_handed_in(places)
    plan.carry_out(places, lambda: rows.rename(places.course, old, new))
    said.append(f"{old!a} is {new!a} now: {len(plan.pairs)} folders and files, and the gradebook.")
    return said + asked_by_id(places, old, new)


def check_id(student: str) -> None:
    """Raise CareError for an id that nbgrader, or a folder, could not bear."""
    odd = any(unicodedata.category(each).startswith("C") for each in student)
    is_path = "/" in student or student.startswith(".")
    too_long = len(student) > LONGEST or len(os.fsencode(student)) > 200
    if not student or student != student.strip() or odd or is_path or too_long or "*" in student:
        raise CareError(
            f"{student!a} cannot be an id: it names a folder, so it has no / and no *, does not begin "
            f"with a dot, has no invisible sign, no space around it, and at most {LONGEST} letters."
        )


def every_step(places: Places) -> list[str]:
    """Return the steps that hold students' folders, with those that were put aside."""
    steps = list(places.steps.values())
    return steps + [each for step in steps for each in places.aside(step)]


def asked_by_id(places: Places, old: str, new: str) -> list[str]:
    """Return what to say where questions are drawn by a student's id."""
    if JudgeCells(parent=places.course).same_person.get(new) == old:
        return []
    setting = f"c.JudgeCells.same_person[{new!a}] = {old!a}"
    return [f"What was drawn by the older id, as in lr_test: set {setting} in nbgrader_config.py."]


def _lies_somewhere(places: Places, student: str) -> bool:
    return any(places.of_student(step, student) for step in places.steps.values())


def _rewrite(path: Path, name: str, old: object, new: object) -> None:
    """Change one value of a file of ours, if it is there and is the old one."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if isinstance(told, dict) and told.get(name) == old:
        partial = path.with_name(f".{path.name}")
        partial.write_text(json.dumps(told | {name: new}, sort_keys=True), encoding="utf-8")
        partial.replace(path)
