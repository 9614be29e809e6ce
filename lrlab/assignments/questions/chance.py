"""Random choices that are the same on every machine, in every version of Python and its libraries."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """Random choices that depend on a text and nothing else."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._count = 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit`` - 1."""
        self._count += 1
        digest = hashlib.sha256(f"{self._purpose}#{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of ``items``."""
        return items[self.below(len(items))]

    def shuffled(self, items: Iterable[Item]) -> list[Item]:
        """Return ``items`` in a random order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
