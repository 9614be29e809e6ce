"""Idle servers are stopped by the real culler of a real hub, and none whose kernel computes."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import requests
from hub import Kernel, Person, until

from autograder.classroom.hub import culling

ROOT = Path(__file__).resolve().parents[4]
IDLE = 8  # seconds
SILENT = "import time\nwhile True: time.sleep(0.1)"

HUB = """
c.JupyterHub.bind_url = "http://127.0.0.1:{0}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{1}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{2}"
c.ConfigurableHTTPProxy.should_start = False
c.JupyterHub.cleanup_servers = False
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "{password}"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/{{username}}"
c.Spawner.cmd = ["{command}", "--allow-root"]
c.Spawner.environment = {environment}
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
c.JupyterHub.services = [{service}]
c.JupyterHub.load_roles = [{role}]
"""


class Hub:
    """A hub with a proxy of its own, so that servers go on while the hub is down."""

    def __init__(self, folder: Path, students: Path):
        self.folder, self.password = folder, secrets.token_hex()
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
        ports = [each.getsockname()[1] for each in sockets]
        for each in sockets:
            each.close()
        self.address = f"http://127.0.0.1:{ports[0]}"
        settings = SimpleNamespace(cull=SimpleNamespace(idle=IDLE))
        config = HUB.format(
            *ports,
            folder=folder,
            password=self.password,
            command=students / "bin" / "jupyterhub-singleuser",
            environment=culling.environment(settings),
            service=culling.service(settings),
            role=culling.ROLE,
        )
        (folder / "jupyterhub_config.py").write_text(config)
        own = {"CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(), "HOME": str(folder)}
        node = Path(sys.executable).parent
        self.environment = os.environ | own | {"PATH": f"{node}:{os.environ['PATH']}"}
        self.proxy = self._run(
            ROOT / "node_modules" / ".bin" / "configurable-http-proxy",
            f"--port={ports[0]}",
            "--ip=127.0.0.1",
            f"--api-port={ports[2]}",
            f"--default-target=http://127.0.0.1:{ports[1]}",
        )
        self.hub = None

    def _run(self, *command: str | Path) -> subprocess.Popen:
        with (self.folder / "said.log").open("a") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )

    def start(self) -> None:
        self.hub = self._run(sys.executable, "-m", "jupyterhub", "--config=jupyterhub_config.py")
        until(self._answers, "the hub answers")

    def _answers(self) -> bool:
        assert self.hub.poll() is None, (self.folder / "said.log").read_text()[-3000:]
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{self.address}/hub/api", timeout=60).ok
        return False

    def stop(self) -> None:
        self.hub.terminate()
        self.hub.wait(60)


@pytest.fixture
def hub(students, tmp_path) -> Iterator[Hub]:
    if not (ROOT / "node_modules" / ".bin" / "configurable-http-proxy").exists():
        pytest.skip("the hub's proxy is not installed: make does it, with npm")
    hub = Hub(tmp_path, students)
    try:
        hub.start()
        yield hub
    finally:
        for process in psutil.process_iter():  # servers outlive their hub
            with contextlib.suppress(psutil.Error):
                if process.pid != os.getpid() and Path(process.cwd()).is_relative_to(tmp_path):
                    process.kill()


def servers(hub: Hub, person: Person) -> dict:
    return person.hub("GET", f"users/{person.name}")["servers"]


def test_a_silent_kernel_outlives_time_outs_and_a_restart_and_an_idle_server_does_not(hub):
    ada, bob = (Person(hub.address, name, hub.password) for name in ("ada", "bob"))
    ada.start()
    kernel = ada.ask("POST", f"{ada.server}/api/kernels", json={})["id"]
    connection, _ = Kernel(ada, kernel).begin(SILENT)
    connection.close()  # nobody looks on
    began = time.monotonic()
    bob.start()
    until(lambda: not servers(hub, bob), "the idle server is stopped")

    time.sleep(max(began + 3 * IDLE - time.monotonic(), 0))
    assert servers(hub, ada)[""]["ready"]

    hub.stop()
    time.sleep(IDLE + 1)  # whoever was active before has been silent for too long now
    hub.start()
    time.sleep(3)  # the culler has looked more than once
    assert servers(hub, ada)[""]["ready"]
    [found] = ada.ask("GET", f"{ada.server}/api/kernels")
    assert (found["id"], found["execution_state"]) == (kernel, "busy")

    ada.ask("POST", f"{ada.server}/api/kernels/{kernel}/interrupt")
    until(lambda: not servers(hub, ada), "the server is stopped when its kernel is idle")
