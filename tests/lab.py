"""JupyterLab as a person runs it: a server on a folder, and what is pressed in its pages."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, TimeoutError

ROOT = Path(__file__).parents[1]
PATIENCE = 60_000  # milliseconds; two busy cores are slow, and no time is asserted


@contextmanager
def serve_lab(
    folder: Path, logs: Path, students: Path | None = None, base: str = "/", **environment: str
) -> Iterator[str]:
    """Run JupyterLab, with nbgrader's pages, in ``folder``; yield its address, which ends in "/".

    logs: a folder outside, for what the server says and for the settings of the person. students: the
    environment of students' servers, in place of this checkout with settings that suit a test. base:
    where the server begins on its machine, as a hub puts one below others.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}{base}"
    own = {"PYTHONPATH": "" if students else str(ROOT), "JUPYTER_CONFIG_DIR": str(logs / "config")}
    quiet = ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]  # ask no other host
    quiet.append("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
    python = students / "bin" / "python" if students else sys.executable
    with (logs / "lab.log").open("w") as said:
        server = subprocess.Popen(
            [python, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
            + ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="]
            + [f"--ServerApp.base_url={base}"]
            + ([] if students else quiet),
            cwd=folder,
            env=os.environ | own | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address + "api", server, logs / "lab.log")
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:  # it may wait for an answer from outside
                server.kill()
                server.wait()


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(url) as answer:
                json.load(answer)
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def open_notebook(page: Page, address: str, path: str) -> None:
    """Open the notebook at ``path`` in JupyterLab, and wait for its kernel.

    On a busy machine JupyterLab may ask for the kernel that the notebook names, because it has not
    read the list of kernels yet; what was to run before the answer is then dropped.
    """
    question = page.locator("dialog.jp-Dialog", has_text="Select Kernel")
    page.add_locator_handler(question, lambda: question.get_by_text("Select", exact=True).click())
    page.goto(f"{address}lab/tree/{path}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=PATIENCE)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=PATIENCE)


def cell_with(page: Page, text: str) -> Locator:
    """Return the code cell whose source holds ``text``."""
    editor = page.locator(".jp-InputArea-editor", has_text=text)
    return page.locator(".jp-CodeCell", has=editor)


def write(page: Page, cell: Locator, text: str) -> None:
    """Type ``text`` into a cell in place of what stands there, and run it."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")


def run_all_cells(page: Page, wanted) -> None:
    """Run the notebook until `wanted` is there; again, where what was to run was dropped."""
    for patience in (20_000, 20_000, 60_000):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        try:
            wanted.wait_for(timeout=patience)
            return
        except TimeoutError:
            continue
    pytest.fail("The cells did not run:\n" + page.locator("body").inner_text()[-2000:])
