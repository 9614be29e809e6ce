"""The Linux system calls that Python 3.11 has no function for. Numbers are those of the kernel.

Each raises OSError with the name of the call, so that whoever cannot build a sandbox reads which
step the machine refused.
"""

import ctypes
import fcntl
import os
import platform
import signal
import socket
import struct
from pathlib import Path

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000
MNT_DETACH = 2

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 0x1, 0x2, 0x4
_MOUNT_SETATTR = 442  # the same on every architecture
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 24, 38
_CAPABILITY_VERSION = 0x2008_0522
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object, of: str = "") -> None:
    """Call a function of libc; raise OSError when it fails. ``of`` says what it was about."""
    if getattr(_libc, name)(*arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{of or name}: {os.strerror(error)}")


def unshare(flags: int) -> None:
    """Move this process into new namespaces (its children, for CLONE_NEWPID)."""
    _call("unshare", ctypes.c_int(flags))


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount ``source`` on ``target``."""
    texts = [text.encode() or None for text in (source, target, kind)]
    data = options.encode() or None
    _call("mount", *texts, ctypes.c_ulong(flags), data, of=f"mount {kind or source} on {target}")


def unmount(target: str) -> None:
    """Detach what is mounted on ``target``."""
    _call("umount2", target.encode(), ctypes.c_int(MNT_DETACH), of=f"umount {target}")


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def make_read_only(target: str, recursive: bool = True) -> None:
    """Make a mount read-only, without devices and set-user-id files; needs Linux 5.12."""
    attributes = _MountAttributes(set=_ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV)
    _call(
        "syscall",
        ctypes.c_long(_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        target.encode(),
        ctypes.c_uint(_AT_RECURSIVE if recursive else 0),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
        of=f"mount_setattr {target} (it needs Linux 5.12)",
    )


def pivot_root(new: str, old: str) -> None:
    """Make ``new`` the root directory, and show the old one at ``old``."""
    number = _PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"pivot_root: no number is known for {platform.machine()}")
    _call("syscall", ctypes.c_long(number), new.encode(), old.encode(), of="pivot_root")


def loopback_up() -> None:
    """Switch on the loopback device of a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        request = struct.pack("16sh14x", b"lo", _IFF_UP)
        fcntl.ioctl(device, _SIOCSIFFLAGS, request)


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the kernel kill this process, or send it another signal, when its parent ends."""
    _call("prctl", _PR_SET_PDEATHSIG, ctypes.c_ulong(number), 0, 0, 0)


def hide_memory() -> None:
    """Forbid other processes of the same user to read or trace this one."""
    _call("prctl", _PR_SET_DUMPABLE, ctypes.c_ulong(0), 0, 0, 0)


def show_memory() -> None:
    """Undo ``hide_memory``: a process that hides its memory may not read its own ``/proc/self``."""
    _call("prctl", _PR_SET_DUMPABLE, ctypes.c_ulong(1), 0, 0, 0)


def no_new_privileges() -> None:
    """Let no program that this process starts gain privileges."""
    _call("prctl", _PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)


def bound_capabilities() -> None:
    """Let no later program or change of user bring back a capability."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        _call("prctl", _PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
