"""The warm process: it has imported what notebooks import, and forks each sandbox.

It never runs a line of student code, holds no check, answer or name, and its own socket is in no
sandbox. Started by ``ForkServer("autograder.sandbox.warm")``.

A request is one line of JSON with seven descriptors: the kernel's five listening sockets, that of
its forks, and a tar of the student's files. The reply is what ``init`` sends, or ``{"failed": reason,
"lasting": whether it would fail again}``.
"""

import errno
import json
import os
import signal
import socket
import subprocess
from pathlib import Path

from autograder.faults import in_one_line
from autograder.sandbox import CHANNELS, init, inside, linux, view
from autograder.sandbox.cgroup import ControlGroup
from autograder.sandbox.limits import Limits
from autograder.serving import import_found, serve

# What notebooks import beside what all servers do, and what a kernel imports when it starts. Not the
# backend of matplotlib: imported by a running kernel, it sees to it that pictures are shown.
IMPORTED = [
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "ipywidgets",
    "numpy.testing",
    "unittest",
    "lrlab.training",
    "lrlab.plots",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "pygments.formatters.terminal256",
    "sqlite3",
    "stack_data",
    "tornado.platform.asyncio",
]
NAMESPACES = (
    linux.CLONE_NEWUSER
    | linux.CLONE_NEWNS
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWNET
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWCGROUP
)
PASSING = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}  # of a machine that is too busy
NOBODY = 65534  # whom a sandbox of root's runs as, outside


def answer(line: socket.socket) -> None:
    """Build the sandbox that one request asks for, in this process (a fork) and two below it."""
    linux.die_with_parent()
    text, descriptors, _, _ = socket.recv_fds(line, 65_536, 7)
    request = json.loads(text)
    limits = Limits(**request["limits"])
    *listeners, forks, files = descriptors
    visible = view.visible()
    group = ControlGroup(str(os.getpid()), limits)
    try:
        _new_namespaces()
        first = os.fork()
        if first:
            os.waitpid(first, 0)
            group.remove()
            return
        linux.die_with_parent()
        linux.hide_memory()
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # process 1 then ignores it
        group.join()
        linux.loopback_up()
        socket.sethostname(view.HOST)
        view.enter(visible, limits)
        nothing = os.open("/dev/null", os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
    except Exception as error:  # noqa: BLE001 (the grader is told)
        # What the machine refuses names the call; of a fault of ours the kind and the place help.
        refused = isinstance(error, OSError)
        lasting = not (refused and error.errno in PASSING)
        init.tell(line, failed=str(error) if refused else in_one_line(error), lasting=lasting)
        return
    channels = dict(zip(CHANNELS, listeners, strict=True))
    init.supervise(
        line,
        limits,
        group,
        lambda: inside.make_kernel(channels, forks, request["key"], request["environment"], limits),
        lambda kernel: inside.serve(kernel, files),
    )


def _new_namespaces() -> None:
    """Leave every namespace of the machine.

    A grader without privileges is the only user inside. Root is there too, as it must mount what
    only it can read, and the student is nobody.
    """
    user, group = f"{view.USER_ID} {os.geteuid()} 1", f"{view.USER_ID} {os.getegid()} 1"
    as_root = os.geteuid() == 0 and _exists(NOBODY)
    if as_root:
        user = group = f"0 0 1\n{view.USER_ID} {NOBODY} 1"
        os.setgroups([])
    # Who stays outside may say which users exist inside: a shell, as a fork of this process costs
    # more. A user without privileges has to give up groups first.
    deny = "" if as_root else "echo deny > setgroups &&"
    words = f'read -r go && cd "$1" && {deny} printf %s "$2" > uid_map && printf %s "$3" > gid_map'
    with subprocess.Popen(
        ["/bin/sh", "-c", words, "sh", f"/proc/{os.getpid()}", user, group],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as mapper:
        linux.unshare(NAMESPACES)
        mapper.communicate(b"go\n")
    if mapper.returncode:
        raise OSError("the users of the new namespace could not be set (uid_map)")


def _exists(user: int) -> bool:
    """Return whether this process's own namespace, maybe a container's, has ``user``."""
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        if first <= user < first + count:
            return True
    return False


def main(listener: socket.socket) -> None:
    """Import everything, then serve."""
    import_found(IMPORTED)
    serve(listener, answer)
