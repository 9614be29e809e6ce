"""Programs for tests, run by a Python that has imported torch, which takes longest: it forks for each.

``Warmed`` is that Python, and ``Program`` one fork. A fork has the folder, the environment, the files
and the arguments of a process of its own, and imports all other modules itself. This file is the
program of the warmed Python, too: ``python warmed.py LISTENER MODULE...``.
"""

import atexit
import contextlib
import fcntl
import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import types
from collections.abc import Mapping, Sequence
from pathlib import Path

KIND = socket.SOCK_SEQPACKET  # a message is read as it was sent
LARGEST = 2**17  # bytes of one
HIGH = 500  # descriptors that nobody has asked for


class Warmed:
    """A Python that imports ``modules`` when its first program comes; ``env`` is its environment."""

    def __init__(self, *modules: str, env: Mapping[str, str]) -> None:
        self.address = f"warmed-{os.urandom(8).hex()}"  # in no folder, as a name after \0
        with socket.socket(socket.AF_UNIX, KIND) as listener:
            listener.bind(f"\0{self.address}")
            listener.listen(16)
            python = subprocess.Popen(
                [sys.executable, __file__, str(listener.fileno()), *modules],
                env=env,
                stdin=subprocess.PIPE,
                pass_fds=[listener.fileno()],
            )
        atexit.register(python.communicate)  # its input ends, and so does it

    def run(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess:
        """Run a program to its end, as ``subprocess.run`` does; keep what it says.

        Raises TimeoutError after ``timeout`` seconds, and has killed it.
        """
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            files = {1: out.fileno(), 2: err.fileno()}
            status = Program(self.address, arguments, cwd, env, files).wait(timeout)
            texts = [file.seek(0) or file.read() for file in (out, err)]
        return subprocess.CompletedProcess(arguments, status, *texts)


class Program:
    """A program in a process group of its own: ``-m MODULE`` or ``-c TEXT``, and what follows.

    files: ours by the number that each has there. What it reads ends with ``wait``, or with us.
    """

    def __init__(
        self,
        address: str,
        arguments: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        files: Mapping[int, int],
    ) -> None:
        reading, self._input = os.pipe()
        files = {0: reading, **files}
        request = [list(files), list(arguments), str(cwd), dict(env)]
        self._line = socket.socket(socket.AF_UNIX, KIND)
        self._line.connect(f"\0{address}")
        socket.send_fds(self._line, [json.dumps(request).encode()], list(files.values()))
        os.close(reading)
        self.pid = int(self._line.recv(LARGEST))

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its exit status, negative for a signal."""
        os.close(self._input)
        with self._line:
            self._line.shutdown(socket.SHUT_WR)
            self._line.settimeout(timeout)
            try:
                return int(self._line.recv(LARGEST))
            except TimeoutError:
                os.killpg(self.pid, signal.SIGKILL)
                raise


def main() -> None:
    """Fork for every program."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(fileno=int(sys.argv[1]))
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            os._exit(0)  # and not by way of what torch does at the end
        line, _ = listener.accept()
        for name in sys.argv[2:]:
            importlib.import_module(name)
        gc.freeze()  # a fork that collects garbage would copy every page with an object
        if os.fork() == 0:
            listener.close()
            return attend(line)
        line.close()


def attend(line: socket.socket) -> None:
    """Start the program in a fork; tell its number, and to who waits how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, descriptors, _, _ = socket.recv_fds(line, LARGEST, 16)
    program = os.fork()
    if program == 0:
        line.close()
        return become(descriptors, *json.loads(text))
    for each in descriptors:
        os.close(each)
    with contextlib.suppress(OSError):  # nobody waits any more
        line.send(str(program).encode())
        line.recv(LARGEST)
        status = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
        line.send(str(status).encode())
    os._exit(0)


def become(
    descriptors: list[int],
    numbers: list[int],
    arguments: list[str],
    folder: str,
    environment: dict[str, str],
) -> None:
    """Run a program in this process."""
    os.setpgid(0, 0)
    kept = [fcntl.fcntl(each, fcntl.F_DUPFD, HIGH) for each in descriptors]
    for each in descriptors:
        os.close(each)
    for each, number in zip(kept, numbers, strict=True):
        os.dup2(each, number)
        os.close(each)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in environment
    random.seed()
    sys.path[:1] = [folder, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.modules.pop("sitecustomize", None)
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module("sitecustomize")
    kind, program, *words = arguments
    sys.argv = [program if kind == "-m" else kind, *words]
    if kind == "-m":
        return runpy.run_module(program, run_name="__main__", alter_sys=True)
    sys.modules["__main__"] = types.ModuleType("__main__")
    exec(program, vars(sys.modules["__main__"]))  # noqa: S102 (it is ours)


if __name__ == "__main__":
    main()
