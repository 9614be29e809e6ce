"""A course in which commands are killed, and the process that runs them (``driver``)."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from broken import NAME, right
from broken.cases import put
from broken.course import answered
from nbgrader.api import Gradebook

HERE = Path(__file__).parent
MOUNT = 'mount -t tmpfs -o size=4m disk "$0" && cp -a "$1/." "$0" && cd "$0" && shift && exec "$@"'
HOLD = """
import sqlite3, sys
gradebook = sqlite3.connect("gradebook.db", isolation_level=None)
gradebook.execute(f"BEGIN {sys.argv[1]}")
print("held", flush=True)
sys.stdin.read()
"""
STATE = ("autograded", "outcomes", ".grading", "submitted", "gradebook.db")


class Course:
    """A course on a disk of its own, of four megabytes, and the process that runs commands in it.

    Only that process sees the disk, which ends with it; ``folder`` leads there.
    """

    def __init__(self, released: Path, place: Path) -> None:
        """Copy the course ``released``; ``place`` is an empty folder."""
        disk = place / "disk"
        disk.mkdir()
        self.log = place / "log"
        self.process = subprocess.Popen(
            [
                *("unshare", "-rm", "sh", "-c", MOUNT, disk, released),
                *(sys.executable, "-c", (HERE / "driver.py").read_text(), NAME),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.run("nbgrader", "--version") == 0  # before it answers it is not there
        self.folder = Path(f"/proc/{self.process.pid}/cwd")

    def run(
        self,
        *words: str,
        last: int = 0,
        touching: str | None = None,
        without: str | None = None,
        in_worker: bool = False,
    ) -> int:
        """Run a command to its end; return its exit status, or -9 when it was killed.

        last: kill it before this change of a file or of the gradebook, counted from 1.
        touching: kill it before the first change at this path of the course, or below it.
        without: kill it before the first change at which nothing is at this path.
        in_worker: look at the changes that workers make, not those of the command's own process.
        """
        request = {"words": words, "last": last, "touching": touching, "without": without}
        request |= {"in_worker": in_worker, "log": str(self.log)}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    @contextmanager
    def locked(self, kind: str) -> Iterator[Callable[[], None]]:
        """Have another process hold the gradebook, until the function that this gives is called."""
        enter = ("nsenter", f"--target={self.process.pid}", "-U", "-m", "-w")
        with subprocess.Popen(
            [*enter, "--preserve-credentials", sys.executable, "-c", HOLD, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as holder:
            assert holder.stdout.readline() == b"held\n"
            yield holder.stdin.close

    def steps(self) -> int:
        """Return how many changes the last command made."""
        return int(self.log.read_text().split()[-1])

    def close(self) -> None:
        """End the driver."""
        self.process.stdin.close()
        self.process.wait(30)

    def forget(self, gradebook: Path) -> None:
        """Have nothing handed in and nothing graded, with a gradebook that knows of nobody."""
        self._clear()
        shutil.copy(gradebook, self.folder)

    def save(self, place: Path) -> None:
        """Keep all that grading reads and writes in ``place``."""
        for name in STATE:
            copy(self.folder / name, place / name)

    def restore(self, place: Path) -> None:
        """Put back what was kept."""
        self._clear()
        for name in STATE:
            copy(place / name, self.folder / name)

    def _clear(self) -> None:
        for name in STATE:
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def hand_in(self, time: str, **contents: object) -> None:
        """Let students hand in these notebooks, in place of older ones if there are any."""
        for student, content in contents.items():
            home = self.folder / "submitted" / student / NAME
            home.mkdir(parents=True, exist_ok=True)
            put(home, content)
            put(home, time, "timestamp.txt")

    def right(self, **answers: str) -> dict:
        """Return the right notebook but for these answers."""
        return answered(right(self.folder), **answers)

    def results(self) -> dict:
        """Return every score in the gradebook, and every byte of graded folders."""
        gradebook = shutil.copy(self.folder / "gradebook.db", self.log.parent)
        with Gradebook(f"sqlite:///{gradebook}") as gradebook:
            found = {
                (submission.student.id, grade.name): grade.score
                for submission in gradebook.assignment_submissions(NAME)
                for grade in submission.notebooks[0].grades
            }
        return found | self.graded()

    def graded(self) -> dict[str, bytes]:
        """Return every byte of graded folders."""
        room = self.folder / "autograded"
        files = [path for path in sorted(room.rglob("*")) if path.is_file()]
        return {str(path.relative_to(room)): path.read_bytes() for path in files}

    def left_over(self) -> list[Path]:
        """Return files of a grading that did not come to its end."""
        rooms = (self.folder / ".grading", self.folder / "outcomes")
        files = [path for room in rooms for path in room.rglob("*") if path.is_file()]
        whole = (".json", ".graded", ".turn")
        return [path for path in files if path.suffix not in whole or path.name.startswith(".")]


def copy(path: Path, target: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, target)
    elif path.exists():
        shutil.copy(path, target)
