"""A hub with its proxy and students' servers, all real, in which a class is measured.

The proxy is a process of its own, as in production. Servers run as whoever measures; who owns a
process does not change what it uses.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import websocket

from autograder.classroom.hub.proxy import PROGRAM, node
from autograder.classroom.sizing.processes import family

PATIENCE = 300  # seconds: a busy machine is slow to start things
SETTINGS = """
c = get_config()
c.JupyterHub.bind_url = "{address}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.active_server_limit = 0
c.JupyterHub.concurrent_spawn_limit = 0
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {{"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}}
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
c.JupyterHub.services = [{{"name": "sizing", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{"name": "sizing", "services": ["sizing"],
     "scopes": ["admin:users", "admin:servers", "access:servers"]}},
]
"""


class Class:
    """A running hub. ``hub`` and ``proxy`` are process ids; leave the block to end it all."""

    def __init__(self, folder: Path) -> None:
        port, hub, proxy = free_ports(3)
        self.folder = folder
        self._token = secrets.token_hex(16)
        self._address = f"http://127.0.0.1:{port}"
        settings = folder / "jupyterhub_config.py"
        settings.write_text(
            SETTINGS.format(
                address=self._address,
                hub=hub,
                proxy=proxy,
                folder=folder,
                patience=PATIENCE,
                token=self._token,
            )
        )
        environment = os.environ | {"CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16)}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        commands = (
            [node(), str(PROGRAM), "--ip=127.0.0.1", f"--port={port}", "--api-ip=127.0.0.1"]
            + [f"--api-port={proxy}", f"--default-target=http://127.0.0.1:{hub}"],
            [sys.executable, "-m", "jupyterhub", "-f", str(settings)],
        )
        self._started = []
        with (folder / "hub.log").open("w") as said:
            for command in commands:
                self._started.append(
                    subprocess.Popen(
                        command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
                    )
                )
        self.proxy, self.hub = (each.pid for each in self._started)

    def __enter__(self) -> Self:
        self._wait(lambda: self._ask("GET", "/hub/api/") is not None, "The hub did not start")
        return self

    def __exit__(self, *error) -> None:
        running = family(self.hub)
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            process.wait(PATIENCE)
        for each in running[1:]:  # servers outlive their hub
            try:
                os.kill(each, 9)
            except ProcessLookupError:
                pass

    def start_server(self, student: str) -> int:
        """Start a student's server; return its process id once it answers."""
        (self.folder / "homes" / student).mkdir(parents=True, exist_ok=True)
        before = set(family(self.hub))
        self._ask("POST", f"/hub/api/users/{student}")
        self._ask("POST", f"/hub/api/users/{student}/server")
        self._wait(
            lambda: self._ask("GET", f"/hub/api/users/{student}")["server"],
            f"The server of {student} did not start",
        )
        return next(each for each in family(self.hub) if each not in before)

    def start_kernel(self, student: str) -> "Kernel":
        """Start a kernel in a student's server, in the student's home."""
        kernels = f"/user/{student}/api/kernels"
        before = set(family(self.hub))
        kernel = self._ask("POST", kernels, {"name": "python3"})
        line = websocket.create_connection(
            f"{self._address.replace('http', 'ws')}{kernels}/{kernel['id']}/channels",
            header={"Authorization": f"token {self._token}"},
            timeout=PATIENCE,
        )
        started = sorted(set(family(self.hub)) - before)
        return Kernel(line, started, lambda: self._ask("DELETE", f"{kernels}/{kernel['id']}"))

    def _ask(self, method: str, path: str, data: dict | None = None):
        """Return what the hub or a server answers; None while there is no answer."""
        request = urllib.request.Request(
            self._address + path,
            method=method,
            data=json.dumps(data or {}).encode() if method == "POST" else None,
            headers={"Authorization": f"token {self._token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read() or "{}")
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise
        except OSError:
            pass
        return None

    def _wait(self, met, sentence: str) -> None:
        end = time.monotonic() + PATIENCE
        while not met():
            if time.monotonic() > end or any(each.poll() is not None for each in self._started):
                raise SystemExit(f"{sentence}:\n{(self.folder / 'hub.log').read_text()[-2000:]}")
            time.sleep(0.2)


@dataclass(frozen=True)
class Kernel:
    """A live kernel in a student's server, reached as JupyterLab reaches it; ``end`` ends it."""

    line: websocket.WebSocket
    processes: list[int]
    end: Callable[[], object]

    def run(self, code: str) -> None:
        """Run a cell to its end. Raises RuntimeError with the error of one that fails."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
        content = {"code": code, "silent": False, "stop_on_error": True, "allow_stdin": False}
        message = {"header": header | {"username": "", "session": "sizing"}, "content": content}
        self.line.send(
            json.dumps(message | {"channel": "shell", "parent_header": {}, "metadata": {}})
        )
        while True:
            told = json.loads(self.line.recv())
            if told["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if told["channel"] == "shell":
                if told["content"]["status"] != "ok":
                    raise RuntimeError("\n".join(told["content"]["traceback"]))
                return


def free_ports(count: int) -> list[int]:
    """Return ports of this machine on which nobody listens."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
