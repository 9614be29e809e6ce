"""A chapter that was downloaded from the site runs alone: in an empty folder, with the wheel of lrlab.

``test_take_along`` compares the download with the book's own file.
"""

import json
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "book").glob("*.ipynb"))


@pytest.fixture
def alone(wheel, tmp_path, monkeypatch):
    """Return a function that executes a notebook far from the course, and returns its printing."""
    kernel = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python of a reader",
        "language": "python",
        "env": {"PYTHONPATH": str(wheel)},  # comes before this checkout
    }
    folder = tmp_path / "kernels" / "reader"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(kernel))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    empty = tmp_path / "downloads"
    empty.mkdir()

    def execute(notebook: nbformat.NotebookNode) -> str:
        notebook.cells.append(nbformat.v4.new_code_cell("import lrlab; print(lrlab.__file__)"))
        where = {"metadata": {"path": str(empty)}}
        NotebookClient(notebook, kernel_name="reader", resources=where).execute()
        printed = notebook.cells[-1].outputs[-1].text.strip()
        assert Path(printed).is_relative_to(wheel)
        return "".join(
            each.get("text", "") for cell in notebook.cells[:-1] for each in cell.get("outputs", ())
        )

    return execute


@pytest.mark.parametrize("name", ["01_first_step", "practice_test", "evidence"])
def test_every_cell_of_a_download_runs(alone, site, name):
    said = alone(nbformat.read(site / "_sources" / f"{name}.ipynb", 4))
    assert name != "01_first_step" or "python -m lrlab.runs mnist_first_step" in said


def test_all_that_chapters_open_came_along(alone):
    """The chapters above run whole; of the others, which train for long, what they open is opened."""
    quizzes = [path.stem for path in (ROOT / "book" / "quizzes").iterdir()]
    figures = [path.stem for path in (ROOT / "book" / "figures").glob("*.mjs")]
    records = [path.stem for path in (ROOT / "book" / "runs").glob("*.json")]
    opened = "\n".join(
        [
            "from lrlab import interactive, quiz, runs",
            *(f"assert quiz.load({name!r})" for name in quizzes),
            *(f"assert interactive.bundle({name!r})" for name in figures),
            "assert interactive.bundle('worker', 'training')",  # what the figure `train` asks for
            *(f"assert runs.load({name!r})" for name in records if not name.startswith("lab_")),
        ]
    )
    alone(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(opened)]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_chapter_opens_nothing_else(page):
    code = "\n".join(
        cell.source for cell in nbformat.read(page, 4).cells if cell.cell_type == "code"
    )
    assert not re.search(r"\bopen\(|read_text|read_bytes|Path\(|\blab_", code)


def test_a_folder_of_the_readers_own_is_not_taken_for_the_books(alone, tmp_path):
    """TensorBoard writes into ``runs``, and ``figures`` is where many save their pictures."""
    for name in ("runs", "figures", "quizzes"):
        (tmp_path / "downloads" / name).mkdir()
        (tmp_path / "downloads" / name / "mine.json").write_text("{}")
    code = "from lrlab import figures, quiz\nfigures.show('u_curve', 'mnist_sgd_u')\nquiz.show('09_plateau')"
    alone(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]))
