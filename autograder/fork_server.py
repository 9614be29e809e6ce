"""Processes that have done their slow imports and fork for every request.

One parent imports torch, which takes longest, and forks each server, which then imports what it
alone uses: what the judge knows is never in the process whose forks run students' code.

A server is trusted: it runs no student code ever, and answers only those who can reach its socket,
in a folder that nobody else can enter. It ends, with all that it forked, when its owner ends.

``ForkServer`` is the owner's side; ``serving`` is the servers'. ``main(listener, *arguments)`` of a
server's module imports and then calls ``serve``. The parent is a server too, which forks servers.
"""

import atexit
import contextlib
import functools
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from autograder import ROOT, serving

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
SILENCE = 20  # seconds after which whoever waits for a server is told why
ENDED = "it was ended from outside, most likely for want of memory (then dmesg says so)"
log = logging.getLogger(__name__)


class CannotServe(ConnectionError):
    """A server could not import what it needs; the message says why."""


class ForkServer:
    """A running server. ``address`` is its unix socket, for this process and its children."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._folder, self.address, listener = _listen()
        self._line = socket.socket(socket.AF_UNIX)  # its end of file tells the server to end
        with listener:
            try:
                self._line.connect(_parent())
            except ConnectionRefusedError:  # it was ended
                _parent.cache_clear()
                self._line.connect(_parent())
            request = json.dumps([module, *arguments]).encode()
            socket.send_fds(self._line, [request], [listener.fileno()])

    @property
    def has_ended(self) -> bool:
        """Whether it was ended, by its owner or from outside: its end of the line is closed then."""
        with contextlib.suppress(ConnectionResetError):
            try:
                while self._line.recv(1, socket.MSG_DONTWAIT):
                    pass  # the parent's word that it has taken the request
            except BlockingIOError:
                return False
        return True

    def close(self) -> None:
        """End the server, once it has imported, and everything that it forked."""
        self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        shutil.rmtree(self._folder, ignore_errors=True)


_servers: dict[tuple[str, ...], ForkServer] = {}


def running(module: str, *arguments: str) -> ForkServer:
    """Return this process's server of ``module``; started once, ended with the process.

    One that was ended from outside is started anew.
    """
    server = _servers.get((module, *arguments))
    if server is None or server.has_ended:
        _parent()  # the first to be registered is the last to be closed
        server = _servers[module, *arguments] = ForkServer(module, *arguments)
        atexit.register(server.close)
    return server


@functools.cache
def _parent() -> str:
    """Return the address of the process that forks this process's servers; it is started once."""
    folder, address, listener = _listen()
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with listener:
        process = subprocess.Popen(
            [sys.executable, "-m", serving.__name__, str(listener.fileno())],
            cwd=ROOT,
            env={**environment, **SETTINGS},
            stdin=subprocess.PIPE,  # its end of file tells that we are gone
            stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
            process_group=0,  # of all servers, which we end at once, also while they import
        )

    def end() -> None:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return address


def _listen() -> tuple[str, str, socket.socket]:
    """Return a new folder that only we can enter, and a listening socket in it with its address."""
    folder = tempfile.mkdtemp(prefix="fork-")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{folder}/s")
    listener.listen(64)
    return folder, f"{folder}/s", listener


def connect(address: str) -> socket.socket:
    """Return a new connection to the server at ``address``; a process of its own answers it.

    Waits for a server that still imports, for as long as it lives. Raises ConnectionError, with the
    reason, when it has ended or could not import.
    """
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
        connection.settimeout(SILENCE)
        try:
            taken = connection.recv(1)
        except TimeoutError:
            log.warning("Waiting for Python to import torch: on a busy machine that takes a while.")
            connection.settimeout(None)
            taken = connection.recv(1)
        connection.settimeout(None)
        if taken == serving.REFUSED:
            raise CannotServe(connection.makefile(errors="replace").read())
        if not taken:
            raise ConnectionError(ENDED)
    except OSError as error:
        connection.close()
        raise error if isinstance(error, CannotServe) else ConnectionError(ENDED) from None
    return connection
