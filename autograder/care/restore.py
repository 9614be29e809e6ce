"""What a package holds, put in its place; what was there is put aside, and nothing is overwritten."""

import os
import pwd
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.care import CareError
from autograder.care.contents import Contents
from autograder.care.database import database
from autograder.care.moves import Moves
from autograder.care.package import sync
from autograder.care.places import ASIDE, EXCHANGE, Places, now, put_aside
from autograder.care.unpack import check, owners, unpack

HANDED_IN = (
    "For a hub: release the feedback of each assignment again. What had not been collected counts as "
    "handed in now, in the same order; its timestamp.txt says when it was."
)


def restore(places: Places, path: Path) -> list[str]:
    """Restore a course from a package; return sentences on what is where.

    Masters and what was released come back only where there are none: those that are there may be
    newer. What students have put into the exchange comes back if its owners can be those who wrote
    it. Raises CareError, or OSError; then everything is where it was.
    """
    contents = check(path)
    _check_course(places, path, contents)
    goals = dict(_goals(places, contents))
    time = now()
    said = [
        f"The course is as it was at {contents.made}.",
        f"What was there before is kept under the same names, with {ASIDE}{time} behind them.",
    ]
    if "inbound" in goals:
        if os.geteuid() and owners(path, "inbound/") - {pwd.getpwuid(os.geteuid()).pw_name}:
            del goals["inbound"]
            said.append(
                "What students have put into the exchange is left as it is: only root can give it "
                "back to each of them, by python -m autograder.classroom restore."
            )
        else:
            said.append(HANDED_IN)
    with TemporaryDirectory(prefix=".restoring-", dir=places.root) as folder:
        saved = Path(folder, "gradebook") if contents.gradebook else None
        also = {contents.gradebook: saved} if saved else {}
        _swap(path, goals, also, time, lambda: database(places.course).load(saved, time))
    return said


def give_back(inbound: Path, path: Path) -> list[str]:
    """Restore what students have put into the exchange, to each of them; needs root.

    Raises CareError, or OSError; then everything is where it was.
    """
    check(path)
    _swap(path, {"inbound": inbound}, {}, now(), lambda: None)
    return [HANDED_IN]


def _swap(
    path: Path,
    goals: dict[str, Path],
    also: dict[str, Path],
    time: str,
    last: Callable[[], None],
) -> None:
    """Unpack what goes to ``goals`` beside it, put aside what is there, and do what comes ``last``.

    also: where other files are written.
    """
    if os.geteuid() == 0:
        _check_accounts(path)
    staged = {
        name: goal.with_name(f".{goal.name}.restoring-{time}") for name, goal in goals.items()
    }
    try:
        unpack(path, lambda name: _place(staged | also, name))
        moves = _exchanged(goals, staged, time)
        moves.make()
        try:
            last()
        except BaseException:
            moves.undo()
            raise
    finally:
        for left in staged.values():
            shutil.rmtree(left, ignore_errors=True)
    for goal in goals.values():
        sync(goal.parent)


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


def _check_accounts(path: Path) -> None:
    """Raise CareError where a file could not get back its owner."""
    if missing := sorted(each for each in owners(path, "") if not _is_there(each)):
        raise CareError(
            f"This machine has no account {', '.join(missing)}, to whom files in {path} belong. Start "
            "the hub once, which makes the accounts of its class; then restore."
        )


def _is_there(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True
