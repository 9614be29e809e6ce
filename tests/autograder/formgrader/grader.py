"""A grader in formgrader, as its pages ask the server; and how to wait for what happens there."""

import json
import time
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from urllib.error import HTTPError

PATIENCE = 240  # seconds for what happens at once; no time is asserted


class Grader:
    """A browser of its own, with formgrader of the Jupyter server at ``address`` open in it."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}formgrader/"
        self._cookies = CookieJar()
        keeper = urllib.request.HTTPCookieProcessor(self._cookies)
        self._browser = urllib.request.build_opener(keeper)
        self.open("manage_assignments")

    def headers(self) -> dict[str, str]:
        """Return what a page sends to show that it is one of this server's."""
        token = {each.name: each.value for each in self._cookies}.get("_xsrf", "")
        cookies = "; ".join(f"{each.name}={each.value}" for each in self._cookies)
        return {"X-XSRFToken": token, "Cookie": cookies}

    def open(self, path: str, method: str = "GET", body: dict | None = None) -> str:
        """Return the text of an answer; fail, with it, when that is an error."""
        data = None if method == "GET" else json.dumps(body or {}).encode()
        asked = urllib.request.Request(self.address + path, data, self.headers(), method=method)
        try:
            with self._browser.open(asked, timeout=PATIENCE) as answer:
                return answer.read().decode()
        except HTTPError as error:
            raise AssertionError(f"{path}: {error}: {error.read()}") from None

    def press(self, path: str) -> dict:
        """Press a button; return what its dialog is given."""
        return json.loads(self.open(f"api/{path}", "POST"))

    def listed(self, path: str) -> list[dict]:
        """Return what a page lists."""
        return json.loads(self.open(f"api/{path}"))

    def save(self, kind: str, number: str, **fields: object) -> None:
        """Type into a field of a submission's page, and leave it."""
        self.open(f"api/{kind}/{number}", "PUT", fields)


def wait_for(happened: Callable[[], object]) -> None:
    """Wait until ``happened`` says so; fail after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)
