"""Process 1 of a sandbox: it starts the kernel, watches what it uses, and ends everything with it.

It runs no student code. The other end of ``line`` is the grader: it reads one JSON object a line
(``{"ready": true}``, ``{"used": ...}``, ``{"waited": seconds}``, ``{"ended": reason}``) and writes
``cell``, ``interrupt``, ``used`` or ``waited``. When the line closes, the sandbox ends; so nothing outlives its grader.
"""

import json
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import Any

from autograder.faults import in_one_line
from autograder.sandbox.cgroup import ControlGroup
from autograder.sandbox.limits import Limits
from autograder.sandbox.watch import Watch

MADE = "+"  # what the kernel's process says when it is ready to serve
KILLED = f"signal {int(signal.SIGKILL)}"
TICK = 0.1  # seconds between two looks at what is used


def supervise(
    line: socket.socket,
    limits: Limits,
    group: ControlGroup,
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
        group.leave()
        serve(_made(make, writing))
        os._exit(0)
    os.close(writing)
    with open(reading) as told:
        said = told.read()
    if said != MADE:
        how = said or _ending(os.waitpid(kernel, 0)[1])
        tell(line, failed=f"no kernel starts in the sandbox: {how}", lasting=bool(said))
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
    if reason == KILLED:  # the system may have held a limit before we saw it passed
        reason = watch.too_much_memory() if group.has_ended_one() else watch.passed() or KILLED
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


def _obey(word: str, line: socket.socket, watch: Watch, kernel: int) -> None:
    if word == "cell":
        watch.new_cell()
    elif word == "interrupt":
        os.kill(kernel, signal.SIGINT)
    elif word == "used":
        watch.look()
        tell(line, used=watch.used())
    elif word == "waited":
        tell(line, waited=watch.more_waited())


def _ended(kernel: int, watch: Watch) -> str | None:
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
