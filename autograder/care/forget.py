"""One student's data, wherever the course keeps it: listed first, then deleted.

What is deleted: rows of the gradebook, folders, outcomes, what lies in the exchange, and the same in all
that was put aside. What is only named: files for a whole class, and back-ups, which age out.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.utils import notebook_hash
from sqlalchemy.engine import URL

from autograder.care import CareError, rows
from autograder.care.back_up import BackUp
from autograder.care.database import database
from autograder.care.places import Places
from autograder.care.rename import every_step, recover
from autograder.care.walk import walk
from autograder.submission.files import SECRET, read_regular

LARGEST = 50_000_000  # bytes of a file in which a name is looked for
LONGEST_SECRET = 1_000
FOR_ALL = (
    "reports",
    "downloaded",
)  # hold files on a whole class, beside those in the course's root


@dataclass(frozen=True)
class Traces:
    """What there is of a student: paths, and gradebooks with the number of submissions in each."""

    student: str
    paths: list[Path]
    gradebooks: dict[URL, int]

    def lines(self) -> list[str]:
        """Return what will go, a line each."""
        of_rows = [
            f"{url.render_as_string()}: {self.student!a}, with {number} graded submissions"
            for url, number in self.gradebooks.items()
        ]
        return [*of_rows, *map(ascii_path, self.paths)]


def traces(places: Places, student: str) -> Traces:
    """Return what there is of a student in the course and its exchange."""
    recover(places)
    found = [path for step in every_step(places) for path in places.of_student(step, student)]
    found += [
        path for step in places.aside("gradebook") for path in places.of_student(step, student)
    ]
    for folder in ("outcomes", *places.aside("outcomes")):
        found += places.outcomes(student, folder)
    found += places.handed_in(student) + places.handed_in_aside(student)
    found += _released_pages(places, found)
    gradebook = database(places.course)
    numbers = {url: rows.count(url, student) for url in (*gradebook.there(), *gradebook.aside())}
    known = {url: number for url, number in numbers.items() if number is not None}
    return Traces(student, sorted(set(found)), known)


def forget(found: Traces) -> None:
    """Delete what was found; where it is interrupted, it is run again. Raises CareError."""
    for url in found.gradebooks:
        rows.forget(url, found.student)
    # Unlike Python's own, this goes down any depth, and follows no link that a student puts there.
    for path in found.paths:
        done = subprocess.run(
            ["rm", "-rf", "--", path], check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise CareError(
                f"{ascii_path(path)} could not be deleted; run the command again as root: "
                f"{done.stderr.strip()!a}"
            )


def left(places: Places, student: str) -> list[str]:
    """Return sentences on where the student's id still stands, and on back-ups, which age out."""
    name = re.compile(rb"(?<![\w.-])" + re.escape(student.encode()) + rb"(?![\w-])")
    files = [path for path in places.root.iterdir() if path.is_file()]
    for folder in FOR_ALL:
        files += [path for path in (places.root / folder).rglob("*") if path.is_file()]
    said = [
        f"{ascii_path(path)} still has the id: change it, make it again, or delete it."
        for path in sorted(files)
        if _has(path, name)
    ]
    packed = sorted(path for path in (places.root / FOR_ALL[1]).rglob("*.zip"))
    said += [f"{ascii_path(path)} is of the whole class: delete it." for path in packed]
    if "person" in places.course.config["ByAccount"] and places.uid(student) is not None:
        said.append(
            f"The home of {student!a} is left: root removes it with the account (userdel --remove), "
            "and an admin the user in the hub; take the name out of classroom.yml, too."
        )
    settings = BackUp(parent=places.course)
    if kept := settings.there(places):
        last = datetime.now(UTC) + timedelta(days=settings.keep)
        said.append(
            f"{len(kept)} back-ups in {settings.path(places)} hold the data still. With a new one every "
            f"day the last of them goes on {last:%Y-%m-%d}; after a restore from one, run this again."
        )
    return said


def ascii_path(path: Path) -> str:
    """Return a path for a terminal, whatever a student has put into it."""
    return ascii(str(path))[1:-1]


def _released_pages(places: Places, folders: list[Path]) -> list[Path]:
    """Return the pages of feedback in the exchange: a secret that came with each submission names them."""
    if places.exchange is None:
        return []
    secrets, names = set(), set()
    for folder in filter(Path.is_dir, folders):
        for name, opened in walk(folder, {}, 1):
            path = Path(name)
            if path.name == SECRET:
                secrets.add(os.read(opened, LONGEST_SECRET).decode("utf-8", "replace"))
            elif path.suffix in (".ipynb", ".html"):
                names.add(path.stem)
    pages = [
        places.exchange / "feedback" / f"{notebook_hash(secret=secret, notebook_id=name)}.html"
        for secret in secrets - {""}
        for name in names
    ]
    return [page for page in pages if page.exists()]


def _has(path: Path, name: re.Pattern[bytes]) -> bool:
    try:
        return bool(name.search(read_regular(path, LARGEST)))
    except OSError:
        return False
