"""What an outcome stands for: whatever decides a result changes its digest, and nothing else does."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import ROOT, outcomes

NOTEBOOK = new_notebook(cells=[new_code_cell("rate = 0.1", id="rate_answer")])


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A copy of the grader and the library, in place of those that run this test."""
    ignore = shutil.ignore_patterns("__pycache__")
    for room in ("autograder", "lrlab"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=ignore)
    folders = [tmp_path / room for room in ("autograder", "lrlab")]
    monkeypatch.setattr(outcomes, "_packages", lambda: folders)
    outcomes.code_digest.cache_clear()
    yield tmp_path
    outcomes.code_digest.cache_clear()


def digest(notebook=NOTEBOOK, files=b"", seed=1, **settings) -> str:
    """Return the digest of a submission with the code as it is now."""
    outcomes.code_digest.cache_clear()
    return outcomes.digest_of(notebook, files, seed, {"timeout": 60, **settings})


def changed(text: str = "rate = 0.1", **marks: object) -> nbformat.NotebookNode:
    notebook = new_notebook(cells=[new_code_cell(text, id="rate_answer")])
    notebook.cells[0].metadata["nbgrader"] = marks
    return notebook


@pytest.mark.parametrize(
    "other",
    [
        {"notebook": changed("rate = 0.2")},
        {"notebook": changed(points=2)},
        {"files": b"a file beside the notebook"},
        {"seed": 2},
        {"timeout": 61},
        {"LRLAB_DATA": "/data"},
    ],
    ids=str,
)
def test_another_submission_or_setting_is_another_outcome(course, other):
    assert digest(**other) != digest() == digest()


@pytest.mark.parametrize(
    "path",
    [
        "autograder/checks/lr01_first_step/__init__.py",
        "autograder/checks/lr01_first_step/step_feedback.py",
        "autograder/checks/lr01_first_step/options.yml",
        "autograder/checks/lr01_first_step/new_data.npz",
        "autograder/judge/bridge.py",
        "lrlab/models.py",
        "lrlab/mnist_subset.npz",
    ],
)
def test_a_changed_check_or_what_it_uses_is_another_outcome(course, path):
    before = digest()
    with (course / path).open("a") as file:
        file.write("\n# changed\n")
    assert digest() != before


@pytest.mark.parametrize(
    "path",
    [
        "autograder/report/style.css",
        "autograder/report/page.py",
        "autograder/feedback/templates/feedback/page.css",
        "autograder/classroom/slurm/README.md",
        "autograder/checks/__pycache__/choices.cpython-311.pyc",
    ],
)
def test_what_decides_nothing_makes_no_grading_stale(course, path):
    before = digest()
    (course / path).parent.mkdir(exist_ok=True)
    with (course / path).open("a") as file:
        file.write("\n")
    assert digest() == before


@pytest.mark.parametrize("room", ["autograder", "lrlab"])
def test_code_that_is_not_there_is_an_error_that_says_so(course, room):
    shutil.rmtree(course / room)
    with pytest.raises(FileNotFoundError, match=f"no code of ours in .*{room}"):
        digest()
