"""A hub that runs, with two courses and a class of people who exist on this machine for its time."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml
from hub import Kernel, Person

from autograder.classroom import demo_servers, environment
from autograder.classroom.demo_class import free_ports
from autograder.classroom.demo_place import place, will_add_accounts
from autograder.classroom.hub.people import make_state
from autograder.classroom.hub.sign_in.demo import make_passwords
from autograder.classroom.settings import load

MEMORY = 700  # MB that a student's server may use; it takes about 250 before any work
PROCESSES = 120


class RunningHub:
    """The settings of a class in two courses, its passwords, and the hub that is started with them."""

    def __init__(self, folder: Path, **changes: object) -> None:
        self.folder, self.file = folder, folder / "classroom.yml"
        public, hub, proxy = free_ports(3)
        ines, ada = self.name("ines"), self.name("ada")
        self.courses = {
            self.name("one"): {
                "folder": str(folder / "courses" / "one"),
                "instructors": [ines],
                "graders": [self.name("greta")],
                "students": [ada, self.name("bo"), self.name("дмитрий")],
            },
            self.name("two"): {
                "folder": str(folder / "courses" / "two"),
                "instructors": [ines],
                "graders": [self.name("goran")],
                "students": [ada],
            },
        }
        self.data = {
            "state": str(folder / "state"),
            "exchange": str(folder / "exchange"),
            "students_environment": str(folder / "student"),
            "address": f"http://127.0.0.1:{public}",
            "courses": self.courses,
            "limits": {"memory": f"{MEMORY}M", "cpu": 0.5, "processes": PROCESSES},
            "cull": {"idle": 3600},
            "sign_in": "demo",
            "ports": {"hub": hub, "proxy": proxy},
        } | changes
        self.write()
        make_state(self.settings)
        self.passwords = make_passwords(self.settings.state, self.settings.people)
        environment.build(self.settings.students_environment, self.settings.exchange)
        self.log = self.settings.state / "hub.log"
        self.hub = ExitStack()

    def name(self, plain: str) -> str:
        """Return the name of somebody, or of a course, that is in no other test."""
        return f"h{os.getpid()}-{plain}"

    def write(self) -> None:
        """Write the settings as they are now."""
        self.file.write_text(yaml.safe_dump(self.data, allow_unicode=True), encoding="utf-8")
        self.settings = load(self.file)

    def start(self) -> None:
        """Start the hub, and wait until it and its formgraders answer."""
        self.hub.enter_context(demo_servers.hub(self.settings, self.file))
        for name in self.courses:
            self._wait_for(f"{self.settings.address}/services/{name}/")

    def _wait_for(self, address: str) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(address).close()
                return
            except urllib.error.HTTPError as error:
                if error.code not in (404, 503):
                    return
            time.sleep(0.3)
        pytest.fail(f"{address} does not answer:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        self.hub.close()

    def person(self, plain: str) -> Person:
        """Sign somebody in."""
        name = self.name(plain)
        return Person(self.settings.address, name, self.passwords[name])


@contextmanager
def running(folder: Path, **changes: object) -> Iterator[RunningHub]:
    """Yield a hub that runs in a folder of its own; in the end its people are gone, and all they did."""
    with place(folder), ExitStack() as stack:
        made = RunningHub(folder, **changes)
        will_add_accounts(folder, made.settings)
        stack.enter_context(demo_servers.proxy(made.settings, made.file))
        made.start()
        stack.callback(made.stop)
        yield made


def told(kernel: Kernel, code: str) -> object:
    """Run code that prints JSON last; return that."""
    said = kernel.run(code)
    try:
        return json.loads(said.splitlines()[-1])
    except (IndexError, ValueError):
        pytest.fail(said)
