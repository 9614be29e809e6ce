"""The program of a worker: nbgrader's API in the folder of a course, asked through the standard input.

    <- ["autograde", assignment, student]
    -> {"success": true, "log": text}

The settings are read anew for each request. When its input ends, it ends in the middle of what it does, as
after Ctrl-C: what is graded is kept, and what was begun is graded anew the next time.
"""

import contextlib
import json
import os
import queue
import signal
import sys
import threading

from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

IDLE = 600  # seconds without a request after which it ends, with all that it has imported


def main() -> None:
    """Answer each request, in order."""
    os.chdir(sys.argv[1])
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # whoever starts a server may ignore it
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what else is printed is for the server's log
    requests: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, queue.Empty):
        while True:
            print(json.dumps(_answer(*requests.get(timeout=IDLE))), file=answers, flush=True)


def _answer(command: str, *names: str) -> dict:
    """Return what nbgrader's API returns."""
    try:
        NbGrader.clear_instance()
        app = NbGrader.instance()
        app.initialize([])
    except SystemExit as error:  # the settings of the course say why
        return {"success": False, "log": f"[ERROR] {error}"}
    api = NbGraderAPI(CourseDirectory(parent=app), parent=app)
    return getattr(api, command)(*names)


def _read(requests: queue.SimpleQueue) -> None:
    """Take requests in; end the process with its input."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    main()
