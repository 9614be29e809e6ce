"""The same cells in JupyterLab, where a kernel answers: quiz, figure, live figure, strip links."""

import shutil
from pathlib import Path

import nbformat
import pytest
from lab import open_notebook, run_all_cells, serve_lab
from notebooks import strip
from playwright.sync_api import expect

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
figures.show("train", "page_sgd_u", rate=10000.0)
quiz.show("01_first_step")"""


@pytest.fixture
def lab(tmp_path):
    """Run JupyterLab on a folder with the book's assets and one notebook; return its address."""
    folder = tmp_path / "book"
    for name in ("figures", "quizzes", "runs"):
        shutil.copytree(ROOT / "book" / name, folder / name)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\n[See it](#See-it)"),
            nbformat.v4.new_markdown_cell("filling\n\n" * 100),
            nbformat.v4.new_markdown_cell("## See it"),
            nbformat.v4.new_code_cell(CODE),
        ],
        metadata=nbformat.read(ROOT / "book" / "evidence.ipynb", 4).metadata,
    )
    nbformat.write(notebook, folder / "try.ipynb")
    strip(folder / "try.ipynb")
    with serve_lab(folder, tmp_path) as address:
        yield address


def test_quiz_and_figures_answer_in_jupyterlab(lab, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    open_notebook(page, lab, "try.ipynb")
    view, trained = page.locator(".lrlab-view").first, page.locator(".lrlab-view").nth(1)
    question = page.locator(".quiz-question").first
    run_all_cells(page, view)
    value = view.locator(".lrlab-value")
    before = value.inner_text()
    view.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")  # JupyterLab must not take the key for itself
    assert value.inner_text() != before

    trained.get_by_label("diverged").check()  # the kernel sends what trains, and the images
    trained.get_by_role("button", name="Train").press("Enter")
    expect(trained.get_by_role("status")).to_contain_text("Yes, diverged. ", timeout=60_000)

    question.get_by_role("radio").first.press("Space")
    page.keyboard.press("Enter")
    assert question.get_by_role("status").inner_text().startswith("A. ")
    assert question.locator("label:has(:checked)").get_by_role("img").inner_text() in "✓✗"

    picture = page.locator(".jupyter-widgets .lrlab-picture")
    old = picture.get_attribute("src")
    page.locator(".widget-slider [role=slider]").press("ArrowRight")
    page.wait_for_function("old => document.querySelector('.lrlab-picture').src !== old", arg=old)

    page.locator("a[href='#See-it']").first.click()
    heading = page.locator("h2", has_text="See it")
    page.wait_for_function("h => h.getBoundingClientRect().top < 400", arg=heading.element_handle())

    notebook = tmp_path / "book" / "try.ipynb"
    before = notebook.read_bytes()
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    assert b'"execution_count": 1' in notebook.read_bytes()
    strip(notebook)  # as git does: nothing of it was a change
    assert notebook.read_bytes() == before
    page.close()
