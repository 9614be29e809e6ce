"""The commands that tests run as a person would: in a folder, each in a process of its own.

Importing nbgrader takes longer than most commands. So one process imports it, and forks for every
command: this file is its program too. Another one imports torch, and forks for every command's servers.
"""

import atexit
import functools
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from traitlets.config import Application
from warmed import Program, Warmed

LONGEST = 3600  # seconds: of a command that hangs, not of one on a busy machine


def nbgrader(folder: Path, *arguments: str, rights: Sequence[str] = ()) -> str:
    """Run one nbgrader command in ``folder``; return what it wrote, and fail when it fails.

    rights: the words before the command, of a program that changes what it may do.
    """
    return in_turn((folder, "nbgrader", *arguments), rights=rights)


def autograder(folder: Path, *arguments: str, rights: Sequence[str] = ()) -> str:
    """Run one of our own commands in the course ``folder``, as ``nbgrader`` does."""
    return in_turn((folder, "autograder", *arguments), rights=rights)


def in_turn(*commands: Sequence[Path | str], rights: Sequence[str] = ()) -> str:
    """Run commands one after another in one process, which keeps the servers that it starts.

    Each is a folder, a module and its arguments. All run the code that the first folder holds.
    """
    server = _server(tuple(rights))
    with tempfile.NamedTemporaryFile("r") as said:
        server.stdin.write(json.dumps([said.name, commands], default=str) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        text = said.read()
    assert status == 0, text
    return text


@functools.cache
def _server(rights: tuple[str, ...]) -> subprocess.Popen:
    """Return the process that forks for commands with these rights."""
    environment = {
        key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))
    }
    server = subprocess.Popen(
        [*rights, sys.executable, __file__, *_warmed(rights)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)  # its input ends, and so does it
    return server


def _warmed(rights: tuple[str, ...]) -> list[str]:
    """Return where a Python has imported what servers do: for commands with the usual rights."""
    if rights:
        return []
    from autograder.fork_server import KEPT, SETTINGS  # here, as commands have their own
    from autograder.sandbox.warm import IMPORTED
    from autograder.serving import SHARED

    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    modules = [each for each in (*SHARED, *IMPORTED) if not each.startswith("lrlab")]
    return [Warmed(*modules, env={**kept, **SETTINGS}).address]


def _serve() -> None:
    """Fork for each line of the standard input; answer with how the fork ended."""
    # Here, as whoever only asks does without: what all commands import, and what they would prepare.
    import nbgrader.apps  # noqa: F401
    import numpy  # noqa: F401
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            return _run(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(said: str, commands: list[list[str]]) -> None:
    """Run commands in this process as ``python -m`` would, up to the first that fails."""
    signal.alarm(LONGEST)
    for number, path in ((0, os.devnull), (1, said), (2, said)):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND), number)
    sys.path[0] = commands[0][0]
    if sys.argv[1:] and Path(sys.path[0], "autograder").is_dir():
        _fork_servers(sys.argv[1])
    for folder, module, *arguments in commands:
        os.chdir(folder)
        sys.argv = [module, *arguments]
        if Application.initialized():
            type(Application.instance()).clear_instance()
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            if end.code:
                raise


def _fork_servers(address: str) -> None:
    """Have the warmed Python at ``address`` fork what the course would start; without torch it starts."""
    from autograder import fork_server

    if Path(sys.path[0], "torch.py").exists():
        return

    def popen(arguments, cwd, env, pass_fds, **_):
        with open(os.devnull, "w") as nothing:
            files = {1: nothing.fileno(), 2: 2, **{each: each for each in pass_fds}}
            program = Program(address, arguments[1:], cwd, env, files)
        return SimpleNamespace(pid=program.pid, communicate=program.wait)

    fork_server.subprocess = SimpleNamespace(Popen=popen, PIPE=None, DEVNULL=None)


if __name__ == "__main__":
    _serve()
