"""From an assignment and from its feedback into the published book, as a student follows the links.

The book is the built site, at the address that ``_config.yml`` of the course names.
"""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from commands import in_turn

ROOT = Path(__file__).parents[2]
READ, GRADED = "lr06_adaptive_optimizers", "lr_test"  # names chapters; is marked in a moment


@pytest.fixture(scope="module")
def course(address, tmp_path_factory) -> Path:
    """A course of two assignments; ann has handed one in, wrong for the most part."""
    folder = tmp_path_factory.mktemp("a course")
    shutil.copytree(ROOT / "autograder", folder / "autograder")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "_config.yml").write_text(f"html: {{baseurl: '{address}'}}")
    (folder / "book").symlink_to(ROOT / "book")
    for name in (READ, GRADED):
        shutil.copytree(ROOT / "solutions" / name, folder / "solutions" / name)
    in_turn((folder, "autograder", "release"))
    notebook = nbformat.read(folder / "exercises" / GRADED / f"{GRADED}.ipynb", 4)
    answers = {"identity_answer": 'student_id = "ann"', "code_answer": "test_code = test.code"}
    for place in range(1, 11):
        guess = f'"A" if test.questions[{place - 1}].options else 1.5'
        answers[f"q{place}_answer"] = f"answer_{place} = {guess}"
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    home = folder / "submitted" / "ann" / GRADED
    home.mkdir(parents=True)
    nbformat.write(notebook, home / f"{GRADED}.ipynb")
    grade = [("autograder", "grade"), ("nbgrader", "generate_feedback")]
    in_turn(*((folder, *command, GRADED) for command in grade))
    return folder


def test_what_an_assignment_says_to_read_is_one_click_away(course, browser, address):
    cells = nbformat.read(course / "exercises" / READ / f"{READ}.ipynb", 4).cells
    links = dict(
        re.findall(rf"\[([^]]*)\]\(({address}[^)]*)\)", "\n".join(c.source for c in cells))
    )
    assert set(links) == {"chapter 6", "chapter 6, *Why*"}
    page = browser.new_page()
    assert page.goto(links["chapter 6"]).ok
    page.goto(links["chapter 6, *Why*"])
    assert page.locator(":target > h2").inner_text().startswith("Why")
    page.close()


def test_each_message_of_the_feedback_leads_to_the_section_that_it_names(course, browser, address):
    page = browser.new_page()
    feedback = (course / "feedback" / "ann" / GRADED / f"{GRADED}.html").as_uri()
    page.goto(feedback)
    links = page.locator(f"a[href^='{address}']")
    names = links.all_inner_texts()
    assert len(names) >= 5
    for name in sorted(set(names)):
        section = re.fullmatch(r"chapter \d+, (.+)", name)[1]
        links.filter(has_text=name).first.click()
        page.locator(":target > h2").wait_for()
        assert page.locator(":target > h2").inner_text().startswith(section)
        page.go_back()
    page.close()
