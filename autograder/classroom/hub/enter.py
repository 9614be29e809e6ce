"""Starts one server as its account, in its view and its control group, in a pid namespace of its own.

The hub starts this program, as root, for each server:
``python -m autograder.classroom.hub.enter COMMAND...``. How is in the environment, which the server
itself gets without it, as no student can read that of process 1.

Three processes come of it. The outer one is what the hub knows: it passes on signals, ends as the
server did, and removes the group; it goes on when the hub restarts. The middle one is process 1 of
the namespace: it collects ended processes, and all others end with it. The third becomes the server.
Nothing of the hub's memory, files or rights goes into it.
"""

import json
import os
import pwd
import signal
import sys
from dataclasses import asdict

from autograder.classroom.hub.limits import Group
from autograder.classroom.hub.view import View
from autograder.sandbox import linux

ENTER = (sys.executable, "-m", "autograder.classroom.hub.enter")  # in the checkout
LOG = ".server.log"  # in the account's home: what fills it fills no disk but theirs
HOW = "CLASSROOM_SERVER"  # JSON, as `how` makes it
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def how(
    account: str, folder: str, view: View, limits: dict[str, float] | None, log: bool = True
) -> dict[str, str]:
    """Return what the environment of this program has to hold.

    folder: where the server starts. limits: those of `Group`; None leaves it unbounded.
    log: write what it says into a file in its account's home, instead of to who starts it.
    """
    wanted = {"account": account, "folder": folder, "view": asdict(view), "limits": limits}
    return {HOW: json.dumps(wanted | {"log": log})}


def main() -> int:
    """Start the server, wait for its end; return its exit status as a shell would."""
    wanted = json.loads(os.environ.pop(HOW))
    user = pwd.getpwnam(wanted["account"])
    limits = wanted["limits"]
    group = Group(user.pw_name, **limits) if limits else None
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)  # until somebody passes them on
        View(**wanted["view"]).enter()
        linux.unshare(linux.CLONE_NEWPID | linux.CLONE_NEWIPC)
        first = os.fork()
        if first == 0:
            linux.die_with_parent()
            linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV)
            server = os.fork()
            if server == 0:
                _become(user, wanted, group, sys.argv[1:])
            os._exit(_wait(server))
        return _wait(first)
    except OSError as error:
        print(f"No server can be started for {user.pw_name}: {error}", file=sys.stderr)
        return 1
    finally:
        if group:
            group.remove()


def _wait(child: int) -> int:
    """Pass signals on to ``child``, reap whatever ends, and return how it ended."""
    for each in PASSED_ON:
        signal.signal(each, lambda number, _: os.kill(child, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
    while True:
        ended, status = os.wait()
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _become(user: pwd.struct_passwd, wanted: dict, group: Group | None, command: list[str]) -> None:
    """Turn this process into the server; never return."""
    told = os.dup(2)
    try:
        os.setsid()
        if group:
            group.join()
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        linux.no_new_privileges()
        os.chdir(wanted["folder"])
        if wanted["log"]:
            _say_into(os.path.join(user.pw_dir, LOG))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        os.execvpe(command[0], command, os.environ)
    except OSError as error:
        os.write(told, f"{command[0]} cannot be started as {user.pw_name}: {error}\n".encode())
        os._exit(127)


def _say_into(path: str) -> None:
    """Have nothing to read, and write into a file of the account's own, not into the hub's log."""
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        log = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NONBLOCK, 0o600
        )
    except OSError:  # a full disk, or something odd of that name
        log = nothing
    for descriptor, opened in enumerate((nothing, log, log)):
        os.dup2(opened, descriptor)


if __name__ == "__main__":
    sys.exit(main())
