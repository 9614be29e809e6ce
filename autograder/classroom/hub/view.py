"""A view of this machine's files: places hidden, and in them some that are shown.

An inner place is stronger than the one around it, so a shown Python may lie in a hidden ``/root``.
It is made before a server becomes a student: whoever is not root cannot take a cover away, nor with a
user namespace of their own.
"""

import os
from dataclasses import dataclass

from autograder.sandbox import linux

OWN = ("/tmp", "/var/tmp", "/dev/shm")  # empty, and everybody may write: one's own of each


@dataclass(frozen=True)
class View:
    """Paths of folders; a hidden one may be a file. Those that are not there are passed over."""

    hidden: tuple[str, ...]
    read_only: tuple[str, ...]
    writable: tuple[str, ...]

    def enter(self) -> None:
        """Make this what the process sees. Needs root; raises OSError that names the step."""
        linux.unshare(linux.CLONE_NEWNS)
        linux.mount("", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
        shown = {
            path: os.open(path, os.O_PATH)
            for path in (*self.read_only, *self.writable)
            if os.path.isdir(path)
        }
        covers = []
        for path in sorted({*OWN, *self.hidden, *shown}):  # an outer one comes first
            if path in shown:
                os.makedirs(path, exist_ok=True)  # in the cover of one that is hidden
                _bind(shown[path], path)
                if path not in self.writable:
                    linux.make_read_only(path)
            elif os.path.isdir(path):
                mode = "1777" if path in OWN else "755"
                linux.mount(
                    "tmpfs", path, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, f"mode={mode}"
                )
                covers += [path] * (path not in OWN)
            elif os.path.isfile(path):
                linux.mount("/dev/null", path, flags=linux.MS_BIND)
        for path in covers:
            linux.make_read_only(path, recursive=False)
        for each in shown.values():
            os.close(each)


def _bind(descriptor: int, target: str) -> None:
    linux.mount(f"/proc/self/fd/{descriptor}", target, flags=linux.MS_BIND | linux.MS_REC)
