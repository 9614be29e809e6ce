"""What the processes of a sandbox use, as its process 1 sees them, held against its limits."""

import contextlib
import os
import time
from pathlib import Path

from autograder.sandbox.limits import MOST, Limits

HERTZ = os.sysconf("SC_CLK_TCK")


class Watch:
    """What the processes of this sandbox have used so far, held against its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.began = self.looked = time.monotonic()
        self.delay = 0.0  # of the processes that live
        self.waited = self.told = 0.0  # seconds in which some process waited for a processor
        self.reaped = 0.0  # processor seconds of processes that have ended
        self.cpu = self.cell_began_at = 0.0
        self.memory = self.peak = 0

    def new_cell(self) -> None:
        """Start to count a new cell's processor time."""
        self.look()
        self.cell_began_at, self.told = self.cpu, self.waited

    def more_waited(self) -> float:
        """Return how long was waited for a processor in this cell, since this was last asked."""
        self.look()
        more, self.told = self.waited - self.told, self.waited
        return round(more, 3)

    def look(self) -> None:
        """Read what every process uses now."""
        cpu, memory, count, delay = self.reaped, 0, 0, 0.0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            if pid == "1":
                continue
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                memory += _resident(pid)
            except OSError:  # it has just ended
                continue
            cpu += sum(map(int, fields[11:15])) / HERTZ
            delay += _delay(pid)
            count += 1
        forked = count == 2 and memory > self.peak  # most likely the kernel and a fork of it
        if forked or memory > self.limits.memory:  # shared pages were counted once for each process
            memory = _proportional()
        now = time.monotonic()
        self.waited += min(max(delay - self.delay, 0.0), now - self.looked)
        self.delay, self.looked = delay, now
        self.cpu, self.memory = max(cpu, self.cpu), memory
        self.peak = max(self.peak, memory)

    def used(self) -> dict[str, float]:
        """Return seconds of processor and wall time, and the highest memory seen in bytes."""
        seconds = time.monotonic() - self.began
        return {"cpu": round(self.cpu, 3), "seconds": round(seconds, 3), "memory": self.peak}

    def too_much_memory(self) -> str:
        """Return what to say of processes that passed the bound of memory."""
        return f"it used more than {self.limits.memory // 2**20} MiB of memory"

    def passed(self) -> str | None:
        """Return which limit is passed, in words for the student, or None."""
        self.look()
        limits = self.limits
        if self.memory > limits.memory:
            return self.too_much_memory()
        if self.cpu - self.cell_began_at > limits.cell_cpu:
            return f"one cell used more than {limits.cell_cpu:g} s of processor time"
        if self.cpu > limits.notebook_cpu:
            return f"the notebook used more than {limits.notebook_cpu:g} s of processor time"
        seconds = self.looked - self.began
        if (
            seconds - self.waited > limits.notebook_seconds
            or seconds > MOST * limits.notebook_seconds
        ):
            return f"the notebook ran for more than {limits.notebook_seconds:g} s"
        return None


def _delay(pid: str) -> float:
    """Return for how many seconds a process could have run and found no processor free.

    0 where the system does not count it; of a process with threads its first counts.
    """
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return 0.0


def _resident(pid: str) -> int:
    """Return the memory of a process with its page tables, in bytes, as any of its threads knows."""
    for thread in os.listdir(f"/proc/{pid}/task"):  # the first may have ended, and knows nothing
        lines = Path(f"/proc/{pid}/task/{thread}/status").read_text().splitlines()
        sizes = [line.split()[1] for line in lines if line.startswith(("VmRSS:", "VmPTE:"))]
        if sizes:
            return sum(map(int, sizes)) * 1024
    return 0


def _proportional() -> int:
    """Return the memory of all processes, each shared page counted once.

    Of a process that hides its memory the shared pages count in full.
    """
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if pid == "1":
            continue
        with contextlib.suppress(OSError):
            total += _resident(pid)
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
            sizes = dict(line.split()[:2] for line in lines)
            total -= (int(sizes["Rss:"]) - int(sizes["Pss:"])) * 1024
    return total
