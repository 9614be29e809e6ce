"""A back-up of a course: a package with the time in its name, and how many of them are kept."""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from traitlets import Integer, Unicode
from traitlets.config import Configurable

from autograder.care import CareError
from autograder.care.contents import Contents
from autograder.care.database import database
from autograder.care.package import Writer, new_package
from autograder.care.places import Places, now

TIME = r"(\d{4}-\d\d-\d\d)T\d{6}\.\d{3}Z"  # as ``places.now`` writes it
TRIES = 3
UNITS = {"inbound": 1, "outcomes": 3}  # so many folders deep lies one submission; elsewhere two
SHOWN = 5  # names of what was left out
RANDOM = (
    b"\\restrict ",
    b"\\unrestrict ",
)  # begin the lines in which two copies of a gradebook differ


class BackUp(Configurable):
    """Where back-ups go; ``nbgrader_config.py`` may set it."""

    folder = Unicode(
        "backups", help="The folder of the back-ups: best on another disk, and nobody else's."
    ).tag(config=True)
    keep = Integer(14, min=1, help="Of how many days a back-up is kept.").tag(config=True)

    def path(self, places: Places) -> Path:
        """Return the folder of a course's back-ups."""
        return Path(places.root, self.folder)

    def there(self, places: Places) -> list[Path]:
        """Return the course's back-ups, the oldest first."""
        name = re.compile(f"{re.escape(places.name)}-{TIME}.tar.gz")
        found = self.path(places).glob("*.tar.gz")
        return sorted(path for path in found if name.fullmatch(path.name))


def back_up(places: Places) -> tuple[Path, list[str]]:
    """Make a back-up, then remove those that are too old; return it, and sentences to be read.

    Of today all are kept, of each earlier day the last. Raises CareError, and OSError where the disk
    is full; then the older ones are all there.
    """
    settings = BackUp(parent=places.course)
    folder = settings.path(places)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        _clear(folder, places.name)
        path = folder / f"{places.name}-{now()}.tar.gz"
        said = keep(places, path)
        for old in _too_old(settings.there(places), settings.keep):
            old.unlink()
    return path, said


def keep(places: Places, path: Path, also: Callable[[Writer], None] | None = None) -> list[str]:
    """Make a package of the gradebook, all work and the masters; return sentences to be read.

    also: puts in more. Files and gradebook are of one moment: where somebody grades meanwhile, it is
    tried again. Raises what ``back_up`` raises.
    """
    for left in range(TRIES)[::-1]:
        contents = Contents(places.name, now())
        with TemporaryDirectory(prefix=".gradebook-", dir=path.parent) as copies:
            try:
                with new_package(path, contents) as writer:
                    before = _gradebook(places, Path(copies, "before"))
                    if before:
                        contents.gradebook = database(places.course).kept_as
                        writer.file(contents.gradebook, before)
                    for name, place in {**places.work, **places.masters}.items():
                        if place.is_dir():
                            writer.folder(name, place, UNITS.get(name, 2))
                    if also:
                        also(writer)
                    after = _gradebook(places, Path(copies, "after"))
                    has_changed = _digest(before) != _digest(after)
                    if has_changed and left:
                        raise _ChangedError
            except _ChangedError:
                continue
        return _said(contents.left, has_changed)
    raise AssertionError("the last try is not given up")


class _ChangedError(Exception):
    """Somebody wrote into the gradebook while the files were read."""


def _gradebook(places: Places, to: Path) -> Path | None:
    return to if database(places.course).save(to) else None


def _digest(copy: Path | None) -> str:
    if copy is None:
        return ""
    with copy.open("rb") as file:
        digest = hashlib.sha256()
        for line in file:
            if not line.startswith(RANDOM):
                digest.update(line)
        return digest.hexdigest()


def _said(left: dict[str, str], has_changed: bool) -> list[str]:
    said = []
    if has_changed:
        said.append(
            "Somebody graded all the while: after a restore, grade with --force whoever was graded "
            "at that time."
        )
    if left:
        names = [f"{name!a} ({reason})" for name, reason in list(left.items())[:SHOWN]]
        more = [f"and {len(left) - SHOWN} more"] if len(left) > SHOWN else []
        said.append(f"Left out, as nothing of ours reads it: {', '.join([*names, *more])}.")
    return said


def _too_old(found: list[Path], days: int) -> list[Path]:
    """Return the back-ups to remove: all but those of the newest day, and the last of each other."""
    by_day: dict[str, list[Path]] = {}
    for path in found:
        by_day.setdefault(re.search(TIME, path.name)[1], []).append(path)
    *older, newest = sorted(by_day)
    kept = {*by_day[newest], *(by_day[day][-1] for day in older[len(older) - days + 1 :])}
    return [path for path in found if path not in kept]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from making a back-up at the same time. Raises CareError where one does."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CareError(f"Another back-up is being made in {folder}.") from None
    finally:
        os.close(opened)


def _clear(folder: Path, name: str) -> None:
    """Remove what a back-up that was killed has left; nobody else makes one now."""
    for partial in folder.glob(f".{name}-*.partial"):
        partial.unlink()
    for copies in folder.glob(".gradebook-*"):
        shutil.rmtree(copies)
