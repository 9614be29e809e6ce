"""What the teacher changed after a notebook was fetched is no change by the student."""

import copy
import json

import nbformat
import pytest
from broken.course import NAME, answered, master
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import ComputeChecksums

from autograder.submission.notebook import MARK, submitted_notebook

ADDED = ["why_answer", "why"]


def release(*, without: tuple[str, ...] = (), added: bool = False, **texts: str):
    """Return the tiny assignment as nbgrader releases it, with these texts of cells."""
    notebook = master()
    notebook.cells = [cell for cell in notebook.cells if cell.id not in without]
    if added:
        for like, name in zip(("last_answer", "last"), ADDED, strict=True):
            cell = copy.deepcopy(next(each for each in notebook.cells if each.id == like))
            cell.id = cell.metadata.nbgrader.grade_id = name
            notebook.cells.append(cell)
    for cell in notebook.cells:
        cell.source = texts.get(cell.id, cell.source)
    return ComputeChecksums().preprocess(notebook, {})[0]


@pytest.fixture
def problems(tmp_path):
    """Return a function that reads a notebook beside the release of today, and gives what is odd."""

    def read(submitted: dict, today: nbformat.NotebookNode) -> list[str]:
        released, folder = tmp_path / "exercises" / f"{NAME}.ipynb", tmp_path / "submitted"
        for path in (released.parent, folder):
            path.mkdir(exist_ok=True)
        nbformat.write(today, released)
        (folder / released.name).write_text(json.dumps(submitted))
        return submitted_notebook(folder, released).metadata[MARK]["problems"]

    return read


def cell(notebook: dict, name: str) -> dict:
    return next(each for each in notebook["cells"] if each["id"] == name)


def test_a_mended_check_and_text_is_nobodys_change(problems):
    today = release(scaled="assert callable(scaled), 'a function'", rules="Divide by it.")
    assert problems(answered(release(), last_answer="final = 'C'"), today) == []


def test_changed_points_and_a_cell_that_was_unlocked_are_nobodys_change(problems):
    fetched = release()
    today = release()
    cell(today, "last")["metadata"]["nbgrader"]["points"] = 5
    today = ComputeChecksums().preprocess(today, {})[0]
    today.cells[-1].source += "\n"
    assert problems(fetched, today) == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_who_changed_a_mended_cell_is_told(problems, line_end):
    today = release(scaled="assert callable(scaled), 'a function'")
    fetched = release(scaled="assert True\nassert callable(scaled)")
    cell(fetched, "scaled")["source"] = f"assert True{line_end}assert callable(scaled)"
    assert problems(fetched, today) == []
    cell(fetched, "scaled")["source"] = "pass"
    assert problems(fetched, today) == [
        "These locked cells were changed, and are restored: scaled."
    ]


@pytest.mark.parametrize(
    "marks",
    [
        {"points": 10**400},
        {"points": "many"},
        {"points": [{}]},
        {"points": None},
        {"grade_id": ["last"]},
        {"grade": {"a": [1]}},
        {"checksum": 5},
        {"checksum": None},
        {"locked": "yes", "solution": 1, "grade": "no"},
    ],
    ids=str,
)
def test_marks_of_any_kind_are_a_change_and_no_crash(problems, marks):
    fetched = release()
    cell(fetched, "last")["metadata"]["nbgrader"] |= marks
    cell(fetched, "last")["source"] = "100.0"
    assert problems(fetched, release()) == [
        "These locked cells were changed, and are restored: last."
    ]


def test_a_forged_checksum_gains_a_sentence_less_and_the_cell_comes_back(problems, tmp_path):
    fetched = ComputeChecksums().preprocess(release(last="final = 'C'"), {})[0]
    assert problems(fetched, release()) == []
    read = submitted_notebook(tmp_path / "submitted", tmp_path / "exercises" / f"{NAME}.ipynb")
    assert cell(read, "last").source == cell(release(), "last").source


def test_a_question_that_is_no_longer_asked_is_named_to_who_answered_it(problems):
    today = release(without=("last_answer", "last"))
    assert problems(release(), today) == []
    answer = answered(release(), last_answer="final = 'C'")
    assert problems(answer, today) == [
        "These questions are no longer asked, and count nothing: last_answer."
    ]


def test_a_question_that_was_added_is_named_to_who_has_it_not(problems):
    (sentence,) = problems(release(), release(added=True))
    assert sentence.startswith("These questions are not in the notebook: why_answer. If they were")


def test_an_answer_whose_test_is_still_there_was_deleted(problems):
    assert problems(release(without=("last_answer",)), release()) == [
        "These answer cells were deleted: last_answer."
    ]


def test_names_of_a_students_own_cells_are_not_quoted(problems):
    fetched = release()
    for name in ("<b>", "a\nb", "x" * 99, 7):
        mine = new_code_cell("mine")
        mine.metadata["nbgrader"] = {"grade_id": name, "solution": True, "checksum": "0"}
        fetched.cells.append(mine)
    assert problems(fetched, release()) == []


def test_many_names_are_cut(problems):
    fetched = release()
    for number in range(30):
        mine = new_code_cell("mine")
        mine.metadata["nbgrader"] = {"grade_id": f"n{number}", "solution": True, "checksum": "0"}
        fetched.cells.append(mine)
    (sentence,) = problems(fetched, release())
    assert sentence.endswith("n18, n19 and 10 more.")
