"""A course in which commands are killed, and the process that runs them (``driver``)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from broken import NAME, right
from broken.cases import put
from broken.course import answered
from nbgrader.api import Gradebook

HERE = Path(__file__).parent
STATE = ("autograded", "outcomes", ".grading", "submitted", "gradebook.db")


class Course:
    """A course and the process that runs commands in it."""

    def __init__(self, folder: Path, *prefix: str) -> None:
        self.folder, self.log = folder, folder.parent / "log"
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", (HERE / "driver.py").read_text(), NAME],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *words: str, last: int = 0, of: str | None = None, in_worker: bool = False
    ) -> int:
        """Run a command to its end; return its exit status, or -9 when it was killed.

        last: kill it before this change, counted from 1; none for 0.
        of: count only changes of this kind, such as "os.rename".
        in_worker: count those that workers make, not those of the command's own process.
        """
        request = {"words": words, "last": last, "of": of, "in_worker": in_worker}
        self.process.stdin.write(json.dumps({**request, "log": str(self.log)}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

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
        return [path for path in files if path.suffix != ".json" or path.name.startswith(".")]


def copy(path: Path, target: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, target)
    elif path.exists():
        shutil.copy(path, target)
