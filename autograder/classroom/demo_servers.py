"""A hub and its proxy, as processes of whoever starts them: they end together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from autograder import ROOT
from autograder.classroom.settings import Settings
from autograder.sandbox import linux

CONFIG = Path(__file__).with_name("hub") / "jupyterhub_config.py"
PATIENCE = 120  # seconds until a hub answers; some on an idle machine
GRACE = 120  # seconds to stop everybody's server; a hub that is killed leaves its services


class NoHub(Exception):
    """The hub or its proxy has ended; the message holds the end of what it said."""


@contextlib.contextmanager
def proxy(settings: Settings, path: Path) -> Iterator[subprocess.Popen]:
    """Run the proxy of the hub whose settings are in ``path``."""
    command = [sys.executable, "-m", "autograder.classroom.hub.proxy"]
    with _process(command, path, settings.state / "proxy.log") as found:
        yield found


@contextlib.contextmanager
def hub(settings: Settings, path: Path, *options: str) -> Iterator[subprocess.Popen]:
    """Run the hub with the settings in ``path``, and wait until it answers. Raises NoHub.

    options: of JupyterHub's command line, which are stronger than its configuration.
    """
    log = settings.state / "hub.log"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG), *options]
    with _process(command, path, log) as found:
        end = time.monotonic() + PATIENCE
        while not _answers(f"{settings.address}/hub/api/"):
            if found.poll() is not None or time.monotonic() > end:
                raise NoHub(f"The hub does not answer. The end of {log}:\n{_end_of(log)}")
            time.sleep(0.2)
        yield found


@contextlib.contextmanager
def _process(command: list[str], path: Path, log: Path) -> Iterator[subprocess.Popen]:
    with log.open("a") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"CLASSROOM": str(path), "PATH": _path()},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the process that stops this one
            preexec_fn=partial(linux.die_with_parent, signal.SIGTERM),  # noqa: PLW1509 (no thread)
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _path() -> str:
    """Return a PATH on which this environment's commands come first, Node among them."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
        return True
    return False


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])
