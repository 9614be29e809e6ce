"""Several renames of files and folders, as one: all are made, or none."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path


class Moves:
    """Renames in an order; each keeps to its disk and replaces nothing."""

    def __init__(self, pairs: Iterable[tuple[Path, Path]] = ()) -> None:
        self.pairs = list(pairs)

    def add(self, *pairs: tuple[Path, Path]) -> None:
        """Plan renames, each from and to."""
        self.pairs += pairs

    def take_back(self) -> None:
        """Undo what a process has made of these before it was killed."""
        self.pairs = [
            (source, target)
            for source, target in self.pairs
            if os.path.lexists(target) and not os.path.lexists(source)
        ]
        self.undo()

    def make(self) -> None:
        """Make what was planned. Raises OSError; then everything is where it was."""
        made = 0
        try:
            for source, target in self.pairs:
                _rename(source, target)
                made += 1
        except OSError:
            self.undo(made)
            raise

    def undo(self, made: int | None = None) -> None:
        """Take back the first ``made`` renames, or all."""
        for source, target in reversed(self.pairs[:made]):
            _rename(target, source)


def _rename(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # in an exchange, nobody else's
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)
