"""Each chapter is executed once, and again when anything that its output depends on has changed.

A book of two small chapters, which note in a log that they run, stands for the real one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import executed
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = "format: jb-book\nroot: intro\nchapters: [{file: one}, {file: two}, {file: glossary}]\n"
CHAPTER = """\
from pathlib import Path
from lrlab.number import NUMBER
with Path("../log").open("a") as log:
    print({name!r}, file=log)
print("the number is", NUMBER, Path("runs/run.json").read_text())
NUMBER;"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Make a course with two chapters, the book's own way to execute them, and no other data."""
    skip = shutil.ignore_patterns("*.ipynb", "*.md", "runs", "quizzes", "__pycache__")
    for name in ("book", "lrlab"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip if name == "book" else None)
    for name in ("CITATION.cff", "LICENSE", "_config.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name, content in {
        "pytest.ini": "[pytest]\npythonpath = . book/_ext\naddopts = -ra\n",
        "requirements.txt": "torch==1.0\n",
        "lrlab/number.py": "NUMBER = 7\n",
        "lrlab/images.npz": "images",
        "book/_toc.yml": PAGES,
        "book/intro.md": "# A book\n",
        "book/glossary.md": "# Glossary\n",
        "book/references.bib": "",
        "book/runs/run.json": "{}",
        "book/quizzes/quiz.yml": "questions",
        "book/figures/figure.mjs": "export default {}",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    for name in ("one", "two"):
        write_chapter(tmp_path, name, CHAPTER.format(name=name))
    monkeypatch.delenv("LRLAB_DATA", raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path


def write_chapter(course: Path, name: str, code: str, title: str = "A title") -> None:
    cells = [nbformat.v4.new_markdown_cell(f"# {title}"), nbformat.v4.new_code_cell(code)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, course / "book" / f"{name}.ipynb")


def run(course: Path, program: str, *arguments: str) -> subprocess.CompletedProcess:
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PYTEST")}
    return subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=course,
        env=environment | {"PYTHONPATH": str(course)},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )


def execute(course: Path, *options: str) -> tuple[list[str], subprocess.CompletedProcess]:
    """Execute what has to be; return the chapters that ran, in order of name, and the run."""
    log = course / "log"
    log.unlink(missing_ok=True)
    done = run(course, "pytest", "--nbval-lax", *options, "book")
    return sorted(log.read_text().split()) if log.is_file() else [], done


def replace(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_chapter_runs_once_and_again_when_it_or_what_it_uses_has_changed(course):
    ran, done = execute(course, "-n", "2", "--dist", "loadfile")
    assert (ran, done.returncode) == (["one", "two"], 0), done.stdout
    ran, done = execute(course)
    assert (ran, done.returncode) == ([], 0)
    assert "2 skipped" in done.stdout and "nothing has changed" in done.stdout

    kept = course / "_build" / "executed"
    replace(course / "book" / "two.ipynb", "the number", "now the number")
    assert execute(course)[0] == ["two"]
    for notebook in kept.glob("*/executed/*/base.ipynb"):
        if "now the number" in notebook.read_text():  # as an interrupted write leaves it
            notebook.write_text(notebook.read_text()[:200])
    assert execute(course)[0] == ["two"]
    replace(course / "lrlab" / "number.py", "7", "8")
    assert execute(course)[0] == ["one", "two"]
    assert len(list(kept.iterdir())) == 1, "what was executed with another lrlab is gone"


def test_the_site_is_built_from_what_was_executed(course):
    assert execute(course)[0] == ["one", "two"]
    write_chapter(course, "one", CHAPTER.format(name="one"), title="Another title")
    (course / "log").unlink()
    build = "build", "book", "--config", "_config.yml", "--path-output", ".", "--all", "-n"
    done = run(course, "jupyter-book", *build)
    assert done.returncode == 0, done.stdout
    assert not (course / "log").exists(), "the site's build executed a chapter"
    page = (course / "_build" / "html" / "one.html").read_text()
    assert "the number is 7 {}" in page and "Another title" in page
    assert "<span></span>7\n" not in page, "a last line that ends in ; shows nothing"


def test_a_chapter_that_fails_is_named_and_not_kept(course):
    write_chapter(course, "two", CHAPTER.format(name="two") + '\nassert NUMBER == 8, "not eight"')
    ran, done = execute(course)
    assert (ran, done.returncode) == (["one", "two"], 1)
    assert "book/two.ipynb::Cell 0" in done.stdout
    assert "AssertionError" in done.stdout and "not eight" in done.stdout
    ran, done = execute(course)
    assert (ran, done.returncode) == (["two"], 1), "what passed is kept, what failed is not"


def test_a_change_while_a_chapter_runs_leaves_nothing(course):
    change = 'Path("../lrlab/number.py").write_text("NUMBER = 9")'
    write_chapter(course, "two", CHAPTER.format(name="two") + "\n" + change)
    assert execute(course)[0] == ["one", "two"]
    replace(course / "lrlab" / "number.py", "NUMBER = 9", "NUMBER = 7\n")
    assert execute(course)[0] == ["two"]


def test_a_wrong_data_root_is_told_in_one_line(course, monkeypatch):
    monkeypatch.setenv("LRLAB_DATA", str(course / "nowhere"))
    ran, done = execute(course)
    assert (ran, done.returncode) == ([], pytest.ExitCode.USAGE_ERROR)
    assert f"LRLAB_DATA={course / 'nowhere'} is not a folder" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize(
    "path",
    [
        "lrlab/number.py",
        "lrlab/images.npz",
        "lrlab/figures/new.py",
        "book/runs/run.json",
        "book/quizzes/quiz.yml",
        "book/figures/figure.mjs",
        "requirements.txt",
        "torch/datasets/MNIST/raw/train-images-idx3-ubyte",
        "torch/datasets/cifar10.npz",
    ],
)
def test_the_digest_follows_every_file_that_an_output_depends_on(course, monkeypatch, path):
    monkeypatch.setattr(executed, "ROOT", course)
    before = executed.digest()
    (course / path).parent.mkdir(parents=True, exist_ok=True)
    (course / path).write_text("changed")
    assert executed.digest() != before


def test_the_digest_follows_the_data_root_and_the_python(course, monkeypatch):
    monkeypatch.setattr(executed, "ROOT", course)
    seen = [executed.digest()]
    images = course / "data" / "MNIST" / "raw" / "train-images-idx3-ubyte"
    images.parent.mkdir(parents=True)
    images.write_text("images")
    seen.append(executed.digest())
    assert seen[0] == seen[1], "nobody named that folder"
    for root in (course / "data", "../data"):  # a chapter says from where its images are
        monkeypatch.setenv("LRLAB_DATA", str(root))
        seen.append(executed.digest())
    images.write_text("others")
    seen.append(executed.digest())
    monkeypatch.setattr(sys, "version", "3.99")
    seen.append(executed.digest())
    assert len(set(seen[1:])) == len(seen[1:])


@pytest.mark.parametrize("path", ["book/one.ipynb", "lrlab/__pycache__/a.pyc", "tests/test_a.py"])
def test_the_digest_is_the_same_whatever_else_changes(course, monkeypatch, path):
    monkeypatch.setattr(executed, "ROOT", course)
    before = executed.digest()
    (course / path).parent.mkdir(exist_ok=True)
    (course / path).write_text("changed")
    assert executed.digest() == before


def test_a_chapter_that_needs_more_memory_than_a_hub_gives_is_named_and_not_kept(course):
    hungry = "\ntaken = bytearray(200_000_000)"
    write_chapter(course, "two", CHAPTER.format(name="two") + hungry)
    replace(course / "book" / "conftest.py", "MEGABYTES = 1500", "MEGABYTES = 220")
    ran, done = execute(course)
    assert (ran, done.returncode) == (["one", "two"], 1)
    assert "book/two.ipynb::Cell 0" in done.stdout and "on a hub a chapter has 220" in done.stdout
    assert execute(course)[0] == ["two"], "it was kept"
