"""Grading in parallel and in shards gives what ``nbgrader autograde`` gives."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bench.grading import NAME, make_course
from commands import autograder, nbgrader
from nbgrader.api import Gradebook

WRONG = {"rate_answer": "rate = 0.2", "step_answer": "def step(*all):\n    return 7.0"}
SHOUTING = {"step_answer": "import os\n\nprint('once')\nos._exit(4)"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with five submissions: two right ones, a wrong one, one that dies, one unreadable."""
    folder = make_course(tmp_path_factory.mktemp("course") / "c", stock=False, size=5)
    for number, answers in ((1, WRONG), (2, SHOUTING)):
        path = submitted(folder, number)
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        nbformat.write(notebook, path)
    submitted(folder, 3).write_text("{")
    return folder


def submitted(folder: Path, number: int) -> Path:
    return folder / "submitted" / f"student{number:03}" / NAME / f"{NAME}.ipynb"


def results(folder: Path) -> dict:
    """Return every score in the gradebook, and every byte of graded notebooks and feedback."""
    nbgrader(folder, "generate_feedback", NAME)
    found = {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(NAME):
            for grade in submission.notebooks[0].grades:
                found[submission.student.id, grade.name] = grade.auto_score
    for room in ("autograded", "feedback"):
        for path in sorted((folder / room).rglob("*")):
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


@pytest.fixture(scope="module")
def expected(course, tmp_path_factory):
    """What ``nbgrader autograde`` gives."""
    folder = shutil.copytree(course, tmp_path_factory.mktemp("one") / "c")
    nbgrader(folder, "autograde", NAME)
    return results(folder)


def test_nbgrader_grades_this_class(expected):
    points = {key: value for key, value in expected.items() if isinstance(key, tuple)}
    right = {("student000", "rate"): 1, ("student000", "step"): 1}
    wrong = {("student001", "rate"): 0, ("student001", "step"): 0}
    dies = {("student002", "rate"): 1, ("student002", "step"): 0}
    assert right.items() | wrong.items() | dies.items() <= points.items()
    assert sum(points[f"student{number:03}", "rate"] for number in range(5)) == 3


def test_workers_give_the_same(course, expected, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    said = autograder(folder, "grade", NAME, "--workers", "2")
    assert "5 of 5 submissions done" in said
    assert results(folder) == expected


def test_shards_give_the_same_and_touch_no_gradebook(course, expected, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    before = (folder / "gradebook.db").read_bytes()
    done = []
    for part in (1, 2, 3):
        autograder(folder, "grade", NAME, "--shard", f"{part}/3")
        done.append(len(list((folder / "outcomes" / NAME).iterdir())))
    assert done == [2, 4, 5]
    assert (folder / "gradebook.db").read_bytes() == before
    assert not (folder / "autograded").exists()
    assert "5 of 5 submissions recorded" in autograder(folder, "merge", NAME)
    assert results(folder) == expected


def test_an_outcome_of_another_submission_is_not_recorded(course, expected, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    autograder(folder, "grade", NAME, "--shard", "1/1")
    path = folder / "outcomes" / NAME / "student001.json"
    forged = json.loads(path.read_text())
    assert forged["verdicts"]["rate"]["points"] == 0
    text = submitted(folder, 1).read_text()
    submitted(folder, 1).write_text(text.replace("rate = 0.2", "rate = 0.1"))
    autograder(folder, "merge", NAME)
    assert results(folder)["student001", "rate"] == 1


def test_what_ran_once_is_recorded_and_not_run_again(course, tmp_path):
    """Also beside a file whose name nbgrader needs, and so is not copied."""
    folder = shutil.copytree(course, tmp_path / "c")
    submitted(folder, 0).with_name(f"{NAME}.html").write_text("mine")
    autograder(folder, "grade", NAME, "--shard", "1/5")
    outcome = folder / "outcomes" / NAME / "student000.json"
    ran = outcome.stat().st_mtime_ns
    autograder(folder, "grade", NAME)
    assert outcome.stat().st_mtime_ns == ran


PRESS_THE_BUTTON = """
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

app = NbGrader()
app.initialize([])
api = NbGraderAPI(CourseDirectory(parent=app), parent=app)
for number in range(5):
    print(api.autograde(NAME, f"student{number:03}")["success"])
"""


def test_formgraders_button_gives_the_same(course, expected, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    script = PRESS_THE_BUTTON.replace("NAME", repr(NAME))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["True"] * 5, done.stderr
    assert results(folder) == expected


def test_validate_runs_in_a_sandbox(course, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    path = folder / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, 4)
    outside = f"import os\nassert not os.path.exists({str(folder)!r}), 'the course is in sight'"
    notebook.cells[2].source = f"{outside}\nassert os.getpid() == 2"
    nbformat.write(notebook, path)
    assert "Success! Your notebook passes all the tests." in nbgrader(folder, "validate", NAME)


def test_without_isolation_nothing_is_graded_unless_told(course, expected, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    grade = [sys.executable, "-m", "autograder", "grade", NAME]
    locked = "echo 0 > /proc/sys/user/max_user_namespaces && exec"
    jail = ["unshare", "--user", "--map-root-user", "sh", "-c"]
    done = subprocess.run(
        [*jail, f"{locked} {' '.join(grade)}"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "Students' code cannot be isolated on this machine" in done.stdout + done.stderr
    assert "--unsafe" in done.stdout + done.stderr
    assert not (folder / "autograded").exists()
    subprocess.run([*jail, f"{locked} {' '.join([*grade, '--unsafe'])}"], cwd=folder, check=True)
    points = {key: value for key, value in results(folder).items() if isinstance(key, tuple)}
    assert points == {key: value for key, value in expected.items() if isinstance(key, tuple)}


def test_a_gradebook_that_is_not_there_ends_it_with_a_sentence_and_nothing_is_forgotten(
    course, tmp_path
):
    folder = shutil.copytree(course, tmp_path / "c")
    autograder(folder, "grade", NAME, "--shard", "1/5")
    outcome = folder / "outcomes" / NAME / "student000.json"
    before = outcome.read_bytes()
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write('\nc.CourseDirectory.db_url = "sqlite:////no/such/folder/gradebook.db"\n')
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", NAME, "--force"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "The gradebook cannot be used now" in done.stderr
    assert "Traceback" not in done.stderr
    assert outcome.read_bytes() == before
