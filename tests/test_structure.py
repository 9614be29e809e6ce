"""The shape of the code: rooms that stand on those below, modules of one job, complete chapters."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 220  # lines of a module
# What a chapter is made of, beside its line in _toc.yml; CONTRIBUTING says the same.
CHAPTER = (
    "book/{number}_{slug}.ipynb",
    "book/quizzes/{number}_{slug}.yml",
    "lrlab/evidence/{slug}.py",
    "lrlab/assignments/questions/chapter_{number}.yml",
    "autograder/checks/lr_test/chapter_{number}.py",
    "autograder/checks/lr_test/chapter_{number}.yml",
)
CHAPTERS = [
    each["file"]
    for each in yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())["chapters"]
    if re.match(r"\d\d_", each["file"])
]


def hold_contracts(folder: Path) -> subprocess.CompletedProcess:
    """Hold the imports below ``folder`` against the contracts in its ``pyproject.toml``."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
    )


def test_every_room_stands_on_those_below_it_and_nothing_goes_in_a_circle():
    done = hold_contracts(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("autograder/judge/verdict.py", "import autograder.grading.converter"),
        ("autograder/sandbox/limits.py", "from autograder.judge import student"),
        ("lrlab/training.py", "from lrlab.runs import experiment"),
        ("lrlab/batches.py", "def late():\n    import lrlab.training"),
    ],
)
def test_an_import_upwards_or_in_a_circle_is_seen(tmp_path, module, line):
    for room in ("autograder", "lrlab"):
        skip = shutil.ignore_patterns("__pycache__", "*.npz")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{line}\n")
    done = hold_contracts(tmp_path)
    assert done.returncode == 1
    assert Path(module).stem in done.stdout


def test_a_module_has_one_job():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for room in ("autograder", "book", "lrlab")
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".mjs")
    }
    assert len(lengths) > 100
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_complete(chapter):
    number, slug = chapter.split("_", 1)
    files = [pattern.format(number=number, slug=slug) for pattern in CHAPTER]
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_nothing_is_left_of_a_chapter_that_is_not_in_the_book():
    numbers = {chapter.split("_", 1)[0] for chapter in CHAPTERS}
    found = {
        path.relative_to(ROOT): re.search(r"(?:^|_)(\d\d)", path.stem)[1]
        for pattern in CHAPTER
        for path in ROOT.glob(pattern.format(number="[0-9][0-9]", slug="*"))
        if "evidence" not in pattern
    }
    assert len(found) >= 5 * len(numbers)
    assert {str(path) for path, number in found.items() if number not in numbers} == set()
