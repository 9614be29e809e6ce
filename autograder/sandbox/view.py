"""The file system that a sandbox sees.

A root of its own that holds the system's programs and libraries, Python, lrlab and the data root,
all read-only, and one small disk for what the student's code writes. Nothing else of the machine
is there: not the course, not another submission, not the gradebook.
"""

import os
import shutil
import stat
import sys
from importlib.util import find_spec
from pathlib import Path

from autograder.sandbox import linux
from autograder.sandbox.limits import Limits

HOME = "/home/student"  # also the folder in which the notebook runs
HOST = "classroom"  # what the machine is called inside
USER_ID = 1000  # who the student is inside
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime")
SETTINGS += ("os-release",)
DEVICES = ("null", "full", "random", "urandom", "tty")
TERMINALS = 16  # at one time; a line that begins with ! has one of its own
PLACES = {
    "HOME": HOME,
    "USER": "student",
    "SHELL": shutil.which("bash") or "/bin/sh",
    "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PIP_RETRIES": "1",  # once is enough to be told that there is no network
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "IPYTHONDIR": "/tmp/ipython",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
ROOM = "/tmp"  # an empty disk is mounted over it, and becomes the sandbox's root


def visible() -> list[str]:
    """Return every path of this machine that a sandbox shows, read-only."""
    paths = [*SYSTEM, *(f"/etc/{name}" for name in SETTINGS)]
    paths += [sys.prefix, sys.base_prefix]
    if lrlab := find_spec("lrlab"):  # in a checkout, it lies outside of these
        paths += [str(Path(lrlab.origin).parent)]
    # A virtual environment's Python may be a chain of links through other folders.
    paths += [str(Path(sys.executable).resolve().parent.parent)]
    paths += [os.environ[name] for name in ("LRLAB_DATA", "TORCH_HOME") if os.environ.get(name)]
    paths = [os.path.abspath(path) for path in paths if os.path.lexists(path)]
    return _outermost([*paths, *map(os.path.realpath, paths)])  # a link, and the disk it leads to


def _outermost(paths: list[str]) -> list[str]:
    """Return ``paths`` without those that lie inside another one."""
    kept = []
    for path in sorted(set(paths)):
        if not any(path.startswith(f"{outer}/") for outer in kept):
            kept.append(path)
    return kept


def enter(paths: list[str], limits: Limits) -> None:
    """Make the sandbox's file system this process's own.

    Needs new mount and pid namespaces and a user who may mount in them. Raises OSError that names
    the step which the machine refused.
    """
    linux.mount("", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    _disk(ROOM, "size=1m,mode=755")
    os.chdir(ROOM)
    os.mkdir("old")
    linux.pivot_root(".", "old")
    os.chdir("/")
    os.mkdir("/new")
    _disk("/new", "size=1m,nr_inodes=5000,mode=755")
    _make_scratch(limits)  # first: what is shown may lie in /tmp
    for path in paths:
        _show(path)
    _make_devices(limits)
    _make_settings()
    os.makedirs("/new/proc")
    linux.mount("proc", "/new/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV)
    linux.unmount("/old")
    os.chdir("/new")
    linux.pivot_root(".", ".")  # the empty disk lies over the new root now: take it away
    linux.unmount(".")
    os.chdir("/")
    linux.make_read_only("/", recursive=False)


def _disk(target: str, options: str) -> None:
    linux.mount("tmpfs", target, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)


def _show(path: str) -> None:
    """Show ``path`` of the old root at the same place of the new one, read-only."""
    source, target = f"/old{path}", f"/new{path}"
    mode = os.lstat(source).st_mode
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(source), target)
        return
    if stat.S_ISDIR(mode):
        os.makedirs(target, exist_ok=True)
    else:
        open(target, "w").close()
    linux.mount(source, target, flags=linux.MS_BIND | linux.MS_REC)
    linux.make_read_only(target)


def _make_devices(limits: Limits) -> None:
    os.makedirs("/new/dev", exist_ok=True)
    for name in DEVICES:
        open(f"/new/dev/{name}", "w").close()
        linux.mount(f"/old/dev/{name}", f"/new/dev/{name}", flags=linux.MS_BIND)
    for name, target in {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}.items():
        os.symlink(f"/proc/self/fd{target}", f"/new/dev/{name}")
    # Terminals of its own: those of the machine, or of another sandbox, cannot be named here.
    os.mkdir("/new/dev/pts")
    own = f"newinstance,ptmxmode=0666,mode=0600,max={TERMINALS}"
    linux.mount("devpts", "/new/dev/pts", "devpts", linux.MS_NOSUID | linux.MS_NOEXEC, own)
    os.symlink("pts/ptmx", "/new/dev/ptmx")
    # A file, as the device, mapped and shared, is memory that nobody counts.
    with open("/new/dev/zero", "wb") as zeros:
        zeros.truncate(limits.file_size)


def _make_settings() -> None:
    os.makedirs("/new/etc", exist_ok=True)
    Path("/new/etc/passwd").write_text(f"student:x:{USER_ID}:{USER_ID}::{HOME}:/bin/sh\n")
    Path("/new/etc/group").write_text(f"student:x:{USER_ID}:\n")
    Path("/new/etc/hosts").write_text(f"127.0.0.1 localhost {HOST}\n::1 localhost\n")


def _make_scratch(limits: Limits) -> None:
    """Mount one disk of bounded size for every place that can be written to."""
    os.makedirs("/new/scratch")
    _disk("/new/scratch", f"size={limits.disk},nr_inodes={limits.files},mode=755")
    for place in (HOME, "/tmp", "/dev/shm"):
        folder = f"/new/scratch{place}"
        os.makedirs(folder)
        os.chown(folder, USER_ID, USER_ID)
        os.makedirs(f"/new{place}", exist_ok=True)
        linux.mount(folder, f"/new{place}", flags=linux.MS_BIND)
