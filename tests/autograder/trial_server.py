"""A server to try ``fork_server`` with: it imports for as long as it is told."""

import importlib
import json
import os
import socket
import sys
import time
from pathlib import Path

from autograder.serving import serve


def main(
    listener: socket.socket, seconds: str, started: str = os.devnull, module: str = "json"
) -> None:
    """Note that it has started, take ``seconds``, then tell who asks what was imported, by whom."""
    Path(started).write_text(str(os.getpid()))
    importlib.import_module(module)
    time.sleep(float(seconds))
    told = {"server": os.getpid(), "parent": os.getppid(), "modules": sorted(sys.modules)}
    serve(listener, lambda line: line.sendall(json.dumps(told).encode()))
