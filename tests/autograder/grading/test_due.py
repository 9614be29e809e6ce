"""What was handed in decides who is graded again, and not the clock; and nobody is passed over unsaid."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from broken.cases import put
from broken.course import NAME, answered, make_course, right
from commands import in_turn
from nbgrader.api import Gradebook

GRADE, STOCK = ("autograder", "grade", NAME), ("nbgrader", "autograde", NAME)
each_command = pytest.mark.parametrize("command", [GRADE, STOCK], ids=["workers", "nbgrader"])
TIMES = [f"2026-01-0{day} 12:00:00.000000 UTC" for day in (1, 2, 3)]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which three have handed in, cyd with a timestamp, and are graded."""
    folder = make_course(tmp_path_factory.mktemp("graded") / "course")
    for student in ("ann", "bob", "cyd"):
        hand_in(folder, student, "A" if student == "bob" else "C")
    put(home(folder, "cyd"), TIMES[1], "timestamp.txt")
    in_turn((folder, *GRADE))
    return folder


@pytest.fixture
def course(graded, tmp_path) -> Path:
    return shutil.copytree(graded, tmp_path / "course")


def home(course: Path, student: str) -> Path:
    return course / "submitted" / student / NAME


def hand_in(course: Path, student: str, letter: str) -> None:
    home(course, student).mkdir(parents=True, exist_ok=True)
    put(home(course, student), answered(right(course), last_answer=f"final = '{letter}'"))


def scores(course: Path) -> dict[str, float]:
    """Return everybody's score of the last question."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            each.student.id: gradebook.find_grade("last", NAME, NAME, each.student.id).score
            for each in gradebook.assignment_submissions(NAME)
        }


def test_the_class_is_what_the_tests_take_it_for(course):
    assert scores(course) == {"ann": 1, "bob": 0, "cyd": 1}


@each_command
def test_a_newer_download_without_a_timestamp_is_graded(course, command):
    hand_in(course, "bob", "C")
    said = in_turn((course, *command))
    assert scores(course) == {"ann": 1, "bob": 1, "cyd": 1}
    if command == GRADE:
        assert "Graded again, as what was handed in has changed since: bob" in said
        assert "1 of 1 submissions done; 2 graded already" in said
    else:
        assert "bob is graded: what was handed in has changed since" in said
        assert "ann is graded already" in said


def test_an_older_upload_and_a_file_beside_count_as_well(course):
    hand_in(course, "cyd", "A")
    put(home(course, "cyd"), TIMES[0], "timestamp.txt")
    put(home(course, "ann"), "rate = 0.1", "rates.py")
    assert "2 of 2 submissions done; 1 graded already" in in_turn((course, *GRADE))
    assert scores(course) == {"ann": 1, "bob": 0, "cyd": 0}
    copied = course / "autograded" / "cyd" / NAME / "timestamp.txt"
    assert copied.read_text().startswith("2026-01-01")


@each_command
def test_what_is_only_touched_is_not_graded_again(course, command):
    for path in (course / "submitted").rglob("*"):
        os.utime(path, (0, 0))
    checkpoint = home(course, "ann") / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_text("{}")
    results = {path: path.stat().st_mtime_ns for path in (course / "autograded").rglob("*")}
    said = in_turn((course, *command))
    assert results == {path: path.stat().st_mtime_ns for path in (course / "autograded").rglob("*")}
    if command == GRADE:
        assert "Nothing is due: 3 graded already." in said


@pytest.mark.parametrize(
    ("command", "time"), [(GRADE, TIMES[0]), (STOCK, TIMES[2])], ids=["earlier", "later"]
)
def test_another_timestamp_reaches_the_gradebook_and_what_was_given_by_hand_stays(
    course, command, time
):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("last", NAME, NAME, "cyd").manual_score = 0.5
        gradebook.find_comment("last_answer", NAME, NAME, "cyd").manual_comment = "Nearly."
        gradebook.db.commit()
    put(home(course, "cyd"), time, "timestamp.txt")
    in_turn((course, *command))
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(NAME, "cyd")
        assert submission.timestamp == datetime.fromisoformat(time[:-4])
        grade = gradebook.find_grade("last", NAME, NAME, "cyd")
        assert (grade.score, grade.auto_score, grade.needs_manual_grade) == (0.5, 1, True)
        assert gradebook.find_comment("last_answer", NAME, NAME, "cyd").comment == "Nearly."


def test_what_was_graded_before_there_were_digests_is_due_by_the_clock_alone(course):
    for path in (course / ".grading").rglob("*.graded"):
        path.unlink()
    hand_in(course, "ann", "A")
    hand_in(course, "cyd", "A")
    assert "Nothing is due: 3 graded already." in in_turn((course, *GRADE))
    put(home(course, "cyd"), TIMES[2], "timestamp.txt")
    assert "1 of 1 submissions done; 2 graded already" in in_turn((course, *GRADE))
    assert scores(course) == {"ann": 1, "bob": 0, "cyd": 0}


def test_an_outcome_that_is_not_recorded_is_no_result(course):
    """A shard runs what is newer, and the gradebook has the older."""
    hand_in(course, "ann", "A")
    in_turn((course, *GRADE, "--shard", "1/1"))
    assert scores(course)["ann"] == 1
    assert "Graded again, as what was handed in has changed since: ann" in in_turn((course, *GRADE))
    assert scores(course)["ann"] == 0


@each_command
def test_an_older_check_is_said_and_nobody_is_graded_again_unasked(course, command):
    checks = course / "autograder" / "checks" / NAME / "__init__.py"
    checks.write_text(checks.read_text().replace('frozenset("C")', 'frozenset("A")'))
    said = in_turn((course, *command))
    assert "3 of these were graded by older checks, or an older grader" in said
    assert scores(course) == {"ann": 1, "bob": 0, "cyd": 1}
    said = in_turn((course, *command, "--force"))
    assert "of these" not in said
    assert scores(course) == {"ann": 0, "bob": 1, "cyd": 0}


@each_command
def test_a_release_that_is_not_there_is_named(course, command):
    hand_in(course, "ann", "A")
    shutil.rmtree(course / "exercises")
    with pytest.raises(AssertionError) as refused:
        in_turn((course, *command))
    said = str(refused.value)
    assert f"exercises/{NAME}: run nbgrader generate_assignment {NAME}, then grade." in said
    assert "Not done, run the command again" not in said
    in_turn((course, "nbgrader", "generate_assignment", NAME), (course, *command))
    assert scores(course)["ann"] == 0


@each_command
def test_a_release_that_the_gradebook_does_not_know_is_named(course, command):
    path = course / "exercises" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace('"points": 3', '"points": 4'))
    with pytest.raises(AssertionError, match=f"gradebook differ in {NAME}/measured: run nbgrader"):
        in_turn((course, *command))


def put_astray(course: Path) -> None:
    """Hand in what no submission is, as mail programs, teachers and students do."""
    text, root = (home(course, "ann") / f"{NAME}.ipynb").read_text(), course / "submitted"
    (course / "solutions" / "lr99_other").mkdir()
    for name in (
        f"zoe/{NAME}.ipynb",
        "yan/LR00_Tiny/nb.ipynb",
        f"xia/{NAME} (1)/{NAME}.ipynb",
        f"ann/{NAME} (2)/{NAME}.ipynb",
        f"{NAME}/wim/{NAME}.ipynb",
        "val/homework/deep/nb.ipynb",
        f"una/{NAME}",
        f"{NAME}.zip",
        "grades.csv",
        "tom/lr99_other/lr99_other.ipynb",
        "tom/LR99_other/lr99_other.ipynb",
        "tom/notes/notes.txt",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "sam").mkdir()


ASTRAY = {
    f"submitted/ann/{NAME} (2)": f"ann/{NAME}/ is",
    f"submitted/{NAME}": f"the order is STUDENT/{NAME}, not {NAME}/STUDENT",
    f"submitted/{NAME}.zip": f"it is no student's folder, and should lie in STUDENT/{NAME}/",
    "submitted/sam": "it is empty",
    f"submitted/una/{NAME}": "it is no folder",
    "submitted/val/homework": f"it should be val/{NAME}/",
    f"submitted/xia/{NAME} (1)": f"it should be xia/{NAME}/",
    "submitted/yan/LR00_Tiny": f"it should be yan/{NAME}/",
    f"submitted/zoe/{NAME}.ipynb": f"it should be zoe/{NAME}/",
}


@each_command
def test_whatever_is_passed_over_is_named_with_why(course, command):
    put_astray(course)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("zoe")
        gradebook.add_student("rob")
    said = in_turn((course, *command), (course, "autograder", "report", NAME))
    told = " ".join(said.split())  # whatever the width of a line
    places = [told.find(f"{path} is not graded: {why}") for path, why in ASTRAY.items()]
    assert -1 not in places and places == sorted(places), said
    assert told.count(" is not graded: ") == len(ASTRAY)
    if command == GRADE:
        assert "Nothing is due: 3 graded already." in said
        assert "2 more in the gradebook, who have handed in nothing." in said
    page = (course / "reports" / f"{NAME}.html").read_text()
    for path in ASTRAY:
        assert f"{path} is not graded" in page


@each_command
def test_a_class_of_which_all_is_passed_over_is_an_error_that_names_it(course, command):
    for student in ("ann", "bob", "cyd"):
        home(course, student).rename(home(course, student).with_name(f"{NAME}-1"))
    with pytest.raises(AssertionError) as refused:
        in_turn((course, *command))
    assert f"submitted/bob/{NAME}-1 is not graded: it should be bob/{NAME}/" in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_a_code_answer_that_waits_for_a_person_is_not_graded_again(tmp_path):
    folder = make_course(tmp_path / "course")
    path = folder / "solutions" / NAME / f"{NAME}.ipynb"
    master = nbformat.read(path, 4)
    answer = next(cell for cell in master.cells if cell.id == "last_answer")
    answer.metadata.nbgrader |= {"grade": True, "points": 2.0}
    nbformat.write(master, path)
    in_turn((folder, "autograder", "release"))
    hand_in(folder, "ann", "C")
    said = in_turn((folder, *GRADE), (folder, *GRADE))
    assert "1 of 1 submissions done" in said and "Nothing is due: 1 graded already." in said
