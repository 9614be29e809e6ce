"""The steps that CONTRIBUTING gives for adding a part, followed to the letter in a copy of the course.

A chapter, a figure, a recorded run and an assignment are added by writing the files that its section
names, here as copies of ones that are there, and each is then found without any other change.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PARTS = ("chapter", "figure", "recorded run", "assignment")


def files_of(part: str) -> list[str]:
    """Return the files that the guide names for a new ``part``, in its own notation, in order."""
    section = re.search(rf"\n### An? {part}\b(.*?)(?=\n### |\Z)", GUIDE, re.DOTALL)[1]
    named = re.findall(r"`([\w/.]+\.(?:ipynb|md|mjs|py|bib|yml))`", section)
    return [name for name in dict.fromkeys(named) if "/" in name]


def write(course: Path, files: list[str], names: dict[str, str], change=lambda text: text) -> None:
    """Write each of ``files`` whose name holds a placeholder, from the one of an older part.

    names: for every placeholder in the guide's notation, "older > new".
    """
    for pattern in files:
        older = newer = pattern
        for placeholder, pair in names.items():
            old, new = pair.split(" > ")
            older, newer = older.replace(placeholder, old), newer.replace(placeholder, new)
        if older != newer and not pattern.startswith("exercises/"):  # those are derived
            (course / newer).parent.mkdir(parents=True, exist_ok=True)
            (course / newer).write_text(change((course / older).read_text()))


def python(course: Path, program: str) -> object:
    """Run ``program`` in the course; return what it printed, which is JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(course)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for room in ("autograder", "book", "lrlab", "solutions"):
        shutil.copytree(ROOT / room, folder / room, ignore=skip)
    shutil.copytree(ROOT / "tests" / "autograder", folder / "tests" / "autograder", ignore=skip)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


@pytest.mark.parametrize("part", PARTS)
def test_the_guide_names_files_that_are_there(part):
    """Every file without a placeholder is there, and each of the others is there at least once."""
    for pattern in files_of(part):
        for placeholder, any_name in (("NN", "[0-9][0-9]"), ("slug", "*"), ("NAME", "*")):
            pattern = pattern.replace(placeholder, any_name)
        pattern = re.sub(r"\bname\b", "*", pattern)
        assert list(ROOT.glob(pattern)), pattern


def test_a_chapter_is_found_by_its_files(course):
    files = files_of("chapter")
    assert len(files) >= 6
    names = {"NN": "09 > 10", "slug": "plateau > warmup"}
    write(course, files, names, lambda text: text.replace("CHAPTER = 9", "CHAPTER = 10"))
    found = python(
        course,
        """
import json
from autograder.checks.lr_test.keys import key_of
from lrlab import evidence, quiz
from lrlab.assignments import questions

drawn = [each for k in range(40) for each in questions.draw(f"student-{k}").questions]
ours = [each for each in drawn if each.chapter == 10]
keys = [key_of(each).right for each in ours]
print(json.dumps({
    "claims": len([each for each in evidence.CLAIMS if each.measure.__module__.endswith("warmup")]),
    "quiz": len(quiz.load("10_warmup")),
    "questions": len(ours),
    "answered": len(keys),
}))
""",
    )
    assert found["claims"] >= 1 and found["quiz"] >= 5
    assert found["questions"] == found["answered"] >= 20


def test_a_figure_is_found_by_its_files(course):
    write(course, files_of("figure"), {"name.": "first_step. > second_step."})
    shown = python(
        course,
        """
import json
from lrlab import figures
figures.display = lambda figure: print(json.dumps(figure.static_html))
figures.show("second_step", "mnist_first_step")
""",
    )
    assert 'data-module="second_step"' in shown and "<img" in shown


def test_a_run_is_recorded_by_its_description(course):
    (described,) = (name for name in files_of("recorded run") if name.endswith("experiments.yml"))
    with (course / described).open("a") as file:
        file.write(
            "\ntiny:\n  question: Does a new run need more than these lines?\n  measure: training\n"
            "  experiment: {steps: 3, train_size: 640, test_size: 100}\n"
            "  learning_rates: [0.1]\n  seeds: [0, 1]\n"
        )
    command = [sys.executable, "-m", "lrlab.runs", "tiny"]
    environment = {**os.environ, "PYTHONPATH": str(course)}
    subprocess.run(command, cwd=course, env=environment, check=True, capture_output=True)
    read = "import json; from lrlab import runs; print(json.dumps(runs.load('tiny').seeds))"
    assert python(course, read) == [0, 1]


def test_an_assignment_is_found_by_its_files(course):
    names = {"lrNN_slug": "lr09_plateau > lr10_warmup"}
    files = files_of("assignment")
    assert len(files) >= 3
    write(course, files, names, lambda text: text.replace("lr09_plateau", "lr10_warmup"))
    older, newer = (
        course / "autograder" / "checks" / f"lr{each}" for each in ("09_plateau", "10_warmup")
    )
    for path in older.iterdir():  # "beside it": the sentences, and modules of its own
        if path.is_file() and not (newer / path.name).exists():
            text = path.read_text().replace("lr09_plateau", "lr10_warmup")
            (newer / path.name).write_text(text)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "lr10_warmup"]
    done = subprocess.run(command, cwd=course, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    released = nbformat.read(course / "exercises/lr10_warmup/lr10_warmup.ipynb", 4)
    graded = [
        cell.metadata.nbgrader.grade_id
        for cell in released.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    checks = python(
        course,
        """
import json
from autograder.judge.server import checks_of, load_checks
print(json.dumps(sorted(checks_of(load_checks("lr10_warmup")))))
""",
    )
    assert graded and sorted(graded) == checks
