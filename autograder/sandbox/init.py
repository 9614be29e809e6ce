"""Process 1 of a sandbox: it starts the kernel, watches what it uses, and ends everything with it.

It runs no student code. The other end of ``line`` is the grader: it reads one JSON object a line
(``{"ready": true}``, ``{"used": ...}``, ``{"ended": reason}``) and writes ``cell``, ``interrupt``
or ``used``. When the line closes, the sandbox ends; so nothing outlives its grader.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.faults import in_one_line
from autograder.sandbox.limits import Limits

MADE = "+"  # what the kernel's process says when it is ready to serve
TICK = 0.1  # seconds between two looks at what is used
HERTZ = os.sysconf("SC_CLK_TCK")


def supervise(
    line: socket.socket,
    limits: Limits,
    make: Callable[[], Any],
    serve: Callable[[Any], None],
) -> None:
    """Fork a process that lets the kernel it makes serve, and stay until something ends it all.

    That is the kernel's end, a limit or the grader. Must be process 1 of its pid namespace: when it
    returns and exits, every other process dies.
    """
    reading, writing = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        line.close()
        serve(_made(make, writing))
        os._exit(0)
    os.close(writing)
    with open(reading) as told:
        said = told.read()
    if said != MADE:
        how = said or _ending(os.waitpid(kernel, 0)[1])
        tell(line, failed=f"no kernel starts in the sandbox: {how}")
        return
    tell(line, ready=True)
    watch = Watch(limits)
    reason = None
    while reason is None:
        ready, _, _ = select.select([line], [], [], TICK)
        if ready:
            words = line.recv(4096).decode().split()
            if not words:
                return
            for word in words:
                _obey(word, line, watch, kernel)
        reason = _ended(kernel, watch) or watch.passed()
    tell(line, ended=reason, **watch.used())


def _made(make: Callable[[], Any], writing: int) -> Any:
    """Return what ``make`` does, and tell so, or else why not."""
    with open(writing, "w") as telling:
        try:
            made = make()
        except BaseException as error:
            telling.write(in_one_line(error))
            raise
        telling.write(MADE)
    return made


def tell(line: socket.socket, **fields: object) -> None:
    """Send one JSON object to the grader."""
    try:
        line.sendall(json.dumps(fields).encode() + b"\n")
    except OSError:  # nobody listens any more
        os._exit(1)


def _obey(word: str, line: socket.socket, watch: "Watch", kernel: int) -> None:
    if word == "cell":
        watch.new_cell()
    elif word == "interrupt":
        os.kill(kernel, signal.SIGINT)
    elif word == "used":
        watch.look()
        tell(line, used=watch.used())


def _ended(kernel: int, watch: "Watch") -> str | None:
    """Reap what has ended; return how the kernel ended, if it did."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return "it ended"
        if pid == 0:
            return None
        watch.reaped += usage.ru_utime + usage.ru_stime
        if pid == kernel:
            return _ending(status)


def _ending(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"exit status {code}"


class Watch:
    """What the processes of this sandbox have used so far, held against its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.began = time.monotonic()
        self.reaped = 0.0  # processor seconds of processes that have ended
        self.cpu = self.cell_began_at = 0.0
        self.memory = self.peak = 0

    def new_cell(self) -> None:
        """Start to count a new cell's processor time."""
        self.look()
        self.cell_began_at = self.cpu

    def look(self) -> None:
        """Read what every process uses now."""
        cpu, memory, count = self.reaped, 0, 0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            if pid == "1":
                continue
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                memory += _resident(pid)
            except OSError:  # it has just ended
                continue
            cpu += sum(map(int, fields[11:15])) / HERTZ
            count += 1
        forked = count == 2 and memory > self.peak  # most likely the kernel and a fork of it
        if forked or memory > self.limits.memory:  # shared pages were counted once for each process
            memory = _proportional()
        self.cpu, self.memory = max(cpu, self.cpu), memory
        self.peak = max(self.peak, memory)

    def used(self) -> dict[str, float]:
        """Return seconds of processor and wall time, and the highest memory seen in bytes."""
        seconds = time.monotonic() - self.began
        return {"cpu": round(self.cpu, 3), "seconds": round(seconds, 3), "memory": self.peak}

    def passed(self) -> str | None:
        """Return which limit is passed, in words for the student, or None."""
        self.look()
        limits = self.limits
        if self.memory > limits.memory:
            return f"it used more than {limits.memory // 2**20} MiB of memory"
        if self.cpu - self.cell_began_at > limits.cell_cpu:
            return f"one cell used more than {limits.cell_cpu:g} s of processor time"
        if self.cpu > limits.notebook_cpu:
            return f"the notebook used more than {limits.notebook_cpu:g} s of processor time"
        if time.monotonic() - self.began > limits.notebook_seconds:
            return f"the notebook ran for more than {limits.notebook_seconds:g} s"
        return None


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
