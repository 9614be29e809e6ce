"""A JupyterHub as its people use it: they sign in, start their servers, and work there.

What JupyterLab's nbgrader pages ask of a student's server is asked here through the same addresses.
"""

import contextlib
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import quote, urlsplit

import requests
import websocket

Answer = TypeVar("Answer")
PATIENCE = 180  # seconds; for what takes a few on an idle machine


class Refused(Exception):
    """The hub or a server said no; holds its status and its words."""

    def __init__(self, answer: requests.Response):
        super().__init__(f"{answer.request.method} {answer.url}: {answer.status_code}")
        self.status, self.text = answer.status_code, answer.text


def until(found: Callable[[], Answer], what: str, patience: float = PATIENCE) -> Answer:
    """Return the first true answer of ``found``; fail after ``patience`` seconds."""
    end = time.monotonic() + patience
    while not (answer := found()):
        assert time.monotonic() < end, f"{patience} s were not enough: {what}"
        time.sleep(0.2)
    return answer


class Person:
    """Somebody who has signed in with a password, as a browser does, and holds a token since."""

    def __init__(self, address: str, name: str, password: str):
        self.address, self.name = address.rstrip("/"), name
        self.server = f"{self.address}/user/{quote(name)}"
        self.session = requests.Session()
        login = f"{self.address}/hub/login"
        self.session.get(login, timeout=PATIENCE)
        given = {"username": name, "password": password, "_xsrf": self._xsrf()}
        signed_in = self.session.post(login, given, allow_redirects=False, timeout=PATIENCE)
        if signed_in.status_code != 302:
            raise Refused(signed_in)
        made = self.session.post(
            f"{self.address}/hub/api/users/{quote(name)}/tokens",
            headers={"X-XSRFToken": self._xsrf()},
            timeout=PATIENCE,
        )
        if not made.ok:
            raise Refused(made)
        self.token = made.json()["token"]
        self.session = requests.Session()  # from here on the token alone
        self.session.headers["Authorization"] = f"token {self.token}"

    def _xsrf(self) -> str:
        return {each.name: each.value for each in self.session.cookies}["_xsrf"]

    def ask(self, method: str, url: str, **more):
        """Return the JSON, or the text, that ``url`` answers; raise Refused for any other status."""
        answer = self.session.request(method, url, timeout=PATIENCE, **more)
        if not answer.ok:
            raise Refused(answer)
        with contextlib.suppress(ValueError):
            return answer.json()
        return answer.text

    def hub(self, method: str, path: str, **more):
        """Ask the hub's REST API."""
        return self.ask(method, f"{self.address}/hub/api/{path}", **more)

    def start(self) -> "Person":
        """Start this person's server unless it runs, and wait for it."""
        me = f"users/{quote(self.name)}"
        if not self.hub("GET", me)["servers"]:
            self.hub("POST", f"{me}/server")
        until(lambda: self.hub("GET", me)["servers"].get("", {}).get("ready"), f"{me}'s server")
        return self

    def stop(self) -> None:
        """Stop this person's server, and wait until it is gone."""
        me = f"users/{quote(self.name)}"
        self.hub("DELETE", f"{me}/server")
        until(lambda: not self.hub("GET", me)["servers"], f"{me}'s server has ended")

    # What the page "Assignment List" asks for.

    def assignments(self, course: str) -> dict[tuple[str, str], dict]:
        """Return what is listed, by its status ("released", "fetched", "submitted") and name."""
        listed = self.ask("GET", f"{self.server}/assignments", params={"course_id": course})
        assert listed["success"], listed["value"]
        return {(each["status"], each["assignment_id"]): each for each in listed["value"]}

    def press(self, action: str, course: str, assignment: str) -> dict:
        """Press "fetch", "submit" or "fetch_feedback"; return what the page is told."""
        which = {"course_id": course, "assignment_id": assignment}
        return self.ask("POST", f"{self.server}/assignments/{action}", params=which)

    def validate(self, path: str) -> dict:
        """Press "Validate" for the notebook at ``path``; return what the dialog is made of."""
        answer = self.ask("POST", f"{self.server}/assignments/validate", params={"path": path})
        assert answer["success"], answer["value"]
        return json.loads(answer["value"]) if isinstance(answer["value"], str) else answer["value"]

    # Files and programs.

    def contents(self, path: str) -> str:
        return f"{self.server}/api/contents/{quote(path)}"

    def read(self, path: str):
        """Return the content of a file: of a notebook as JSON, of a folder as a list."""
        return self.ask("GET", self.contents(path))["content"]

    def write(self, path: str, notebook: dict) -> None:
        """Save a notebook as JupyterLab does."""
        self.ask("PUT", self.contents(path), json={"type": "notebook", "content": notebook})

    def rename(self, path: str, new: str) -> None:
        self.ask("PATCH", self.contents(path), json={"path": new})

    @contextlib.contextmanager
    def kernel(self) -> Iterator["Kernel"]:
        """Yield a kernel on this person's server, and end it."""
        found = self.ask("POST", f"{self.server}/api/kernels", json={})
        try:
            yield Kernel(self, found["id"])
        finally:
            with contextlib.suppress(Refused, OSError):
                self.ask("DELETE", f"{self.server}/api/kernels/{found['id']}")

    def run(self, code: str) -> str:
        """Run ``code`` in a kernel of its own; return what it printed, errors too."""
        with self.kernel() as kernel:
            return kernel.run(code)


class Kernel:
    """A kernel on somebody's server, spoken to as JupyterLab does."""

    def __init__(self, person: Person, name: str):
        self.person, self.name = person, name

    def connect(self) -> websocket.WebSocket:
        parts = urlsplit(self.person.server)
        return websocket.create_connection(
            f"ws://{parts.netloc}{parts.path}/api/kernels/{self.name}/channels",
            header=[f"Authorization: token {self.person.token}"],
            timeout=PATIENCE,
        )

    def begin(self, code: str) -> tuple[websocket.WebSocket, str]:
        """Ask for ``code`` to be run; return the connection and the request's id."""
        asked, connection = uuid.uuid4().hex, self.connect()
        header = {"msg_id": asked, "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": "", "session": uuid.uuid4().hex, "date": ""}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        message = {"header": header, "content": content, "parent_header": {}, "metadata": {}}
        connection.send(json.dumps(message | {"channel": "shell"}))
        return connection, asked

    def run(self, code: str) -> str:
        """Return what ``code`` printed, its error too."""
        connection, asked = self.begin(code)
        said = ""
        with contextlib.closing(connection):
            while True:
                message = json.loads(connection.recv())
                if message["parent_header"].get("msg_id") != asked:
                    continue
                content = message["content"]
                match message["msg_type"]:
                    case "stream":
                        said += content["text"]
                    case "error":
                        said += f"{content['ename']}: {content['evalue']}\n"
                    case "status" if content["execution_state"] == "idle":
                        return said


class Formgrader:
    """A course's formgrader, used by somebody who may: its buttons, through their addresses."""

    def __init__(self, person: Person, course: str):
        self.person = person
        self.address = f"{person.address}/services/{course}/formgrader"

    def press(self, *path: str):
        """Press the button behind ``path`` of formgrader's API; return its log."""
        answer = self.person.ask("POST", self._api(*path))
        assert answer["success"], answer
        return answer["log"]

    def look(self, *path: str):
        """Return what one of formgrader's lists is made of."""
        return self.person.ask("GET", self._api(*path))

    def _api(self, *path: str) -> str:
        return "/".join((self.address, "api", *map(quote, path)))
