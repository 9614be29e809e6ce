"""What students pull with nbgitpuller: the chapters, and not one object of anything else."""

import json
import re
import subprocess
from pathlib import Path

import nbformat
import pytest

from autograder.classroom import chapters
from autograder.classroom.__main__ import main

ROOT = Path(__file__).resolve().parents[3]
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")


def git(folder: Path, *words: str) -> list[str]:
    done = subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


@pytest.fixture
def course(chapters_repository, monkeypatch) -> Path:
    """The course that the repository is made of, and has been made of once."""
    folder = chapters_repository.with_name("course")
    monkeypatch.setattr(chapters, "ROOT", folder)
    return folder


def test_it_holds_the_chapters_and_no_object_of_anything_else(chapters_repository):
    named = [
        line.split()[1:] for line in git(chapters_repository, "rev-list", "--objects", "--all")
    ]
    pages = [f"book/{path.name}" for path in sorted((ROOT / "book").glob("*.ipynb"))]
    assert sorted(name for [name] in filter(None, named)) == ["LICENSE", "book", *pages]
    check = ("cat-file", "--batch-all-objects", "--batch-check")
    assert len(git(chapters_repository, *check)) == len(named)


def test_whoever_has_pulled_it_can_pull_again_what_was_committed_since(
    chapters_repository, course, tmp_path
):
    pulled = tmp_path / "chapters"
    git(tmp_path, "clone", "-q", str(chapters_repository), str(pulled))
    page = course / "book" / "evidence.ipynb"
    notebook = json.loads(page.read_text())
    notebook["cells"][0]["source"] = ["# New"]
    page.write_text(json.dumps(notebook))
    assert not chapters.publish(str(chapters_repository)), "it is not committed yet"
    git(course, "commit", "-q", "-a", "-m", "A secret of the course")
    assert chapters.publish(str(chapters_repository))
    git(pulled, "pull", "-q", "--ff-only")
    assert json.loads((pulled / "book" / "evidence.ipynb").read_text()) == notebook
    assert "secret" not in "\n".join(git(pulled, "log", "--format=%an %s"))
    assert len(git(pulled, "log", "--format=%h")) == 2


def test_the_command_says_what_it_did(course, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["classroom", "chapters", str(tmp_path / "new")])
    assert main() == main() == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.removeprefix(f"{tmp_path}/new ") for line in said] == [
        "now holds the chapters, and nothing else",
        "holds these chapters already, and nothing else",
    ]
    monkeypatch.setattr("sys.argv", ["classroom", "chapters", str(course / "LICENSE")])
    assert main() == 1
    assert "LICENSE has no new chapters" in capsys.readouterr().err


def test_it_is_there_for_everybody_to_read(chapters_repository):
    modes = {path.stat().st_mode & 0o777 for path in chapters_repository.rglob("*")}
    assert all(mode & 0o444 == 0o444 and not mode & 0o022 for mode in modes), modes


@pytest.mark.parametrize("path", [*ROOT.glob("book/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")])
def test_plain_jupyterlab_shows_all_of_a_notebook(path):
    """Of MyST, it knows no directive, role or label; what could show them loses folded answers."""
    only_myst = re.compile(r"^(?:```+|~~~+|:::+)\{|\{[\w:+-]+\}`|^\([\w-]+\)=$", re.MULTILINE)
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            assert not only_myst.search(cell.source), cell.source
