"""Every notebook that people edit is clean: no outputs, stable ids, little metadata, linted code.

That is, as git has it: one that was run since, and saved, disturbs nobody.
"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from notebooks import kept

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("solutions/*/*.ipynb")])
NOTEBOOK_METADATA = {
    # What JupyterLab writes, so that saving a notebook there changes nothing.
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request) -> nbformat.NotebookNode:
    """Each notebook, as the next commit has it."""
    return nbformat.reads(kept(request.param), nbformat.NO_CONVERT)


def test_there_are_notebooks():
    assert any(path.parent.name == "book" for path in NOTEBOOKS)
    assert any(path.parent.parent.name == "solutions" for path in NOTEBOOKS)


def test_no_outputs_are_committed(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


def test_ids_are_stable(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            assert cell.id == cell.metadata.nbgrader.grade_id
        else:
            assert re.fullmatch(r"cell-\d{2,3}", cell.id)


def test_metadata_is_minimal(notebook):
    assert notebook.metadata == NOTEBOOK_METADATA
    for cell in notebook.cells:
        assert cell.metadata.keys() <= {"nbgrader", "tags"}, cell.id


def test_it_is_a_valid_notebook(notebook):
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


def test_a_master_lies_alone_in_its_folder():
    folders = [each for each in (ROOT / "solutions").iterdir() if each.is_dir()]
    assert folders
    for folder in folders:
        assert [path.name for path in folder.iterdir() if path.name != ".ipynb_checkpoints"] == [
            f"{folder.name}.ipynb"
        ]


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_code_cells_are_linted_and_formatted(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, *NOTEBOOKS],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
