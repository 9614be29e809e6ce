"""A control group for one sandbox, where this machine lets us make one; the limits hold without.

With it the system itself counts the memory of all processes and what they wrote to the scratch
disk, and ends one of them at the moment that the bound is passed, not a tenth of a second later.
Both versions are known: one tree for all controllers (2), or one for each (1).
"""

import contextlib
import os
import re
from pathlib import Path

from autograder.sandbox.limits import Limits

TREE = Path("/sys/fs/cgroup")
PREFIX = "sandbox-"
# Where the system counts whom it ended for want of memory, in a group of either version.
EVENTS = ("memory.events", "memory.oom_control")


class ControlGroup:
    """The folders that stand for one group, in each tree that has a controller we use."""

    def __init__(self, name: str, limits: Limits) -> None:
        """Make the group; without the right to, it has no folders and does nothing."""
        self._name = f"{PREFIX}{name}"
        self._folders: list[Path] = []
        self._parents: list[int] = []  # open, as the sandbox's view will have no path to them
        self._events: list[int] = []  # as well
        memory = str(limits.memory + limits.disk)
        for version, parent in _parents():
            bounds = {
                2: {"memory.max": memory, "memory.swap.max": "0", "pids.max": limits.processes},
                "memory": {"memory.limit_in_bytes": memory},
                "pids": {"pids.max": limits.processes},
            }[version]
            with contextlib.suppress(OSError):
                _remove_old(parent)
                folder = parent / self._name
                folder.mkdir()
                self._folders.append(folder)
                self._parents.append(os.open(parent, os.O_PATH))
                for file, bound in bounds.items():
                    (folder / file).write_text(str(bound))

    def join(self) -> None:
        """Move this process, and all that it will start, into the group."""
        for folder in self._folders:
            with contextlib.suppress(OSError):
                (folder / "cgroup.procs").write_text("0")
            for name in EVENTS:
                with contextlib.suppress(OSError):
                    self._events.append(os.open(folder / name, os.O_RDONLY | os.O_CLOEXEC))
        for parent in self._parents:
            os.close(parent)

    def has_ended_one(self) -> bool:
        """Return whether the system has ended a process of this group for want of memory."""
        counts = [os.pread(each, 4096, 0) for each in self._events]
        return any(re.search(rb"^oom_kill [1-9]", each, re.MULTILINE) for each in counts)

    def leave(self) -> None:
        """Forget the group, in a process that is to run what is not ours."""
        for each in self._events:
            os.close(each)

    def remove(self) -> None:
        """Remove the group, whose processes have ended."""
        for parent in self._parents:
            with contextlib.suppress(OSError):
                os.rmdir(self._name, dir_fd=parent)


def _parents() -> list[tuple[int | str, Path]]:
    """Return the controllers that this process is under, and the folder of its own group."""
    found = []
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers and (TREE / "cgroup.controllers").exists():
            found.append((2, TREE / path.lstrip("/")))
        for controller in {"memory", "pids"}.intersection(controllers.split(",")):
            found.append((controller, TREE / controller / path.lstrip("/")))
    return [(version, folder) for version, folder in found if os.access(folder, os.W_OK)]


def _remove_old(parent: Path) -> None:
    """Remove the groups that a killed grader left; one that is in use cannot be removed."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            folder.rmdir()
