"""The servers' side of ``fork_server``: import first, then fork for every connection.

This is the program of the parent, which forks all servers.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterable

from autograder import large_pages
from autograder.faults import in_one_line

SHARED = ("torch", "torchvision", "lrlab.data", "lrlab.models")  # what all servers import
MANY = 10  # connections after which half a second for cheaper forks is well spent
TAKEN, REFUSED = b"+", b"-"  # a server's first word on every connection; after the second, why


def serve(listener: socket.socket, handle: Callable, word: bytes = TAKEN) -> None:
    """Fork for every connection to ``listener``; the child says ``word`` and handles it."""
    gc.freeze()  # a fork that collects garbage would copy every page with an object
    gc.enable()
    taken = 0
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [], 1.0)
        _reap()
        if sys.stdin in ready:
            return
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        taken += 1
        if taken == MANY:
            large_pages.gather()
        if os.fork():
            connection.close()
            continue
        listener.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            connection.sendall(word)
            handle(connection)
        except BaseException:  # noqa: BLE001 (a fork never goes on as the server)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def import_found(names: Iterable[str]) -> None:
    """Import each module that is installed here; a course may do without torch."""
    for name in names:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)


def _reap() -> None:
    """Let go of the children that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _become_server(line: socket.socket, failed: Exception | None = None) -> None:
    """Be the server that one request asks for, or tell why none could be: it may have ``failed``."""
    request, (descriptor,), _, _ = socket.recv_fds(line, 65_536, 1)
    os.dup2(line.fileno(), sys.stdin.fileno())
    line.close()
    module, *arguments = json.loads(request)
    listener = socket.socket(fileno=descriptor)
    try:
        if failed:
            raise failed
        importlib.import_module(module).main(listener, *arguments)
    except Exception as error:  # noqa: BLE001 (whoever asks is told)
        reason = in_one_line(error).encode()
        serve(listener, lambda line: line.sendall(reason), REFUSED)


def main() -> None:
    """Import what all servers use, then fork them."""
    gc.disable()  # until it serves: looking for garbage is a quarter of an import
    failed = None
    try:
        import_found(SHARED)
    except Exception as error:  # noqa: BLE001 (whoever asks one of its servers is told)
        failed = error
    serve(socket.socket(fileno=int(sys.argv[1])), lambda line: _become_server(line, failed))


if __name__ == "__main__":
    main()
