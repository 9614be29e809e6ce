"""The control group of one server: the system bounds what all of its processes use together.

Version 1 has one tree of folders for each controller; version 2 has one for all, in which a group
with processes of its own cannot bound others: there the hub's own processes move into a leaf first.
"""

import contextlib
import errno
import os
import time
from pathlib import Path

TREE = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
CONTROLLERS = ("memory", "cpu", "pids")
PERIOD = 100_000  # microseconds, over which processor time is counted
NAME = "classroom"


class Group:
    """The group of one server, in each tree that has a controller we use."""

    def __init__(self, name: str, memory: int, cpu: float, processes: int) -> None:
        """Make the group. Raises OSError when this machine does not let us; nothing is unbounded."""
        quota = str(max(int(cpu * PERIOD), 1000))
        bounds = {
            2: {
                "memory.max": str(memory),
                "memory.swap.max": "0",
                "cpu.max": f"{quota} {PERIOD}",
                "pids.max": str(processes),
            },
            "memory": {
                "memory.limit_in_bytes": str(memory),
                "memory.memsw.limit_in_bytes": str(memory),
            },
            "cpu": {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": quota},
            "pids": {"pids.max": str(processes)},
        }
        self._folders = []
        for version, parent in parents():
            folder = parent / name
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.append(folder)
            for file, bound in bounds[version].items():
                with contextlib.suppress(FileNotFoundError):  # a kernel that counts no swap
                    _write(folder / file, bound)
        self._joins = [os.open(each / "cgroup.procs", os.O_WRONLY) for each in self._folders]
        self._parents = [os.open(each.parent, os.O_PATH) for each in self._folders]
        self._name = name

    def join(self) -> None:
        """Move this process, and all that it will start, into the group; in any view of files."""
        for each in self._joins:
            os.write(each, b"0")

    def remove(self) -> None:
        """Remove the group. Its processes have ended; the system may need a moment to see that."""
        for parent in self._parents:
            for _ in range(50):
                try:
                    os.rmdir(self._name, dir_fd=parent)
                    break
                except OSError as error:
                    if error.errno != errno.EBUSY:
                        break
                    time.sleep(0.1)


def _write(path: Path, text: str) -> None:
    """Write into a file that must be there: one that a mistake makes would bound nothing."""
    with path.open("r+") as file:
        file.write(text)


def parents() -> list[tuple[int | str, Path]]:
    """Return each tree that has controllers we use, with the folder in it for servers' groups.

    Raises OSError, which says what is missing, when this machine does not let us make groups.
    """
    found = {}
    for line in OWN.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            folder = _tree_of_version_2(path)
            if folder:
                found |= dict.fromkeys(CONTROLLERS, (2, folder))
        for controller in set(CONTROLLERS).intersection(controllers.split(",")):
            found[controller] = (controller, TREE / controller / path.lstrip("/") / NAME)
    if missing := [each for each in CONTROLLERS if each not in found]:
        raise OSError(f"there is no control group for {', '.join(missing)} below {TREE}")
    return sorted(set(found.values()), key=str)


def _tree_of_version_2(path: str) -> Path | None:
    """Return the folder for groups in the one tree of version 2, made ready; None without one."""
    own = TREE / path.lstrip("/")
    if not (own / "cgroup.controllers").exists():
        return None
    if own.name == "hub":  # this process was moved before
        own = own.parent
    if not set(CONTROLLERS) <= set((own / "cgroup.controllers").read_text().split()):
        return None
    wanted = " ".join(f"+{each}" for each in CONTROLLERS)
    try:
        _write(own / "cgroup.subtree_control", wanted)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        leaf = own / "hub"  # for all but the machine's root: no processes beside groups
        leaf.mkdir(exist_ok=True)
        for process in (own / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                _write(leaf / "cgroup.procs", process)
        _write(own / "cgroup.subtree_control", wanted)
    folder = own / NAME
    folder.mkdir(exist_ok=True)
    _write(folder / "cgroup.subtree_control", wanted)
    return folder
