"""Any nbgrader course: what honest students get is what stock nbgrader gives, and no class stops."""

import csv
import functools
import html
import re
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import foreign
import nbformat
import pytest
from commands import in_turn

ROOT = Path(__file__).resolve().parents[3]
COURSES = {
    "quickstart": foreign.QUICKSTART,
    "seminar": foreign.SEMINAR,
    "laboratory": foreign.LABORATORY,
}
ODD = {"torn", "ended", "renamed"}  # for whom stock nbgrader stops, or has no points


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """A folder into which the grader is installed, as by pip, where torch and lrlab are not."""
    return foreign.install(tmp_path_factory.mktemp("site"))


def wheel_in(site: Path) -> Path:
    """Return the distribution's file."""
    return next(site.glob("*.whl"))


class Graded:
    """A course in two folders: graded by ``stock`` nbgrader, without the ODD, and by ``ours``."""

    def __init__(self, folder: Path, site: Path, course: foreign.Course) -> None:
        self.course = course
        self.stock, self.ours = folder / "stock", folder / "ours"
        name, here = course.assignment, (site, "platform")  # ours is imported from there
        for place in (self.stock, self.ours):
            if course is foreign.QUICKSTART:
                in_turn((folder, "nbgrader", "quickstart", place.name))
                with (place / "nbgrader_config.py").open("a") as config:
                    config.write(foreign.ACTIVATED + foreign.PLUG_IN * (place == self.ours))
            else:
                foreign.write(place, course, plugged=place == self.ours)
        in_turn((self.stock, "nbgrader", "generate_assignment", name))
        in_turn(here, (self.ours, "nbgrader", "generate_assignment", name))
        foreign.hand_in(self.stock, course, but=ODD)
        foreign.hand_in(self.ours, course)
        in_turn((self.stock, "nbgrader", "autograde", name))
        one_by_one = ("nbgrader", "autograde", name)
        with_workers = ("autograder", "grade", name, "--workers", "2")
        self.said = in_turn(
            here,
            (self.ours, *(one_by_one if "report" in course.notebooks else with_workers)),
            (self.ours, "nbgrader", "generate_feedback", name),
            (self.ours, "nbgrader", "export"),
            (self.ours, "autograder", "report", name),
            (self.ours, "autograder", "grade", name),
        )
        self.grades = foreign.grades(self.ours, course)

    def notebook(self, folder: Path, student: str, name: str) -> nbformat.NotebookNode:
        """Return a student's notebook as it was graded."""
        where = foreign.places(folder, self.course)
        home = where.format_path(where.autograded_directory, student, self.course.assignment)
        return nbformat.read(Path(home, f"{name}.ipynb"), nbformat.NO_CONVERT)

    def page(self, student: str, name: str) -> str:
        """Return the words of a page of feedback."""
        where = foreign.places(self.ours, self.course)
        home = where.format_path(where.feedback_directory, student, self.course.assignment)
        return words(Path(home, f"{name}.html"))

    def report(self) -> str:
        """Return the words of the class report."""
        root = Path(foreign.places(self.ours, self.course).root)
        return words(root / "reports" / f"{self.course.assignment}.html")


def words(path: Path) -> str:
    """Return what a reader sees of a page, in one line."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", path.read_text())).split())


@pytest.fixture(scope="module")
def courses(site, tmp_path_factory) -> Callable[[str], Graded]:
    """Return a function that gives a course, graded both ways."""

    @functools.cache
    def graded(name: str) -> Graded:
        return Graded(tmp_path_factory.mktemp(name), site, COURSES[name])

    return graded


@pytest.mark.parametrize("name", COURSES)
def test_honest_students_get_what_stock_nbgrader_gives(courses, name):
    """Every score, what waits for a person, and nbgrader's remarks on what was handed in."""
    students = COURSES[name].students

    def counts(student: str, notebook: str, item: str) -> bool:
        there = students[student].get(notebook) is not None
        return student not in ODD and (there or not item.endswith("comment"))

    expected, found = (
        {key: value for key, value in grades.items() if counts(*key)}
        for grades in (foreign.grades(courses(name).stock, COURSES[name]), courses(name).grades)
    )
    assert len(expected) > 10
    assert found == expected


@pytest.mark.parametrize("name", COURSES)
def test_a_graded_notebook_holds_the_cells_that_stock_nbgrader_leaves(courses, name):
    for notebook, answers in COURSES[name].students["right"].items():
        expected, found = (
            courses(name).notebook(folder, "right", notebook)
            for folder in (courses(name).stock, courses(name).ours)
        )
        assert answers
        found = [each.source for each in found.cells if each.get("id") != "note"]
        assert found == [each.source for each in expected.cells]


def test_one_broken_notebook_costs_its_own_points_only(courses):
    seminar = courses("seminar")
    for student, why in {
        "one": "2-data: There is no notebook here: hand in 2-data.ipynb",
        "torn": "2-data: The file is not a Jupyter notebook",
        "ended": "2-data: The cell that begins with import os ended its Python process",
    }.items():
        scores = {key[1:]: each[0] for key, each in seminar.grades.items() if key[0] == student}
        assert scores["1-warm-up", "mean_right"] == 2 and scores["1-warm-up", "mean_share"] == 3
        assert scores["2-data", "largest_right"] == 0
        assert why in seminar.report()
        assert why.removeprefix("2-data: ") in seminar.page(student, "2-data")


def test_a_task_in_a_renamed_notebook_waits_for_a_person(courses):
    """nbgrader gives it 0 for good, as it does not find the notebook."""
    grades = courses("seminar").grades
    assert grades["renamed", "1-warm-up", "mean_right"] == (2, False, 2)
    assert grades["renamed", "1-warm-up", "plot"] == (None, True, 1)


@pytest.mark.parametrize("name", COURSES)
def test_nobody_is_due_once_all_are_graded(courses, name):
    """Also where an answer in code waits for a person."""
    assert "Nothing is due" in courses(name).said


def test_what_is_not_python_is_not_run_and_says_so_and_other_kernels_names_are_no_matter(courses):
    seminar = courses("seminar")
    sentence = "It is written in R, and was not run: here only Python is."
    assert seminar.grades["right", "3-in-r", "y_right"][0] == 0
    assert sentence in seminar.page("right", "3-in-r")
    assert f"3-in-r: {sentence}" in seminar.report()
    assert seminar.grades["right", "1-warm-up", "mean_right"][0] == 2


def test_feedback_names_the_kind_of_check_and_shows_the_error(courses):
    assert "2 of 2 points, checked by a test in your own process" in courses("seminar").page(
        "right", "1-warm-up"
    )
    assert "AssertionError" in courses("quickstart").page("wrong", "problem1")


def test_feedback_says_what_waits_for_a_person_and_what_all_notebooks_earned(courses):
    page = courses("seminar").page("right", "1-warm-up")
    assert "5 of 8 points" in page and "All notebooks of this assignment together: 7 of 14" in page
    assert "So far: a person has yet to look at 2 of the questions." in page
    assert "Warm up, part 4 not graded yet" in page
    missing = courses("seminar").page("one", "2-data")
    assert "Your notebook could not be graded" in missing and "largest" not in missing


def test_the_report_names_items_by_notebook_where_there_are_several(courses):
    assert "1-warm-up/mean_right" in courses("seminar").report()
    report = courses("laboratory").report()
    assert "area_right" in report and "report/area_right" not in report


@pytest.mark.parametrize("name", COURSES)
def test_points_are_exported(courses, name):
    with (courses(name).ours / "grades.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    for student in COURSES[name].students:
        scores = [
            each[0] or 0
            for key, each in courses(name).grades.items()
            if key[0] == student and len(each) > 1
        ]
        assert rows[student] == pytest.approx(sum(scores))


def test_the_distribution_holds_the_grader_alone_and_no_check(site):
    names = zipfile.ZipFile(wheel_in(site)).namelist()
    files = {name for name in names if ".dist-info/" not in name}
    ours = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "autograder").rglob("*")
        if path.is_file() and not {"checks", "classroom", "__pycache__"} & set(path.parts)
    }
    assert files == ours - {"autograder/pyproject.toml"}
    assert "autograder/report/page.html.jinja" in files


def test_the_distribution_asks_for_what_the_checkout_installs():
    own = tomllib.loads((ROOT / "autograder" / "pyproject.toml").read_text())["project"]
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = whole["optional-dependencies"]["grader"]
    assert set(extra) <= set(own["dependencies"]) <= {*extra, *whole["dependencies"], "jinja2"}
    assert "torch" not in own["dependencies"] and "lrlab" not in own["dependencies"]
