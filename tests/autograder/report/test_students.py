"""The table of students: everyone, what they have, and what is to be known about it."""

import html
import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from foreign import checked
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from test_exports import NAME, fill_gradebook
from test_report import HOSTILE, Reader, leave, page, part, row, words

ROOT = Path(__file__).resolve().parents[3]
ODD = ["50% off #1?", "ann øst", "a&b=<i>c", "'\"", "..."]


def students(root: Path) -> str:
    """Return the section with the table."""
    return part(page(root), "students")


def heads(text: str) -> list[str]:
    """Return what the columns are called."""
    return [words(each) for each in re.findall("<th scope=.col.*?</th>", text)]


def hand_back(root: Path, student: str, name: str = NAME) -> Path:
    """Make a page of feedback."""
    path = root / "feedback" / student / NAME / f"{name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


def test_everyone_has_a_row_with_what_is_known(tmp_path):
    about = {"ann": {"first_name": "Ann", "last_name": "Ames"}}
    known = about | {name: {} for name in ("bob", "cyd", "dan", "eve")}
    scores = {"ann": [3, 2], "bob": [3, None], "cyd": [0, 1], "dan": [1, 1]}
    fill_gradebook(tmp_path, known, scores)
    for name in ("ann", "bob", "cyd", "zoe"):
        problems = ["It is odd."] * (name == "cyd")
        leave(
            tmp_path, name, [1, 1, 1], status="problem" if problems else "graded", problems=problems
        )
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "ann").late_submission_penalty = 0.5
        gradebook.find_comment("reading_answer", NAME, NAME, "ann").manual_comment = "Good."
        grade = gradebook.find_grade("one_step", NAME, NAME, "cyd")
        grade.manual_score, grade.needs_manual_grade = 2, True  # graded again since
        gradebook.find_grade("one_step", NAME, NAME, "dan").extra_credit = 1
        gradebook.db.commit()
    text = students(tmp_path)
    assert heads(text) == ["Student", "Name", "Score of 5", "Late", "By hand", "Status"]
    rows = re.findall("<tr>(?=<th scope=.row).*?</tr>", text.replace("\n", ""))
    assert [words(each) for each in rows] == [
        "ann Ames, Ann 4.5 −0.5 1 comment graded",
        "bob – 1 to grade graded",
        "cyd 3 1 grade, 1 to look at problem",
        "dan 3 1 grade not handed in",
        "eve – not handed in",
        "zoe – graded",
    ]
    assert 'href="#problem-1"' in rows[2] and 'id="problem-1"' in page(tmp_path)


def test_a_column_in_which_nobody_has_anything_is_not_there(tmp_path):
    fill_gradebook(tmp_path, {"ann": {}}, {"ann": [3, 2]})
    leave(tmp_path, "ann", [1, 2, 1])
    assert heads(students(tmp_path)) == ["Student", "Score of 5", "Status"]


def test_without_a_gradebook_the_judges_points_are_shown(tmp_path):
    leave(tmp_path, "ann", [1, 0.5, 1])
    text = students(tmp_path)
    assert heads(text)[1] == "Score of 4" and row(text, "ann") == "ann 2.5 graded"


def test_of_nobody_there_is_no_table(tmp_path):
    (tmp_path / "outcomes" / NAME).mkdir(parents=True)
    assert "<table" not in students(tmp_path)
    assert "Nobody has handed in" in students(tmp_path)


@pytest.mark.parametrize("student", ODD)
def test_a_row_leads_to_the_page_of_feedback(tmp_path, student):
    leave(tmp_path, student, [1, 1, 1])
    leave(tmp_path, "zoe", [1, 1, 1])  # has no page yet
    expected = hand_back(tmp_path, student)
    (link,) = re.findall('<a href="([^"]*)"', students(tmp_path))
    assert not set(link) & set(" #?<>\"'")
    assert (tmp_path / "reports" / unquote(html.unescape(link))).resolve() == expected


def test_of_several_notebooks_each_page_is_linked(tmp_path):
    (tmp_path / "release" / NAME).mkdir(parents=True)
    (tmp_path / "outcomes" / NAME).mkdir(parents=True)
    (tmp_path / "submitted" / "ann" / NAME).mkdir(parents=True)
    for name in ("a", "b"):
        cells = [checked("one_step", 1, "")]
        nbformat.write(new_notebook(cells=cells), tmp_path / "release" / NAME / f"{name}.ipynb")
        hand_back(tmp_path, "ann", name)
    links = re.findall('<a class="page" href="([^"]*)">(.*?)</a>', students(tmp_path))
    assert links == [(f"../feedback/ann/{NAME}/{name}.html", name) for name in ("a", "b")]


def test_questions_have_titles_and_code_is_set_as_code(tmp_path):
    (tmp_path / "release" / NAME).mkdir(parents=True)
    cells = [new_markdown_cell("## Use `step()` (2 points)"), checked("one_step", 2, "")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "release" / NAME / f"{NAME}.ipynb")
    (tmp_path / "_config.yml").write_text("html: {baseurl: https://course.example}")
    (tmp_path / "book").symlink_to(ROOT / "book")
    leave(tmp_path, "ann", [1, 0, 1], "`x` is <b>`y`</b>, not `. Read chapter 1.")
    items, points = part(page(tmp_path), "items"), part(page(tmp_path), "points")
    assert '<th scope="row">Use <code>step()</code> <small>one_step</small></th>' in items
    assert "The hardest is Use step() (0 % of" in words(items)
    assert "<strong>Use <code>step()</code></strong>" in points
    assert (
        "<bdi><code>x</code> is &lt;b&gt;<code>y</code>&lt;/b&gt;, not `. Read <a href=" in points
    )
    assert 'href="https://course.example/01_first_step.html">chapter 1</a>.</bdi>' in points


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_text(tmp_path, text):
    text = text.replace("\x00", "").replace("\ud800", "")
    fill_gradebook(tmp_path, {"ann": {"first_name": text, "last_name": text}}, {"ann": [1, 1]})
    leave(tmp_path, "ann", [1, 1, 1])
    tags = [tag for tag, _ in Reader(students(tmp_path)).elements]
    assert not set(tags) & {"script", "img", "iframe", "svg", "style"}
