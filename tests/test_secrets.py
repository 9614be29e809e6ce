"""Nothing that only instructors may see is in what students and readers get.

What they get: the lrlab wheel, ``exercises/`` and the site. What they may not: the lines of a
master's solutions, and anything of ``autograder/``.
"""

import html
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from texts import leaves, sentences

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = (  # of the ten-question test: its questions, and the answers of the practice test
    *ROOT.glob("lrlab/assignments/questions/*.yml"),
    ROOT / "book" / "quizzes" / "practice_test.yml",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """Build the wheel as pip would, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.fixture(scope="module")
def secrets() -> set[str]:
    """Return the telling lines of solutions and checks."""
    found, known = set(), ""
    for master in ROOT.glob("solutions/*/*.ipynb"):
        for cell in nbformat.read(master, 4).cells:
            for solution in re.findall(r"BEGIN SOLUTION\n(.*?)# END", cell.source, re.DOTALL):
                found |= {line.strip() for line in solution.splitlines()}
        known += "\n".join(cell.source for cell in nbformat.read(exercise(master), 4).cells)
    for path in (ROOT / "autograder" / "checks").rglob("*"):
        if path.suffix in (".py", ".yml"):
            found |= {*sentences(path)}
        if path.name == "__init__.py":
            found |= {line.strip() for line in path.read_text(encoding="utf-8").splitlines()}
    # What the release or a chapter says anyway, an import or a short line tells nobody anything.
    for chapter in ROOT.glob("book/*.ipynb"):
        known += "\n".join(cell.source for cell in nbformat.read(chapter, 4).cells)
    for path in PUBLIC:
        known += "\n".join(map(str, leaves(yaml.safe_load(path.read_text(encoding="utf-8")))))
    return {
        line
        for line in found
        if len(line) > 24 and not line.startswith(("from ", "import ")) and line not in known
    }


def exercise(master: Path) -> Path:
    return ROOT / "exercises" / master.parent.name / master.name


def test_the_wheel_holds_lrlab_and_nothing_else(wheel):
    names = wheel.namelist()
    rooms = {name.split("/")[0] for name in names}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"lrlab"}
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "lrlab").rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    assert {name for name in names if name.startswith("lrlab/")} == source
    assert "lrlab/mnist_subset.npz" in names


def test_there_are_secrets_to_look_for(secrets):
    assert len(secrets) > 100


def test_no_secret_is_in_the_wheel(wheel, secrets):
    text = "\n".join(
        wheel.read(name).decode() for name in wheel.namelist() if not name.endswith(".npz")
    )
    assert [line for line in secrets if line in text] == []


def test_no_secret_is_in_the_exercises(secrets):
    for path in ROOT.glob("exercises/**/*"):
        if path.is_file():
            assert path.suffix == ".ipynb", f"{path} came along with a master"
            text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
            assert [line for line in secrets if line in text] == []
            assert not re.search("BEGIN|HIDDEN|autograder", text)


def test_no_secret_is_on_the_site(secrets):
    site = ROOT / "_build" / "html"
    assert (site / "index.html").is_file(), "run make book first"
    for path in site.rglob("*"):
        if path.suffix in {".html", ".ipynb", ".js", ".mjs", ".json", ".txt", ".yml"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            plain = html.unescape(re.sub(r"<[^>]+>", "", text)) if path.suffix == ".html" else text
            assert [line for line in secrets if line in plain] == [], path
            assert "autograder" not in plain, path
