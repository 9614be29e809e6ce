"""The system accounts of everybody in a class, and the folders that belong to them.

They are made, with no password, when the hub starts. An account that is there, of whatever origin, is
kept with all that is in its home, which is closed to others. Nobody is removed.
"""

import os
import pwd
import secrets
import shutil
import subprocess

from autograder.classroom.accounts import account, account_tool, course_account, person
from autograder.classroom.settings import Course, Settings


class PeopleError(Exception):
    """An account or a folder cannot be had; the message says whose, and why."""


def make_accounts(settings: Settings) -> None:
    """Make the accounts that are missing, and each course's folders; without root the folders alone.

    Raises PeopleError with a line for each person who cannot have one.
    """
    if os.geteuid() != 0:
        for course in settings.courses:
            for folder in (course.folder, settings.exchange / course.name):
                folder.mkdir(parents=True, exist_ok=True)
        return
    wrong = []
    for name in settings.people:
        try:
            _make(account(name))
            os.chmod(person(name).pw_dir, 0o700)
        except (LookupError, OSError, PeopleError) as error:
            wrong.append(str(error))
    for course in settings.courses:
        try:
            _make(course_account(course.name))
            _make_folders(settings, course)
        except (OSError, PeopleError) as error:
            wrong.append(str(error))
    if wrong:
        raise PeopleError("\n".join(wrong))


def _make(name: str) -> None:
    """Make an account with a home and a group of its own, unless it is there."""
    try:
        pwd.getpwnam(name)
        return
    except KeyError:
        pass
    command = [
        account_tool("useradd"),
        "--create-home",
        "--user-group",
        "--shell",
        shutil.which("bash") or "/bin/sh",
    ]
    done = subprocess.run([*command, name], check=False, capture_output=True, text=True)
    if done.returncode:
        raise PeopleError(f"The account {name} cannot be made: {done.stderr.strip()}")


def _make_folders(settings: Settings, course: Course) -> None:
    """Have the course's account alone own its folder, and own its part of the exchange."""
    owner = pwd.getpwnam(course_account(course.name))
    os.chmod(owner.pw_dir, 0o700)
    settings.exchange.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder, mode in ((course.folder, 0o700), (settings.exchange / course.name, 0o755)):
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid != owner.pw_uid:
            # All of a course that root put there; in the exchange, files are those who handed in.
            within = course.folder.rglob("*") if folder == course.folder else ()
            for each in (folder, *within):
                os.chown(each, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        folder.chmod(mode)


def make_state(settings: Settings) -> None:
    """Make the folder of the hub's own data, which nobody else may open."""
    settings.state.mkdir(parents=True, exist_ok=True)
    settings.state.chmod(0o700)


def kept_secret(settings: Settings, name: str) -> str:
    """Return a secret that is made once and kept in the state, for its owner alone."""
    path = settings.state / name
    make_state(settings)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_hex(32)
        file.write(secret)
    return secret
