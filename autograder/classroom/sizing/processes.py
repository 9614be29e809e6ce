"""What processes use: memory shared out fairly, and processor time, from Linux's /proc.

Memory is PSS, the proportional set size: a page that three processes share counts a third in each, so
that the sum over processes is what they take from the machine. Processes are found as descendants.
Whoever measures adopts those whose parent has ended (``adopt_orphans``), so that a server that goes
into the background still counts.
"""

import ctypes
import os
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Self

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
TICKS = os.sysconf("SC_CLK_TCK")  # of a second, in which /proc/PID/stat counts
EVERY = 0.2  # seconds between two looks


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this needs Linux: prctl(PR_SET_CHILD_SUBREAPER)")


def family(*roots: int) -> list[int]:
    """Return the processes ``roots`` and all their descendants, as far as they still run."""
    children = defaultdict(list)
    for entry in filter(str.isdecimal, os.listdir("/proc")):
        if fields := _stat(int(entry)):
            children[int(fields[1])].append(int(entry))
    found = list(roots)
    for each in found:
        found += (child for child in children[each] if child not in roots)
    return [each for each in found if _stat(each)]


def memory(processes: Iterable[int]) -> float:
    """Return the PSS of processes together, in MiB."""
    total = 0
    for each in processes:
        try:
            told = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:  # it has ended
            continue
        total += int(told.partition("\nPss:")[2].split()[0]) if "\nPss:" in told else 0
    return total / 1024


def processor(processes: Iterable[int]) -> dict[int, float]:
    """Return the processor seconds that each process has used itself, by its id."""
    used = {}
    for each in processes:
        if fields := _stat(each):
            used[each] = (int(fields[11]) + int(fields[12])) / TICKS
    return used


def _stat(process: int) -> list[str] | None:
    """Return what stands behind the name in /proc/PID/stat; None once it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


class Meter:
    """Watches processes and their descendants while a block runs.

    peak: MiB at most, PSS of all together. seconds: processor seconds that they used in the block. A
    process that ends between two looks loses what it used since the last one, at most ``EVERY``.
    """

    def __init__(self, *roots: int) -> None:
        self.peak = 0.0
        self._roots = roots
        self._before: dict[int, float] = {}
        self._used: dict[int, float] = {}
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    @property
    def seconds(self) -> float:
        """Processor seconds used so far."""
        return sum(used - self._before.get(each, 0) for each, used in self._used.items())

    def __enter__(self) -> Self:
        self._before = processor(family(*self._roots))
        self._watcher.start()
        return self

    def __exit__(self, *error) -> None:
        self._done.set()
        self._watcher.join()
        self._look()

    def _watch(self) -> None:
        while not self._done.wait(EVERY):
            self._look()

    def _look(self) -> None:
        now = [each for each in family(*self._roots) if each != os.getpid()]
        self._used |= processor(now)
        self.peak = max(self.peak, memory(now))
