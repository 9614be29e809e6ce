"""What a package holds, put in its place; what was there is put aside, and nothing is overwritten."""

import os
import pwd
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.care import CareError
from autograder.care.contents import Contents
from autograder.care.database import database
from autograder.care.moves import Moves
from autograder.care.package import sync
from autograder.care.places import ASIDE, EXCHANGE, Places, now, put_aside
from autograder.care.unpack import check, owners, unpack


def restore(places: Places, path: Path) -> list[str]:
    """Restore a course from a package; return sentences on what is where.

    Masters and what was released come back only where there are none: those that are there may be
    newer. Raises CareError, or OSError; then everything is where it was.
    """
    contents = check(path)
    _check_course(places, path, contents)
    goals = dict(_goals(places, contents))
    _check_owners(path, places.root)
    time = now()
    staged = {
        name: goal.with_name(f".{goal.name}.restoring-{time}") for name, goal in goals.items()
    }
    try:
        with TemporaryDirectory(prefix=".restoring-", dir=places.root) as folder:
            saved = Path(folder, "gradebook") if contents.gradebook else None
            to = staged | ({contents.gradebook: saved} if saved else {})
            unpack(path, lambda name: _place(to, name))
            moves = _exchanged(goals, staged, time)
            moves.make()
            try:
                database(places.course).load(saved, time)
            except BaseException:
                moves.undo()
                raise
    finally:
        for left in staged.values():
            shutil.rmtree(left, ignore_errors=True)
    for goal in goals.values():
        sync(goal.parent)
    said = [
        f"The course is as it was at {contents.made}.",
        f"What was there before is kept under the same names, with {ASIDE}{time} behind them.",
    ]
    if "inbound" in goals:
        said.append(
            "For a hub: release the feedback of each assignment again. What had not been collected "
            "counts as handed in now, in the same order; its timestamp.txt says when it was."
        )
    return said


def _check_course(places: Places, path: Path, contents: Contents) -> None:
    """Raise CareError for a package that this course cannot take."""
    if contents.course != places.name:
        raise CareError(
            f"{path} is of the course {contents.course}, and this is {places.name}: go to its folder."
        )
    kept_as = database(places.course).kept_as
    if contents.gradebook not in ("", kept_as):
        raise CareError(
            f"{path} holds {contents.gradebook}, and this course would need {kept_as}: set "
            "c.CourseDirectory.db_url in nbgrader_config.py to what it was."
        )


def _goals(places: Places, contents: Contents) -> dict[str, Path]:
    """Return where each part of the package goes, and make the course's exchange if it is gone."""
    in_exchange = tuple(f"{name}/" for name in EXCHANGE)
    if places.exchange and any(name.startswith(in_exchange) for name in contents.digests):
        places.exchange.mkdir(mode=0o755, parents=True, exist_ok=True)
    masters = {name: to for name, to in places.masters.items() if not to.exists()}
    goals = {**places.work, **masters}
    for goal in goals.values():
        goal.parent.mkdir(parents=True, exist_ok=True)
    return goals


def _place(staged: dict[str, Path], name: str) -> Path | None:
    """Return where an entry of the package is written first."""
    first, _, below = name.partition("/")
    if first not in staged:
        return None
    return staged[first] / below if below else staged[first]


def _exchanged(goals: dict[str, Path], staged: dict[str, Path], time: str) -> Moves:
    """Return the renames that put aside what is there, and in its place what was unpacked."""
    moves = Moves()
    for name, goal in goals.items():
        if goal.exists():
            moves.add((goal, put_aside(goal, time)))
        if staged[name].exists():
            moves.add((staged[name], goal))
    return moves


def _check_owners(path: Path, root: Path) -> None:
    """Raise CareError where what was handed in could not get back the owner whose work it is."""
    if os.geteuid() == 0:
        if missing := sorted(each for each in owners(path, "") if each and _uid(each) is None):
            raise CareError(
                f"This machine has no account {', '.join(missing)}, to whom files in {path} belong. "
                "Start the hub once, which makes the accounts of its class; then restore."
            )
    elif any(_uid(each) != os.geteuid() for each in owners(path, "inbound/")):
        raise CareError(
            f"{path} holds what students have handed in, and only root may give it back to each: run "
            f"the same command as root in {root}."
        )


def _uid(account: str) -> int | None:
    try:
        return pwd.getpwnam(account).pw_uid
    except KeyError:
        return None
