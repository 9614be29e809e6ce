"""A student's day in JupyterLab: open a fresh notebook, Run All, answer, check again, validate."""

import re
from pathlib import Path

import nbformat
import pytest
from lab import PATIENCE, cell_with, open_notebook, run_all_cells, serve_lab, write
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
SLOW = "def losses_at"  # a program of lr01 that no answer needs
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Run JupyterLab where a student has fetched two assignments; return its address."""
    home = tmp_path_factory.mktemp("my home")
    for name in ("lr01_first_step", "lr_test"):
        notebook = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", 4)
        notebook.cells = [cell for cell in notebook.cells if SLOW not in cell.source]
        (home / name).mkdir()
        nbformat.write(notebook, home / name / f"{name}.ipynb")
    with serve_lab(home, tmp_path_factory.mktemp("logs")) as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page(
        viewport={"width": 1280, "height": 20_000}
    )  # cells out of sight are not drawn
    yield page
    page.close()


def test_run_all_says_what_is_missing_and_an_answer_takes_it_off_the_list(lab, page):
    open_notebook(page, lab, "lr01_first_step/lr01_first_step.ipynb")
    summary = cell_with(page, "expect.summary(").locator(".jp-OutputArea-output")
    run_all_cells(page, summary)
    expect(summary).to_contain_text("0 of 10 are answered in the right form.")
    expect(summary).to_contain_text("Question 1: answer_q1 should be one letter from A to E")
    check = cell_with(page, 'expect.check("Question 1")')
    said = check.locator(".jp-OutputArea-output")
    expect(said).to_have_text("Not yet: answer_q1 should be one letter from A to E, in quotes.")

    write(page, cell_with(page, "answer_q1 = None"), 'answer_q1 = "b"')
    check.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(said).to_have_text("✓ Question 1 has the right form.")
    cell_with(page, "expect.summary(").locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(summary).to_contain_text("1 of 10 are answered")
    expect(summary).not_to_contain_text("Question 1:")

    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("The following cell failed:")
    assert dialog.get_by_text("The following cell failed:").count() == 9
    expect(dialog).to_contain_text("Not yet: one_step should return two values")
    assert "Traceback" not in dialog.inner_text()


def test_ten_questions_stand_there_whether_or_not_one_is_answered(lab, page):
    open_notebook(page, lab, "lr_test/lr_test.ipynb?reset")  # without the other notebook
    summary = cell_with(page, "expect.summary(").locator(".jp-OutputArea-output")
    run_all_cells(page, summary)
    expect(summary).to_contain_text(
        "Question 9, Question 10: its question is not drawn: student_id"
    )
    asks = page.get_by_text("type your id into", exact=False)
    expect(page.locator(".jp-OutputArea", has=asks)).to_have_count(1)

    write(page, cell_with(page, "student_id = None"), 'student_id = "ada"')
    run_all_cells(page, page.get_by_text(re.compile("^Question 10 \\(hard\\)")))
    shown = page.locator(".jp-OutputArea-output").get_by_text(re.compile(r"^Question \d+ \("))
    expect(shown).to_have_count(10)
    expect(summary).to_contain_text("0 of 11 are answered in the right form.")
