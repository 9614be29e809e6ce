"""A hub that an ordinary user starts, and that speaks https with a certificate of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
import yaml
from certipy import Certipy
from hub import Person

from autograder import ROOT
from autograder.classroom import environment
from autograder.classroom.demo_class import free_ports
from autograder.classroom.demo_servers import CONFIG
from autograder.classroom.hub.enter import ENTER, how
from autograder.classroom.hub.people import make_state
from autograder.classroom.hub.places import pythons
from autograder.classroom.hub.sign_in.demo import make_passwords
from autograder.classroom.hub.spawner import ONE_USER
from autograder.classroom.hub.view import View
from autograder.classroom.settings import load


@contextmanager
def ordinary_user(folder: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield what a command begins with, and its environment, to run as a user who is not root."""
    if os.geteuid() != 0:
        yield [], {}
        return
    name = f"h{os.getpid()}-one"
    subprocess.run(["useradd", "--no-create-home", "--home-dir", str(folder), name], check=True)
    try:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, name, name)
        shown = (str(ROOT), *pythons(Path(sys.executable)))
        view = View(hidden=("/root",), read_only=shown, writable=(str(folder),))
        yield list(ENTER), how(name, str(ROOT), view, None, log=False)
    finally:
        subprocess.run(["userdel", "--force", name], check=True, capture_output=True)


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Iterator[tuple]:
    """Start proxy and hub; yield the settings and the class's passwords."""
    folder = tmp_path_factory.mktemp("one")
    store = Certipy(store_dir=str(folder / "tls"))
    authority = store.create_ca("authority")["files"]["cert"]
    pair = store.create_signed_pair("hub", "authority", alt_names=["DNS:localhost"])["files"]
    public, hub_port, proxy_port = free_ports(3)
    course = {"folder": str(folder / "one"), "instructors": ["ines"], "students": ["ada"]}
    data = {
        "state": str(folder / "state"),
        "exchange": str(folder / "exchange"),
        "students_environment": str(folder / "student"),
        "address": f"https://localhost:{public}",
        "courses": {"one": course},
        "limits": {"memory": "1G", "cpu": 1, "processes": 100},
        "cull": {"idle": 3600},
        "sign_in": "demo",
        "tls": {"certificate": str(pair["cert"]), "key": str(pair["key"])},
        "ports": {"hub": hub_port, "proxy": proxy_port},
    }
    file = folder / "classroom.yml"
    file.write_text(yaml.safe_dump(data))
    settings = load(file)
    make_state(settings)
    passwords = make_passwords(settings.state, settings.people)
    environment.build(settings.students_environment, settings.exchange)
    log = folder / "hub.log"
    with ordinary_user(folder) as (prefix, own), ExitStack() as stack:
        for program in (["autograder.classroom.hub.proxy"], ["jupyterhub", "-f", str(CONFIG)]):
            said = stack.enter_context(log.open("w"))  # the hub's in the end, not the proxy's
            process = subprocess.Popen(
                [*prefix, sys.executable, "-m", *program],
                cwd=ROOT,
                env=os.environ | own | {"CLASSROOM": str(file)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        for _ in range(400):
            try:
                if requests.get(f"{settings.address}/services/one/", verify=authority).ok:
                    break
            except requests.ConnectionError:
                pass
            assert process.poll() is None, log.read_text()
            time.sleep(0.3)
        else:
            pytest.fail(log.read_text())
        yield settings, passwords, authority


def test_the_hub_speaks_https_and_shows_its_own_certificate(hub, monkeypatch):
    settings, passwords, authority = hub
    login = f"{settings.address}/hub/login"
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(login, timeout=60)
    page = requests.get(login, verify=authority, timeout=60)
    assert page.ok
    assert all(each.secure for each in page.cookies)
    assert len(page.cookies) > 0
    with pytest.raises(requests.ConnectionError):
        requests.get(login.replace("https:", "http:"), timeout=60)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    ada = Person(settings.address, "ada", passwords["ada"]).start()
    assert ada.ask("GET", f"{ada.server}/api/status")["kernels"] == 0
    ada.stop()


def test_it_says_what_is_not_kept_apart(hub):
    settings, _, authority = hub
    page = requests.get(f"{settings.address}/hub/login", verify=authority, timeout=60).text
    assert ONE_USER.split(":")[0] in page


def test_formgrader_opens_for_the_staff_alone_here_too(hub, monkeypatch):
    settings, passwords, authority = hub
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    place = f"{settings.address}/services/one/formgrader"
    opened = {
        name: Person(settings.address, name, word).session.get(place, timeout=60).status_code
        for name, word in passwords.items()
    }
    assert opened == {"ines": 200, "ada": 403}
