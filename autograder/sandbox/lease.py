"""The line to a sandbox, on our side: its limits, its interrupts, what it used and how it ended.

At its other end is process 1 of the sandbox, which runs no student code: whatever it is asked, it
answers or has ended. So it is waited for, however busy the machine is.
"""

import contextlib
import json
import logging
import os
import socket
import threading
import time
from pathlib import Path

from autograder.fork_server import ENDED, SILENCE
from autograder.sandbox.bounds import MOST_GROWTH

PAGE = os.sysconf("SC_PAGE_SIZE")
log = logging.getLogger(__name__)
WAY_OUT = (
    "Students' code cannot be isolated on this machine: {}. Grade on Linux 5.12 or newer with "
    "libseccomp where users may make namespaces (kernel.unprivileged_userns_clone=1; on Ubuntu 24.04 also "
    "kernel.apparmor_restrict_unprivileged_userns=0; in a container see autograder/classroom), or "
    "in a virtual machine. To run their code with all your rights all the same, add --unsafe "
    "(python -m autograder grade) or --SandboxedExecute.unsafe=True (nbgrader)."
)


class SandboxError(Exception):
    """No sandbox could be had; the message says why, and what to do."""


class NoIsolation(SandboxError):
    """This machine gives nobody a sandbox, now or later, for a ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(WAY_OUT.format(reason))


class Lease:
    """The line to a sandbox: it lives as long as this is open, and no longer."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._text = b""
        self.ended: str | None = None  # how, in words; none are needed where we ended it
        self._used: dict[str, float] = {}
        threading.Thread(target=self._bound_growth, args=(resident(),), daemon=True).start()

    def new_cell(self) -> None:
        """Have the limits of one cell start from here."""
        self._send(b"cell ")

    def interrupt(self) -> None:
        """Interrupt the kernel; return when that has been done, so that no later cell meets it."""
        self._send(b"interrupt used ")
        self._read(None, until="used")

    def waited(self) -> float:
        """Return for how many seconds of this cell the sandbox has waited for a processor.

        Those count that no earlier call has told of.
        """
        self._send(b"waited ")
        return self._read(None, until="waited").get("waited", 0.0)

    def used(self) -> dict[str, float]:
        """Return processor and wall seconds and the highest memory in bytes, as last known."""
        if self.ended is None:
            self._send(b"used ")
            self._read(None, until="used")
        return self._used

    def poll(self) -> str | None:
        """Return how the kernel ended, or None while it runs."""
        if self.ended is None:
            self._read(0.0, until="ended")
        return self.ended

    def close(self) -> None:
        """End the sandbox."""
        self.ended = self.ended or ""
        self._line.close()

    def wait_for_start(self) -> None:
        """Wait until the kernel's process exists, as long as whoever makes it lives.

        Raises NoIsolation with the machine's reason, SandboxError when it fails only now.
        """
        message = self._read(SILENCE, until="ready")
        if not message and self.ended is None:
            log.warning("Waiting for a sandbox: the machine is busy.")
            message = self._read(None, until="ready")
        if "ready" in message:
            return
        if message.get("lasting"):
            raise NoIsolation(message["failed"])
        reason = message.get("failed", ENDED)
        raise SandboxError(
            f"A sandbox could not be started: {reason}. Run the command again, with fewer --workers."
        )

    def _send(self, word: bytes) -> None:
        with contextlib.suppress(OSError):  # it has ended; why may be still to be read
            self._line.settimeout(None)
            self._line.sendall(word)

    def _read(self, seconds: float | None, until: str) -> dict:
        """Take in messages until one holds ``until``, or the time is over, or the line closes."""
        while self.ended is None:
            line, end, rest = self._text.partition(b"\n")
            if not end:
                self._line.settimeout(1e-6 if seconds == 0 else seconds)
                try:
                    piece = self._line.recv(65_536)
                except (TimeoutError, BlockingIOError):
                    return {}
                except OSError:
                    piece = b""
                if not piece:  # without a word: process 1 was killed
                    self.ended = self.ended or "it was ended from outside"
                self._text += piece
                continue
            self._text = rest
            message = json.loads(line)
            if "ended" in message:
                self.ended = message.pop("ended")
                self._used = message
            if "used" in message:
                self._used = message["used"]
            if until in message or "failed" in message:
                return message
        return {}

    def _bound_growth(self, before: int) -> None:
        """End the sandbox when it fills our memory: ZeroMQ takes a message of any number of parts."""
        while self.ended is None:
            time.sleep(0.1)
            if resident() > before + MOST_GROWTH:
                self.ended = "it sent more than can be read"
                with contextlib.suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)


def resident() -> int:
    """Return how much memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
