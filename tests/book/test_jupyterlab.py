"""The same cells in JupyterLab, where a kernel answers: quiz, figure, live figure, strip links."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import TimeoutError

ROOT = Path(__file__).parents[2]
CODE = """\
from matplotlib.figure import Figure
from lrlab import figures, quiz

def draw(slope):
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, slope])
    return figure

figures.live(draw, alt="a line", slope=(0.0, 1.0, 0.25))
figures.show("u_curve", "mnist_sgd_u")
quiz.show("01_first_step")"""


@pytest.fixture
def lab(tmp_path):
    """Run JupyterLab on a folder with the book's assets and one notebook; return its address."""
    for folder in ("figures", "quizzes", "runs"):
        shutil.copytree(ROOT / "book" / folder, tmp_path / folder)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\n[See it](#See-it)"),
            nbformat.v4.new_markdown_cell("filling\n\n" * 100),
            nbformat.v4.new_markdown_cell("## See it"),
            nbformat.v4.new_code_cell(CODE),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, tmp_path / "try.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
        + ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--LabApp.news_url=None"]
        + ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")},
        stdout=(tmp_path / "lab.log").open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(address + "api", server, tmp_path / "lab.log")
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen, log) -> None:
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


def run_all_cells(page, wanted) -> None:
    """Run the notebook until `wanted` is there.

    On a busy machine JupyterLab may ask for the kernel that the notebook names, because it has not
    read the list of kernels yet; what was to run before the answer is then dropped.
    """
    question = page.locator("dialog.jp-Dialog", has_text="Select Kernel")
    page.add_locator_handler(question, lambda: question.get_by_text("Select", exact=True).click())
    for patience in (20_000, 20_000, 60_000):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        try:
            wanted.wait_for(timeout=patience)
            return
        except TimeoutError:
            continue
    pytest.fail("The cells did not run:\n" + page.locator("body").inner_text()[-2000:])


def test_quiz_and_figures_answer_in_jupyterlab(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(lab + "lab/tree/try.ipynb")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    view, question = page.locator(".lrlab-view"), page.locator(".quiz-question").first
    run_all_cells(page, view)
    value = view.locator(".lrlab-value")
    before = value.inner_text()
    view.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")  # JupyterLab must not take the key for itself
    assert value.inner_text() != before

    question.get_by_role("radio").first.press("Space")
    page.keyboard.press("Enter")
    assert question.get_by_role("status").inner_text().startswith("A. ")

    picture = page.locator(".jupyter-widgets .lrlab-picture")
    old = picture.get_attribute("src")
    page.locator(".widget-slider [role=slider]").press("ArrowRight")
    page.wait_for_function("old => document.querySelector('.lrlab-picture').src !== old", arg=old)

    page.locator("a[href='#See-it']").first.click()
    heading = page.locator("h2", has_text="See it")
    page.wait_for_function("h => h.getBoundingClientRect().top < 400", arg=heading.element_handle())
    page.close()
