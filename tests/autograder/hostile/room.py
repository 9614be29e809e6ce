"""The outer bound of one class: ``python -m hostile.room FOLDER REQUEST < before.tar > after.tar``.

The commands in REQUEST (JSON) run with namespaces of their own for processes, files, network and
IPC. Every file system is read-only there but a small disk on FOLDER, which is filled from the first
tar and comes back, with ``report.json``, as the second. What outlives the commands, passes a bound
or hangs is ended with the namespace; only the room's own loopback can be reached from inside.

This is no part of the grader, and holds when the grader's own sandbox does not.
"""

import ctypes
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import time
from io import BytesIO
from pathlib import Path

from autograder.sandbox import linux

GIB = 2**30
DISK = "size=768m,nr_inodes=20k,mode=755"
SHARED = "size=16m,nr_inodes=1k,mode=1777"  # where workers keep their locks
PROCESSES = 1_000
LEAST_FREE = GIB  # bytes of the machine's memory that a class must leave alone
MOST_TAKEN = 10 * GIB
BOUNDS = {
    resource.RLIMIT_DATA: 12 * GIB,
    resource.RLIMIT_FSIZE: GIB // 2,
    resource.RLIMIT_NOFILE: 4096,
    resource.RLIMIT_NPROC: 2 * PROCESSES,  # holds for everyone but root
    resource.RLIMIT_CORE: 0,
}
PORT = 18_000  # where the room listens: 127.0.0.1, TCP and UDP
OURS = ("nbgrader", "autograder", "autograder.judge.server")
TICK, GRACE = 0.1, 3.0


def main() -> None:
    """Enter new namespaces, and be process 1 of them."""
    folder, request = sys.argv[1], json.loads(sys.argv[2])
    user, group = os.geteuid(), os.getegid()
    flags = (linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC) | (
        linux.CLONE_NEWUSER if user else 0
    )
    linux.unshare(flags)
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        sys.exit(os.waitstatus_to_exitcode(status))
    linux.die_with_parent()
    make_room(folder)
    subprocess.run(["tar", "-x", "-C", folder], check=True)  # what this side packed
    report = Watch(folder).run(request)
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
        tar.add(folder, arcname=".")
        content = json.dumps(report).encode()
        entry = tarfile.TarInfo("report.json")
        entry.size = len(content)
        tar.addfile(entry, BytesIO(content))


def make_room(folder: str) -> None:
    """Make all that is mounted read-only, then mount a small disk and this room's own ``/proc``."""
    linux.mount("", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    attributes = struct.pack("4Q", 0x1, 0, 0, 0)  # MOUNT_ATTR_RDONLY, and nothing else
    here, recursive = ctypes.c_int(-100), ctypes.c_uint(0x8000)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(442, here, b"/", recursive, attributes, ctypes.c_size_t(len(attributes))):
        raise OSError(ctypes.get_errno(), "mount_setattr: it needs Linux 5.12")
    linux.mount("tmpfs", folder, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, DISK)
    linux.mount("tmpfs", "/dev/shm", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, SHARED)
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV)
    linux.loopback_up()


class Watch:
    """Runs the commands of a room, one after the other, and notes what happens meanwhile."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.free = available_memory()
        self.peaks = dict.fromkeys(OURS, 0)  # the most memory, in bytes, that each of ours used
        self.calls: dict[socket.socket, str] = {}
        self.called: dict[str, int] = {}
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        unix, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        addresses = {
            "tcp": (tcp, ("127.0.0.1", PORT)),
            "udp": (udp, ("127.0.0.1", PORT)),
            "unix": (unix, f"{folder}/outside/listener"),
            "abstract": (abstract, "\0hostile"),
        }
        for name, (listener, address) in addresses.items():
            listener.bind(address)
            if name != "udp":
                listener.listen(8)
            self.calls[listener] = name

    def run(self, request: dict) -> dict:
        """Run every command until one does not end by itself; return the report."""
        codes, seconds, reason = [], [], None
        since_1970 = time.time()
        with open(f"{self.folder}/log", "wb") as log:
            for command in request["commands"]:
                began = time.monotonic()
                code, reason = self.command(command, request, log.fileno())
                codes.append(code)
                seconds.append(round(time.monotonic() - began, 1))
                if reason:
                    break
        left = self.left()
        os.kill(-1, signal.SIGKILL) if left else None
        return {
            "codes": codes,
            "began": since_1970,
            "seconds": seconds,
            "ended": reason,
            "left": left,
            "called": self.called,
            "peaks": self.peaks,
        }

    def command(self, command: list[str], request: dict, log: int) -> tuple[int | None, str | None]:
        """Run one command; return its exit status, or None and the bound that it passed."""
        deadline = time.monotonic() + request["seconds"]
        pid = os.fork()
        if pid == 0:
            start(command, request, log)
        while True:
            self.listen()
            if reason := self.passed(deadline):
                os.kill(-1, signal.SIGKILL)
                return None, reason
            self.measure()
            if (status := reap(pid)) is not None:
                return os.waitstatus_to_exitcode(status), None

    def listen(self) -> None:
        """Wait a moment for whoever calls, and count the calls."""
        ready, _, _ = select.select(list(self.calls), [], [], TICK)
        for listener in ready:
            name = self.calls[listener]
            self.called[name] = self.called.get(name, 0) + 1
            if name == "udp":
                listener.recv(4096)
            else:
                listener.accept()[0].close()

    def measure(self) -> None:
        """Note how much memory the grader's own processes use, those of a sandbox not among them."""
        for other in filter(str.isdigit, os.listdir("/proc")):
            try:
                command = Path(f"/proc/{other}/cmdline").read_text().split("\0")
                module = command[2] if command[1:2] == ["-m"] else None
                if module in OURS:
                    self.peaks[module] = max(self.peaks[module], high_water(other))
            except OSError:  # it has just ended
                continue

    def passed(self, deadline: float) -> str | None:
        """Return which bound is passed."""
        free = available_memory()
        if processes() > PROCESSES:
            return f"more than {PROCESSES} processes"
        if free < LEAST_FREE or self.free - free > MOST_TAKEN:
            return "too much memory of the machine"
        return "too long" if time.monotonic() > deadline else None

    def left(self) -> list[str]:
        """Return what still runs after a moment of grace."""
        deadline = time.monotonic() + GRACE
        while processes() > 1 and time.monotonic() < deadline:
            self.listen()
            reap(-1)
        names = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            if pid != "1":
                names.append(Path(f"/proc/{pid}/comm").read_text().strip())
        return names


def start(command: list[str], request: dict, log: int) -> None:
    """Become one command of the request, within BOUNDS."""
    try:
        os.setsid()
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        for what, most in BOUNDS.items():
            hard = resource.getrlimit(what)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (most, most))
        os.chdir(request["folder"])
        os.execve(command[0], command, request["environment"])
    finally:
        os._exit(127)


def processes() -> int:
    """Return how many processes the room holds, this one included."""
    return sum(name.isdigit() for name in os.listdir("/proc"))


def available_memory() -> int:
    """Return the bytes that the machine can still give."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))


def high_water(pid: str) -> int:
    """Return the most memory that a process has used, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def reap(pid: int) -> int | None:
    """Let go of every process that has ended; return the status of ``pid`` if it is one of them."""
    found = None
    try:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == pid:
                found = ended[1]
    except ChildProcessError:
        pass
    return found


if __name__ == "__main__":
    main()
