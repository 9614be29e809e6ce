"""One submission's result, or a release: built aside, and put in its place when it is complete.

An interruption at any moment leaves the older result or the new one, and a mark that says whether
the grading came to its end.
"""

import fcntl
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import TextIO

from nbgrader.utils import rmtree


@dataclass(frozen=True)
class StagedResult:
    """A folder that comes about in steps: ``place`` is where it ends up, ``stage`` where it is built."""

    place: Path
    stage: Path

    @property
    def is_complete(self) -> bool:
        """Whether there is a result, and no grading that was begun and never finished."""
        return self.place.exists() and not self._begun.exists()

    def turn(self, log: Logger) -> TextIO:
        """Wait until no other process is at this result; it is ours until the file is closed.

        Two graders may want the same at once, one by a button and one by a command.
        """
        self.stage.parent.mkdir(parents=True, exist_ok=True)
        file = self.stage.with_name(self.stage.name + ".turn").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("Another command is grading %s: this one waits until it is done", self.place)
            fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def recover(self) -> None:
        """Put back an older result that an interrupted run had moved aside."""
        if self._replaced.exists() and not self.place.exists():
            self._replaced.rename(self.place)
        _discard(self._replaced)

    def begin(self) -> None:
        """Make room for a new result, and note that its grading has begun."""
        _discard(self.stage)
        self.stage.parent.mkdir(parents=True, exist_ok=True)
        self._begun.touch()

    def abandon(self) -> None:
        """Leave the older result as the complete one, and nothing of what was begun."""
        _discard(self.stage)
        self._begun.unlink(missing_ok=True)

    def finish(self) -> None:
        """Have what was built take the place of an older result."""
        self.place.parent.mkdir(parents=True, exist_ok=True)
        if self.place.exists():
            self.place.rename(self._replaced)
        self.stage.rename(self.place)
        _discard(self._replaced)
        self._begun.unlink()

    @property
    def _begun(self) -> Path:
        return self.stage.with_name(self.stage.name + ".begun")

    @property
    def _replaced(self) -> Path:
        """An older result on its way out."""
        return self.stage.with_name(self.stage.name + ".replaced")


def _discard(folder: Path) -> None:
    """Remove a result that is not needed any more; nbgrader has made its files read-only."""
    if folder.exists():
        rmtree(str(folder))
