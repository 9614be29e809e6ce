"""People of a shared machine: accounts made for a test, and what is done as one of them.

What they do runs in a fork of the test's process that has become them: a Python below /root, which
they cannot reach, is loaded by then.
"""

import logging
import os
import pickle
import pwd
import shutil
import signal
import subprocess
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from traitlets.log import get_logger

PREFIX = f"exch-{os.getpid()}-"  # of this process, as another may run tests beside it
LONGEST = 600  # seconds: of what hangs, not of what is slow on a busy machine


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and a folder of their own."""

    name: str
    home: Path

    @property
    def account(self) -> pwd.struct_passwd:
        return pwd.getpwnam(self.name)

    def does(self, action: Callable, *arguments: object) -> object:
        """Return what ``action`` returns when this person does it; raise what it raises."""
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            signal.alarm(LONGEST)
            try:
                self._become()
                answer = (action(*arguments), None)
            except BaseException as error:  # noqa: BLE001 (all of it is the parent's)
                answer = (None, (error, traceback.format_exc()))
            with open(theirs, "wb") as pipe:
                pipe.write(pickle.dumps(answer))
            os._exit(0)
        os.close(theirs)
        with open(ours, "rb") as pipe:
            content = pipe.read()
        os.waitpid(child, 0)
        assert content, f"{self.name} was killed"
        result, failed = pickle.loads(content)
        if failed:
            error, text = failed
            error.add_note(text)
            raise error
        return result

    def _become(self) -> None:
        os.initgroups(self.name, self.account.pw_gid)
        self._take_over()

    def _take_over(self) -> None:
        """Be this person alone, in their own folder; the groups are theirs already."""
        account = self.account
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        os.umask(0o022)
        os.environ["HOME"] = str(self.home)
        os.environ.pop("JUPYTER_DATA_DIR", None)
        os.chdir(self.home)


def make(name: str, homes: Path) -> Person:
    """Make an account, with a folder that nobody else can enter."""
    remove(name)
    full = PREFIX + name
    subprocess.run(["useradd", "--user-group", "--no-create-home", full], check=True)
    person = Person(full, homes / name)
    person.home.mkdir()
    give(person.home, person)
    person.home.chmod(0o700)
    return person


def remove(name: str) -> None:
    """Remove an account, if there is one."""
    subprocess.run(["userdel", PREFIX + name], check=False, stderr=subprocess.DEVNULL)


def give(folder: Path, person: Person) -> None:
    """Have a person own a folder and all in it."""
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, person.account.pw_uid, person.account.pw_gid)


def heard(action: Callable, *arguments: object) -> list[str]:
    """Return what nbgrader logs while something is done."""
    said = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    listener = Listener()
    log = get_logger()
    log.setLevel(logging.INFO)
    log.addHandler(listener)
    try:
        action(*arguments)
    finally:
        log.removeHandler(listener)
    return said
