"""formgrader's pod, told by its manifest, beside a hub that is told by the chart's values.

Hub, proxy and formgrader's server run here as processes, each with what a cluster would give it; only
addresses are this machine's.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml
from test_on_kubernetes import FOLDER, ROOT, VALUES

from autograder.classroom.hub.proxy import PROGRAM, node
from autograder.classroom.sizing.class_at_work import free_ports

PATIENCE = 180  # seconds
CONFIG = """
import json
from traitlets.config import Config

c = get_config()
c.merge(Config(json.loads({config!r})))
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret = {secret!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.services = json.loads({services!r})
c.JupyterHub.load_roles = json.loads({roles!r})
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Return a function that asks formgrader for its page as somebody, and gives the status."""
    try:
        proxy = [node(), str(PROGRAM)]
    except LookupError as error:
        pytest.skip(f"needs the hub's proxy. {error}")
    folder = tmp_path_factory.mktemp("cluster")
    port, hub, api, served = free_ports(4)
    token, testing = secrets.token_hex(16), secrets.token_hex(16)
    [(name, service)] = VALUES["hub"]["services"].items()
    told = VALUES["hub"]["config"]
    settings = folder / "jupyterhub_config.py"
    settings.write_text(
        CONFIG.format(
            config=json.dumps({each: told[each] for each in ("Authenticator", "JupyterHub")}),
            secret=os.urandom(32),
            port=port,
            hub=hub,
            api=api,
            services=json.dumps(
                [
                    {**service, "name": name, "url": f"http://127.0.0.1:{served}"}
                    | {"api_token": token},
                    {"name": "test", "api_token": testing},
                ]
            ),
            roles=json.dumps(
                [
                    *VALUES["hub"]["loadRoles"].values(),
                    {"name": "test", "services": ["test"], "scopes": ["admin:users", "tokens"]},
                ]
            ),
            proxy=proxy,
        )
    )
    [deployment] = [
        each
        for each in yaml.safe_load_all((FOLDER / "formgrader.yaml").read_text())
        if each["kind"] == "Deployment"
    ]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    here = {
        "0.0.0.0:8888": f"127.0.0.1:{served}",
        "hub:8081": f"127.0.0.1:{hub}",
        "/opt/learning-rates/course": str(ROOT),
        "/srv/learning-rates/exchange": str(folder / "exchange"),
    }
    (folder / "exchange" / name).mkdir(parents=True)
    environment = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for each in container["env"]:
        value = each.get("value", token)
        for there, address in here.items():
            value = value.replace(there, address)
        environment[each["name"]] = value
    environment["HOME"] = str(folder)
    course = folder / "course"
    course.mkdir()
    (course / "nbgrader_config.py").write_text("")
    arguments = [each.replace("/course", str(course)) for each in container["args"]]
    running = []
    with (folder / "said.log").open("w") as said:
        for command, env in (
            ([sys.executable, "-m", "jupyterhub", "-f", str(settings)], os.environ | environment),
            # In a container root is allowed nothing; here a test may be root.
            ([*container["command"], *arguments, "--allow-root"], environment),
        ):
            if command[0] == sys.executable:
                env = {each: env[each] for each in env if not each.startswith("JUPYTERHUB_")}
            running.append(
                subprocess.Popen(
                    command, cwd=course, env=env, stdout=said, stderr=subprocess.STDOUT
                )
            )
    address = f"http://127.0.0.1:{port}"

    def status(path: str, method: str = "GET", key: str = testing) -> requests.Response | None:
        try:
            return requests.request(
                method,
                address + path,
                headers={"Authorization": f"token {key}"},
                allow_redirects=False,
                timeout=PATIENCE,
            )
        except requests.ConnectionError:
            return None

    def ask_as(person: str, page: str) -> int:
        made = status(f"/hub/api/users/{person}/tokens", "POST")
        return status(f"/services/{name}/formgrader/{page}", key=made.json()["token"]).status_code

    try:
        end = time.monotonic() + PATIENCE
        while (answer := status(f"/services/{name}/api")) is None or answer.status_code != 200:
            log = (folder / "said.log").read_text()[-3000:]
            assert time.monotonic() < end, log
            assert all(each.poll() is None for each in running), log
            time.sleep(0.3)
        yield ask_as
    finally:
        for each in reversed(running):
            each.terminate()
        for each in running:
            each.wait(PATIENCE)


PAGES = ("manage_assignments", "api/assignments")


@pytest.mark.parametrize("person", ["ines", "greta"])
def test_staff_open_formgrader(ask, person):
    assert [ask(person, page) for page in PAGES] == [200, 200]


def test_a_student_does_not(ask):
    assert [ask("ada", page) for page in PAGES] == [403, 403]
