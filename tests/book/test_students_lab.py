"""JupyterLab as a student of the hub has it: the site's button opens a chapter, and all in it works.

The server runs in the students' environment, with its settings; nbgitpuller fetches a repository of
the chapters from where git is told that the site's address lies.
"""

import re
from urllib.parse import urlsplit

import nbformat
import pytest
from lab import PATIENCE, open_notebook, run_all_cells, serve_lab
from playwright.sync_api import Page, expect
from test_launch import CHAPTER, REPOSITORY, buttons

LIMIT = 2**31  # bytes; what the hub tells a server of its bound
CELLS = (
    """\
from lrlab import data, figures, models, quiz, training

figures.show("first_step", "mnist_first_step")
quiz.show("01_first_step")""",
    """\
import torch

train, _ = data.mnist()
model = models.SimpleCNN()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
training.fit(model, train, optimizer, steps=1_000_000)""",
)


@pytest.fixture(scope="module")
def lab(students, chapters_repository, tmp_path_factory):
    """Run JupyterLab in a student's home; return its address."""
    home, logs = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("logs")
    cells = [nbformat.v4.new_code_cell(each) for each in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), home / "try.ipynb")
    git = logs / "gitconfig"
    git.write_text(f'[url "file://{chapters_repository}"]\n insteadOf = {REPOSITORY}\n')
    own = {"GIT_CONFIG_GLOBAL": str(git), "TQDM_DISABLE": "0", "MEM_LIMIT": str(LIMIT)}
    with serve_lab(home, logs, students, **own) as address:
        yield address


@pytest.fixture
def page(browser, lab):
    """A page that says nothing to the console, and asks nobody else, until the test has ended."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    heard = []
    page.on("console", lambda each: each.type in ("warning", "error") and heard.append(each.text))
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
    run_all_cells(page, bar.first)
    told = page.locator(".jp-OutputArea-child", has=bar)
    expect(told).to_contain_text(re.compile(r"[1-9]\d*/1000000\s.*step/s"), timeout=PATIENCE)
    expect(figure.first).to_be_visible()
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
