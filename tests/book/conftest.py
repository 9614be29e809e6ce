"""The built site in a headless browser. Every page opened here is watched.

A page that says anything to the console, or asks for what is not there or not ours, fails the test
that opened it.
"""

import functools
import http.server
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail(f"There is no site in {folder}: run make book first.", pytrace=False)
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(site):
    """Serve the site on a free local port and return its address."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Visitor:
    """Opens pages of the site, and notes in ``faults`` what is wrong with any of them."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.faults = []

    def open(self, name: str, *, width: int = 1280, folder: Path | None = None, **settings):
        """Open a page, as wide and as dark as it is told; from a ``folder`` as a double-click does."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **settings)
        context.set_default_timeout(20_000)  # of a busy machine
        page = context.new_page()
        home = f"{folder.as_uri()}/" if folder else self.address
        page.on("request", functools.partial(self._on_request, home))
        page.on("response", self._on_response)
        page.on("pageerror", lambda error: self.faults.append(f"fails: {error}"))
        page.on("console", lambda message: self.faults.append(f"logs: {message.text}"))
        page.on("requestfailed", self._on_failure)
        page.goto(home + name)
        if settings.get("java_script_enabled", True):
            page.wait_for_function("!document.querySelector('.lrlab[data-module] .lrlab-fallback')")
        return page

    def _on_request(self, home, request):
        if not request.url.startswith((home, "data:", "blob:")):
            self.faults.append(f"asks for what is not of the site: {request.url}")

    def _on_failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it was there
            self.faults.append(f"does not get: {request.url}: {request.failure}")

    def _on_response(self, response):
        if response.status >= 400:
            self.faults.append(f"asks for what is not there: {response.url}")


@pytest.fixture(scope="module")
def visitor(browser, address):
    """Who opens pages for all tests of a module."""
    return Visitor(browser, address)


@pytest.fixture
def watched(visitor):
    """Fail the test in which a page did what it must not."""
    yield
    faults, visitor.faults = visitor.faults, []
    assert not faults, "\n".join(faults)


@pytest.fixture
def open_page(visitor, watched):
    """Return a function that opens a page for one test."""
    opened = []

    def open_one(name: str, **settings):
        opened.append(visitor.open(name, **settings))
        return opened[-1]

    yield open_one
    for page in opened:
        page.context.close()
