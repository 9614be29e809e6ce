"""Grading in parallel, in shards and by a button gives what ``nbgrader autograde`` gives."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from broken import FULL, NAME, make_course, right
from broken.cases import put
from broken.course import answered
from commands import autograder, in_turn
from nbgrader.api import Gradebook

WRONG = {"scaled_answer": "def scaled(*all):\n    return 7.0", "last_answer": 'final = "A"'}
SHOUTING = {"last_answer": "import os\n\nprint('once')\nos._exit(4)"}
CLASS = [f"student{number:03}" for number in range(5)]
# A user namespace in which no other can be made, and so no sandbox.
LOCKED = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
JAIL = ["unshare", "--user", "--map-root-user", "sh", "-c", LOCKED, "sh"]
# What formgrader does when the button beside a submission is pressed.
PRESS_THE_BUTTON = f"""
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

app = NbGrader()
app.initialize([])
api = NbGraderAPI(CourseDirectory(parent=app), parent=app)
for student in {CLASS}:
    print("pressed:", api.autograde("{NAME}", student)["success"])
"""
# Each on a copy of the course: by nbgrader's command, by workers, by a button; two shards of three,
# all three; workers who go on after a shard; nbgrader's check of a master.
GRADE, FEEDBACK = ("autograder", "grade", NAME), ("nbgrader", "generate_feedback", NAME)
WAYS = {
    "nbgrader": [("nbgrader", "autograde", NAME), FEEDBACK],
    "workers": [(*GRADE, "--workers", "2"), FEEDBACK],
    "button": [("press_the_button",), FEEDBACK],
    "some": [(*GRADE, "--shard", "1/3"), (*GRADE, "--shard", "3/3")],
    "shards": [(*GRADE, "--shard", f"{part}/3") for part in (1, 2, 3)],
    "resumed": [
        (*GRADE, "--shard", "1/3"),
        ("zipfile", "--create", "ran.zip", "outcomes"),
        GRADE,
        FEEDBACK,
    ],
    "validate": [("nbgrader", "validate", NAME)],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course with five submissions: two right ones, a wrong one, one that dies, one unreadable."""
    folder = make_course(tmp_path_factory.mktemp("course") / "c")
    for student, answers in zip(CLASS, ({}, WRONG, SHOUTING, None, {}), strict=True):
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        put(home, "{" if answers is None else answered(right(folder), **answers))
        put(home, "mine", f"{NAME}.html")  # a name that nbgrader needs, and so is not copied
    (folder / "press_the_button.py").write_text(PRESS_THE_BUTTON)
    return folder


@pytest.fixture(scope="module")
def ways(course, tmp_path_factory) -> dict[str, Path]:
    """A copy of the course for each way to grade it, with ``said``, what was written."""
    folder = tmp_path_factory.mktemp("ways")
    for way in WAYS:
        shutil.copytree(course, folder / way)
    path = folder / "validate" / "solutions" / NAME / f"{NAME}.ipynb"
    master = nbformat.read(path, 4)
    outside = f"import os\nassert not os.path.exists({str(folder)!r}), 'the course is in sight'"
    master.cells[2].source = f"{outside}\nassert os.getpid() == 2\n{master.cells[2].source}"
    nbformat.write(master, path)
    commands = [(folder / way, *command) for way, those in WAYS.items() for command in those]
    (folder / "said").write_text(in_turn(*commands))
    return {path.name: path for path in folder.iterdir()}


def points(folder: Path) -> dict[tuple[str, str], float]:
    """Return every score in the gradebook."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(NAME)
            for grade in submission.notebooks[0].grades
        }


def results(folder: Path) -> dict:
    """Return every score in the gradebook, and every byte of graded notebooks and feedback."""
    found = dict(points(folder))
    for room in ("autograded", "feedback"):
        for path in sorted((folder / room).rglob("*")):
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def stored(folder: Path) -> dict[str, bytes]:
    """Return the outcomes that lie in a course, by student."""
    return {path.stem: path.read_bytes() for path in (folder / "outcomes" / NAME / NAME).iterdir()}


@pytest.fixture(scope="module")
def expected(ways) -> dict:
    """What ``nbgrader autograde`` gives."""
    return results(ways["nbgrader"])


def test_nbgrader_grades_this_class(expected):
    found = {key: value for key, value in expected.items() if isinstance(key, tuple)}
    earned = {student: tuple(found[student, name] for name in FULL) for student in CLASS}
    assert list(earned.values()) == [
        (1, 2, 3, 1),
        (1, 0, 0, 0),
        (1, 2, 3, 0),
        (0, 0, 0, 0),
        (1, 2, 3, 1),
    ]
    assert {f"feedback/{student}/{NAME}/{NAME}.html" for student in CLASS} <= expected.keys()


def test_workers_give_the_same(ways, expected):
    assert ways["said"].read_text().count("5 of 5 submissions done") == 2  # also the resumed
    assert results(ways["workers"]) == expected


def test_a_shard_is_a_part_of_the_class(ways):
    assert stored(ways["some"]).keys() == {CLASS[0], CLASS[3], CLASS[2]}
    assert stored(ways["shards"]).keys() == {*CLASS}


def test_shards_give_the_same_and_touch_no_gradebook(course, ways, expected, tmp_path):
    folder = shutil.copytree(ways["shards"], tmp_path / "c")
    before = stored(folder)
    assert (folder / "gradebook.db").read_bytes() == (course / "gradebook.db").read_bytes()
    assert not (folder / "autograded").exists()
    said = in_turn((folder, "autograder", "merge", NAME), (folder, *FEEDBACK))
    assert "5 of 5 submissions recorded" in said
    assert results(folder) == expected
    assert stored(folder) == before  # nothing had changed, so nothing was run again


def test_what_ran_once_is_recorded_and_not_run_again(ways, expected, tmp_path):
    shutil.unpack_archive(ways["resumed"] / "ran.zip", tmp_path)
    ran = stored(tmp_path)
    assert ran.keys() == {CLASS[0], CLASS[3]}
    assert ran.items() <= stored(ways["resumed"]).items()
    assert results(ways["resumed"]) == expected


def test_an_outcome_of_another_submission_is_not_recorded(ways, tmp_path):
    folder = shutil.copytree(ways["shards"], tmp_path / "c")
    before = stored(folder)
    assert json.loads(before[CLASS[1]])["verdicts"]["last"]["points"] == 0
    path = folder / "submitted" / CLASS[1] / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace('final = \\"A\\"', 'final = \\"C\\"'))
    autograder(folder, "merge", NAME)
    assert points(folder)[CLASS[1], "last"] == 1
    after = stored(folder)
    assert [student for student in CLASS if after[student] != before[student]] == [CLASS[1]]


def test_an_outcome_of_another_check_is_not_recorded(ways, tmp_path):
    folder = shutil.copytree(ways["shards"], tmp_path / "c")
    for student in CLASS[2:]:
        shutil.rmtree(folder / "submitted" / student)
    checks = folder / "autograder" / "checks" / NAME / "__init__.py"
    checks.write_text(checks.read_text().replace("value == 2.0", "value == 7.0"))
    assert "2 of 2 submissions done" in autograder(folder, "grade", NAME)
    found = points(folder)
    assert (found[CLASS[0], "scaled"], found[CLASS[1], "scaled"]) == (0, 2)


def test_formgraders_button_gives_the_same(ways, expected):
    assert ways["said"].read_text().count("pressed: True") == 5
    assert results(ways["button"]) == expected


def test_validate_runs_in_a_sandbox(ways):
    assert "Success! Your notebook passes all the tests." in ways["said"].read_text()


def test_without_isolation_nothing_is_graded_unless_told(course, expected, tmp_path):
    folder = shutil.copytree(course, tmp_path / "c")
    with pytest.raises(AssertionError, match="code cannot be isolated on this mach") as refused:
        autograder(folder, "grade", NAME, rights=JAIL)
    assert "--unsafe" in str(refused.value)
    assert not (folder / "autograded").exists()
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write("\nc.JudgeCells.question_seconds = 30\n")  # a plain kernel imports torch
    said = autograder(folder, "grade", NAME, "--unsafe", rights=JAIL)
    assert "eavesdropping" not in said
    assert points(folder) == {key: each for key, each in expected.items() if isinstance(key, tuple)}


def test_a_gradebook_that_is_not_there_ends_it_with_a_sentence_and_nothing_is_forgotten(
    ways, tmp_path
):
    folder = shutil.copytree(ways["shards"], tmp_path / "c")
    before = stored(folder)
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
    assert stored(folder) == before
