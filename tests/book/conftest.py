"""The built site in a headless browser. Every page opened here is watched.

A page that logs an error or asks another host for anything fails the test that opened it.
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


@pytest.fixture
def open_page(browser, address):
    """Return a function that opens a page of the site, as wide and as dark as it is told."""
    contexts, faults = [], []

    def on_request(request):
        if not request.url.startswith((address, "data:", "blob:")):
            faults.append(f"asks another host: {request.url}")

    def on_response(response):
        if response.status >= 400:
            faults.append(f"asks for what is not there: {response.url}")

    def open_one(name: str, *, width: int = 1280, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", on_request)
        page.on("response", on_response)
        page.on("pageerror", lambda error: faults.append(f"fails: {error}"))
        page.on("console", lambda m: m.type == "error" and faults.append(f"logs: {m.text}"))
        page.goto(address + name)
        if settings.get("java_script_enabled", True):
            page.wait_for_function("!document.querySelector('.lrlab[data-module] .lrlab-fallback')")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)
