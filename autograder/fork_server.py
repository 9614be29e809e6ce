"""Processes that have done their slow imports and fork for every request.

A server is trusted: it runs no student code ever, and answers only those who can reach its socket,
in a folder that nobody else can enter. It ends, with all that it forked, when its owner ends.

``ForkServer`` is the owner's side; a server's ``main`` hands its descriptor to ``serve``.
"""

import atexit
import functools
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable

from autograder import ROOT

WARM = "autograder.sandbox.warm"  # forks sandboxes
JUDGE = "autograder.judge.server"  # forks judges; its argument is an assignment
# A server inherits these settings and nothing else of its owner's surroundings.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LRLAB_DATA", "TORCH_HOME", "LD_LIBRARY_PATH")
SETTINGS = {
    "OMP_NUM_THREADS": "1",  # several side by side on few cores are slower with more threads
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages: a fork takes 23 ms, not 31
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or debugpy warns about frozen modules
    "PYTHONHASHSEED": "0",  # sets print in the same order at every grading
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


class ForkServer:
    """A running server. ``address`` is its unix socket, for this process and its children."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._folder = tempfile.mkdtemp(prefix="fork-")
        self.address = f"{self._folder}/s"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(64)
            environment = {name: os.environ[name] for name in KEPT if name in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(listener.fileno()), *arguments],
                cwd=ROOT,
                env={**environment, **SETTINGS},
                stdin=subprocess.PIPE,  # its end of file tells the server that we are gone
                stdout=subprocess.DEVNULL,
                pass_fds=[listener.fileno()],
            )

    def close(self) -> None:
        """End the server and everything that it forked, also while it still imports."""
        self._process.terminate()
        self._process.stdin.close()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


@functools.cache
def running(module: str, *arguments: str) -> ForkServer:
    """Return this process's server of ``module``; started once, ended with the process."""
    server = ForkServer(module, *arguments)
    atexit.register(server.close)
    return server


def connect(address: str) -> socket.socket:
    """Return a new connection to the server at ``address``; a process of its own answers it."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def serve(descriptor: int, handle: Callable[[socket.socket], None]) -> None:
    """Fork for every connection on the listening socket ``descriptor``; the child handles it."""
    listener = socket.socket(fileno=descriptor)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [], 1.0)
        _reap()
        if sys.stdin in ready:
            return
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        if os.fork():
            connection.close()
            continue
        listener.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            handle(connection)
        except BaseException:  # noqa: BLE001 (a fork never goes on as the server)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def _reap() -> None:
    """Let go of the children that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
