"""JupyterLab as a student of the hub has it: the site's button opens a chapter, and all in it works.

The server runs in the students' environment, with its settings; nbgitpuller fetches a repository of
the chapters from where git is told that the site's address lies.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from lab import PATIENCE, open_notebook, run_all_cells, serve_lab
from playwright.sync_api import Page, expect
from test_launch import CHAPTER, REPOSITORY, buttons
from test_structure import ROOT

from autograder.classroom.hub import limits

LIMIT = 2**31  # bytes, as in classroom.example.yml
GROUP = f"students-lab-{os.getpid()}"
TOO_MUCH = f"taken = bytearray({LIMIT})"
HANDING_IN = (ROOT / "book" / "handing_in.md").read_text(encoding="utf-8")
SHOW = """\
from lrlab import data, figures, models, quiz, training

figures.show("first_step", "mnist_first_step")
quiz.show("01_first_step")"""
TRAIN = """\
import torch
model = models.SimpleCNN()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
training.fit(model, data.mnist()[0], optimizer, steps=1_000_000)"""


@contextmanager
def bounded() -> Iterator[None]:
    """Bound the memory of the server, with its kernels, as the hub does where it can."""
    try:
        group = limits.Group(GROUP, LIMIT, cpu=64, processes=1000)
    except OSError:
        yield
        return
    ours = [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]
    [server] = [each for each in ours if "jupyterlab" in each.cmdline()]
    for _, parent in limits.parents():
        (parent / GROUP / "cgroup.procs").write_text(str(server.pid))
    yield
    server.terminate()
    server.wait(60)
    group.remove()


@pytest.fixture(scope="module")
def lab(students, chapters_repository, tmp_path_factory):
    """Run JupyterLab in a student's home; return its address."""
    home, logs = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("logs")
    for name, sources in {"try": [SHOW], "much": [TOO_MUCH]}.items():
        cells = [nbformat.v4.new_code_cell(each) for each in sources]
        about = {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=about)
        nbformat.write(notebook, home / f"{name}.ipynb")
    git = logs / "gitconfig"
    git.write_text(f'[url "file://{chapters_repository}"]\n insteadOf = {REPOSITORY}\n')
    own = {"GIT_CONFIG_GLOBAL": str(git), "TQDM_DISABLE": "0", "MEM_LIMIT": str(LIMIT)}
    with serve_lab(home, logs, students, **own) as address, bounded():
        yield address


@pytest.fixture
def page(browser, lab):
    """A page that says nothing to the console, and asks nobody else, until the test has ended."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    heard = []
    page.on("console", lambda each: each.type == "error" and heard.append(each.text))
    page.on("pageerror", lambda each: heard.append(str(each)))
    page.on(
        "request",
        lambda each: each.url.startswith((lab, "data:", "blob:")) or heard.append(each.url),
    )
    yield page
    page.close()
    assert heard == []


def test_the_sites_button_opens_the_chapter_whose_links_jump_and_folds_open(lab, page):
    link = urlsplit(buttons(REPOSITORY, jupyterhub_url="https://hub.example.org")["JupyterHub"])
    assert link.path == "/hub/user-redirect/git-pull"  # from where the hub leads to one's server
    page.goto(f"{lab}git-pull?{link.query}")
    page.locator(".jp-Notebook h2").first.wait_for(timeout=PATIENCE)
    assert page.url == f"{lab}lab/tree/rates/book/{CHAPTER}.ipynb"
    page.locator("a[href='#Bug-hunt']").first.click()
    heading = page.locator("h2", has_text="Bug hunt")
    page.wait_for_function("h => h.getBoundingClientRect().top < 400", arg=heading.element_handle())
    hint = page.locator("details", has_text="Hint").first
    closed = hint.bounding_box()["height"]
    hint.locator("summary").click()
    assert hint.bounding_box()["height"] > closed
    expect(page.get_by_text("Jupyter news")).to_have_count(0)
    page.get_by_role("menuitem", name="Nbgrader").click()
    expect(page.get_by_role("menuitem", name="Assignment List")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Formgrader")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Create Assignment")).to_have_count(0)


def run_new_cell(page: Page, code: str) -> None:
    """Write a cell below the others, and run it."""
    page.get_by_text("Click to add a cell.").click()
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


def memory(page: Page) -> tuple[float, float]:
    """Return the megabytes that the status bar shows: used, and allowed."""
    shown = page.get_by_text("Mem: ").inner_text().removeprefix("Mem: ").removesuffix(" MB")
    used, allowed = map(float, shown.split(" / "))
    return used, allowed


def test_a_figure_a_quiz_and_the_progress_and_memory_of_a_training_cell_are_seen(lab, page):
    open_notebook(page, lab, "try.ipynb?reset")
    at_rest, allowed = memory(page)
    assert allowed == LIMIT / 2**20
    figure, bar = page.locator(".lrlab-view"), page.locator(".widget-hprogress")
    run_all_cells(page, figure.first)
    run_new_cell(page, TRAIN)
    told = page.locator(".jp-OutputArea-child", has=bar)
    expect(told).to_contain_text(re.compile(r"[1-9]\d*/1000000\s.*step/s"), timeout=PATIENCE)
    value = figure.first.locator(".lrlab-value")
    before = value.first.inner_text()
    figure.first.get_by_role("slider").first.press("ArrowRight")
    assert value.first.inner_text() != before
    question = page.locator(".quiz-question").first
    question.get_by_role("radio").first.press("Space")
    page.keyboard.press("Enter")
    assert question.get_by_role("status").inner_text().startswith("A. ")
    page.wait_for_function(
        "least => parseFloat(document.body.innerText.match(/Mem: ([\\d.]+)/)[1]) > least",
        arg=at_rest + 100,  # torch is loaded
        timeout=PATIENCE,
    )
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Interrupt Kernel", exact=True).click()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=PATIENCE)


def test_a_kernel_that_takes_too_much_memory_dies_with_a_word_and_the_server_goes_on(lab, browser):
    try:
        limits.parents()
    except OSError as error:
        pytest.skip(f"nothing bounds memory here: {error}; root on Linux may")
    page = browser.new_page()  # whose console names the connection that is lost
    open_notebook(page, lab, "much.ipynb?reset")
    dialog = page.locator(".jp-Dialog")
    run_all_cells(page, dialog)
    expect(dialog).to_contain_text("appears to have died. It will restart automatically.")
    assert "**The kernel appears to have died.**" in HANDING_IN
    dialog.get_by_role("button", name="Ok").click()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=PATIENCE)
    run_new_cell(page, "'alive'")
    expect(page.locator(".jp-OutputArea-output")).to_have_text("'alive'", timeout=PATIENCE)
    page.close()
