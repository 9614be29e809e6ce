"""An assignment withdrawn and released again with other checks: who is graded anew, and who is told."""

import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from broken.cases import put
from broken.course import NAME, answered, make_course, right, top_of_page
from commands import in_turn
from nbgrader.api import Gradebook

GRADE, STOCK = ("autograder", "grade", NAME), ("nbgrader", "autograde", NAME)
SHARD, MERGE = (*GRADE, "--shard", "1/1"), ("autograder", "merge", NAME)
WITHDRAW, RELEASE = ("autograder", "withdraw", NAME), ("nbgrader", "release_assignment", NAME)
PUBLISH = (("nbgrader", "generate_feedback", NAME), ("autograder", "report", NAME))
ANSWERS = {
    "ann": "C",
    "bob": "A",
    "cyd": "C",
    "dee": "B",
}  # of the last question; all else is right
BEFORE = {"ann": 7, "bob": 6, "cyd": 6.5, "dee": 6}  # a person gave cyd half a point there
AFTER = {"ann": 6, "bob": 7, "cyd": 6.5, "dee": 6}


def hand_in(course: Path, student: str, letter: str, source: dict) -> None:
    home = course / "submitted" / student / NAME
    home.mkdir(parents=True, exist_ok=True)
    put(home, answered(source, last_answer=f"final = '{letter}'"))


def gradebook(course: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def scores(course: Path) -> dict[str, float]:
    with gradebook(course) as book:
        return {each.student.id: each.score for each in book.assignment_submissions(NAME)}


def correct_check(course: Path, letter: str = "A") -> None:
    """Have another letter be right, which changes points both ways."""
    checks = course / "autograder" / "checks" / NAME / "__init__.py"
    checks.write_text(
        re.sub(r'"final", frozenset\("."\)', f'"final", frozenset("{letter}")', checks.read_text())
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A class that is graded and has its pages; a person graded and commented on cyd's last answer."""
    folder = make_course(tmp_path_factory.mktemp("graded") / "course")
    for student, letter in ANSWERS.items():
        hand_in(folder, student, letter, right(folder))
    in_turn((folder, *GRADE))
    with gradebook(folder) as book:
        book.find_grade("last", NAME, NAME, "cyd").manual_score = 0.5
        book.find_comment("last_answer", NAME, NAME, "cyd").manual_comment = "Say why."
        book.db.commit()
    in_turn(*((folder, *each) for each in PUBLISH))
    assert scores(folder) == BEFORE
    return folder


@pytest.fixture
def course(graded, tmp_path) -> Path:
    """The same class, with an exchange in which the assignment lies."""
    folder = shutil.copytree(graded, tmp_path / "course")
    (tmp_path / "exchange").mkdir(mode=0o1777)
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    in_turn((folder, *RELEASE))
    return folder


def fetched(course: Path, name: str) -> Path:
    """Fetch the assignment into a folder of a student's; return it."""
    home = course.parent / name
    home.mkdir()
    root = course.parent / "exchange"
    words = ("fetch_assignment", NAME, "--course", "learning-rates", f"--Exchange.root={root}")
    in_turn((home, "nbgrader", *words))
    return home / NAME / f"{NAME}.ipynb"


def test_who_was_graded_by_the_older_check_is_graded_anew_and_told(course):
    older = fetched(course, "gus")
    said = in_turn((course, *WITHDRAW))
    assert "lr00_tiny is withdrawn: until it is released again, nobody can fetch it" in said
    assert "4 have handed it in, 4 of them are graded." in said
    with pytest.raises(AssertionError, match="Assignment not found"):
        fetched(course, "hal")
    assert "Nothing is due: 4 graded already." in in_turn((course, *GRADE))
    assert scores(course) == BEFORE, "nothing is lost, and no check has changed yet"

    correct_check(course)
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    master = nbformat.read(path, 4)
    for cell in master.cells:  # a text and a visible check that nobody can change
        cell.source = cell.source.replace(
            "Divide one by the other.", "Divide the second by the first."
        )
        cell.source = cell.source.replace("answer should be a letter", "the answer is one letter")
    nbformat.write(master, path)
    hand_in(course, "gus", "A", json.loads(older.read_text()))  # who had fetched the older one
    said = in_turn(
        (course, "nbgrader", "generate_assignment", NAME), (course, *RELEASE), (course, *GRADE)
    )
    assert "Graded again, as the checks changed: 4." in said
    assert "5 of 5 submissions done" in said
    assert "2 grades changed: ann 7 → 6, bob 6 → 7." in said
    assert "with a problem" not in said
    assert scores(course) == AFTER | {"gus": 1}
    with gradebook(course) as book:
        grade = book.find_grade("last", NAME, NAME, "cyd")
        assert (grade.manual_score, grade.auto_score, grade.needs_manual_grade) == (0.5, 0, True)
        assert book.find_comment("last_answer", NAME, NAME, "cyd").comment == "Say why."
    assert "the answer is one letter" in fetched(course, "ida").read_text()

    said = in_turn((course, *GRADE), *((course, *each) for each in PUBLISH))
    assert "Nothing is due: 5 graded already." in said
    assert re.search(
        r"Graded anew on .* UTC, as the checks changed: in all 6 points before, 7 after that\.",
        top_of_page(course, "bob"),
    )
    for student in ("cyd", "dee", "gus"):
        assert "Graded anew" not in top_of_page(course, student)
    with (course / "reports" / f"{NAME}-changes.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["Student"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {"ann", "bob"}
    assert rows["ann"]["Why"] == "the checks changed"
    assert (rows["ann"]["Score before"], rows["ann"]["Score after"]) == ("7", "6")
    assert rows["ann"]["What changed"] == "Rates, part 4: 1 → 0"
    report = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert 'id="changed"' in report and "Rates, part 4: 0 → 1" in report


@pytest.mark.parametrize("commands", [[STOCK], [SHARD, MERGE]], ids=["nbgrader", "shards"])
def test_each_way_of_grading_grades_them_anew(graded, tmp_path, commands):
    """Without an exchange, too; who was graded since is not graded again when checks change once more."""
    course = shutil.copytree(graded, tmp_path / "course")
    said = in_turn((course, *WITHDRAW))
    assert "lr00_tiny is in no exchange, so nobody fetches it there." in said
    correct_check(course)
    said = in_turn(*((course, *command) for command in commands))
    assert "2 grades changed: ann 7 → 6, bob 6 → 7." in said
    assert scores(course) == AFTER
    correct_check(course, "B")
    said = in_turn((course, *GRADE))
    assert "4 of these were graded by older checks, or an older grader; --force" in said
    assert scores(course) == AFTER


def test_a_grading_that_was_cut_off_loses_no_change(graded, tmp_path):
    """What the grades were lies beside the result until it is complete."""
    course = shutil.copytree(graded, tmp_path / "course")
    in_turn((course, *WITHDRAW))
    correct_check(course)
    stage = course / ".grading" / "ann" / NAME
    with gradebook(
        course
    ) as book:  # as when the process is killed before the result is in its place
        items = {
            f"{NAME}/{each.name}": each.score
            for each in book.find_submission_notebook(NAME, NAME, "ann").grades
        }
        book.find_grade("last", NAME, NAME, "ann").auto_score = 0
        book.db.commit()
    kept = {"why": "the checks changed", "grades": {"items": items, "penalty": 0.0}}
    stage.with_name(f"{NAME}.before").write_text(json.dumps(kept))
    stage.with_name(f"{NAME}.begun").touch()
    assert "2 grades changed: ann 7 → 6, bob 6 → 7." in in_turn((course, *GRADE))
    assert not list((course / ".grading").rglob("*.before"))


def test_the_same_name_in_another_course_stays(course):
    other = course.parent / "exchange" / "other" / "outbound" / NAME
    other.mkdir(parents=True)
    in_turn((course, *WITHDRAW))
    assert other.is_dir()
    assert not (course.parent / "exchange" / "learning-rates" / "outbound" / NAME).exists()


def test_an_assignment_that_there_is_not_is_a_sentence(course):
    for name in ("lr99", "*", "../other"):
        with pytest.raises(AssertionError, match="There is no assignment"):
            in_turn((course, "autograder", "withdraw", name))
    assert (course.parent / "exchange" / "learning-rates" / "outbound" / NAME).is_dir()
