"""The demo's place on this machine: one folder, one demo at a time, and nothing left behind.

What a demo will add to the machine stands in its folder before it is added. Whatever ended a demo,
the next one first takes away what the last one left.
"""

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from autograder import ROOT
from autograder.classroom.accounts import account, account_tool, course_account
from autograder.classroom.hub import limits
from autograder.classroom.settings import Settings

AS_ROOT = Path("/var/lib/learning-rates-demo")
AS_ANYBODY = ROOT / "_build" / "classroom"
ADDED = "accounts.json"


class NoPlace(Exception):
    """The demo cannot begin here; the message says why, and what to do."""


@contextlib.contextmanager
def place(folder: Path) -> Iterator[Path]:
    """Yield ``folder``, empty, for one demo; at the end take away all that the demo added.

    Raises NoPlace.
    """
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NoPlace("The demo runs already on this machine: press Ctrl-C there.") from None
        _clean(folder)
        try:
            yield folder
        finally:
            _clean(folder)
            shutil.rmtree(folder)


def will_add_accounts(folder: Path, settings: Settings) -> None:
    """Note the accounts that the hub will make, to be removed.

    Raises NoPlace when one of them is there: it is somebody's, and the demo leaves it alone.
    """
    names = [*map(account, settings.people)]
    names += [course_account(each.name) for each in settings.courses]
    if taken := [each for each in names if _is_there(each)]:
        raise NoPlace(
            f"This machine has accounts that the demo would make, and then remove: {', '.join(taken)}. "
            "A classroom that is in use has them; try the demo on another machine."
        )
    (folder / ADDED).write_text(json.dumps(names))


def _is_there(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


def _clean(folder: Path) -> None:
    """Take away the accounts that stand in ``folder``, with what runs in them, and all files."""
    if (folder / ADDED).exists():
        for name in filter(_is_there, json.loads((folder / ADDED).read_text())):
            remove_account(name)
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != "lock":
            each.unlink()


def remove_account(name: str) -> None:
    """Remove an account with its home, what runs in it, and its control groups."""
    _end_processes(pwd.getpwnam(name).pw_uid)
    command = [account_tool("userdel"), "--remove", name]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    _remove_groups(name)


def _end_processes(uid: int) -> None:
    """Kill what runs as ``uid``, and wait until it has ended."""
    for _ in range(100):
        found = [path for path in Path("/proc").glob("[0-9]*") if _owner(path) == uid]
        for path in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(path.name), signal.SIGKILL)
        if not found:
            return
        time.sleep(0.05)


def _owner(process: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return process.stat().st_uid
    return None


def _remove_groups(name: str) -> None:
    """Remove the control groups of an account's server, which has ended."""
    with contextlib.suppress(OSError):
        for _, parent in limits.parents():
            for folder in (parent / name, parent):  # the outer one when it is empty
                with contextlib.suppress(OSError):
                    folder.rmdir()
