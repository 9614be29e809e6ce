"""Runs commands of a course in forks of this process, which has done the slow imports.

It ends a fork, as kill -9 does, before any chosen change of a file or of the gradebook. Started in
the course's folder; its argument is an assignment. A request is one line of JSON, as ``run`` takes
it; the reply is the exit status.
"""

import json
import os
import signal
import sys
import traceback

from nbgrader.apps import NbGraderApp
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder import __main__, plug_in
from autograder.fork_server import JUDGE, WARM, running
from autograder.grading import workers

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")


class Steps:
    """Counts the changes of files and of the gradebook; kills before a chosen one."""

    def __init__(self, last, touching, without, in_worker):
        self.count, self.last, self.in_worker = 0, last, in_worker
        self.touching, self.without = touching, without
        self.main = os.getpid()
        sys.addaudithook(self.look)
        event.listen(Engine, "commit", lambda _: self.take())

    def look(self, name, arguments):
        """Take what Python is about to do, if it changes a file."""
        writes = name == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if name in CHANGES or writes and arguments[0] != os.devnull:
            self.take(*(each for each in arguments if isinstance(each, str | os.PathLike)))

    def take(self, *paths):
        """Count one change, of these paths, or end here."""
        if (os.getpid() != self.main) != self.in_worker:
            return
        self.count += 1
        if (
            self.count == self.last
            or (self.touching and any(self.is_touched(path) for path in paths))
            or (self.without and not os.path.exists(self.without))
        ):
            os.kill(os.getpid(), signal.SIGKILL)

    def is_touched(self, path):
        """Return whether a path is the chosen one, or below it."""
        return f"{os.path.abspath(path)}/".startswith(f"{os.path.abspath(self.touching)}/")


def run(words, log, **when):
    """Run one command, with ``log`` as its output; never return."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(1, 2)
    steps = Steps(**when)
    sys.argv = words
    try:
        status = NbGraderApp.launch_instance() if words[0] == "nbgrader" else __main__.main()
    except SystemExit as end:
        status = end.code
    except BaseException:  # noqa: BLE001 (Python would end the same way)
        traceback.print_exc()
        status = 1
    print(steps.count, flush=True)
    os._exit(status or 0)


workers.RETRIES, workers.PAUSE, plug_in.LOCKED = 2, 0.1, 3
running(WARM), running(JUDGE, sys.argv[1])
for line in sys.stdin:
    if (child := os.fork()) == 0:
        run(**json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
