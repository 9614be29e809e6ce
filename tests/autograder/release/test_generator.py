"""A release after some have handed in: it goes through where nothing is lost, or changes nothing."""

import copy
import csv
import shutil
from pathlib import Path

import nbformat
import pytest
from broken.cases import put
from broken.course import NAME, answered, make_course, right
from commands import autograder, in_turn, nbgrader
from nbgrader.api import Gradebook

RELEASE = ("autograder", "release")
GRADE = ("autograder", "grade", NAME)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which two have handed in and are graded."""
    folder = make_course(tmp_path_factory.mktemp("graded") / "course")
    for student in ("ann", "bob"):
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        put(
            home,
            answered(right(folder), **({"last_answer": "final = 'A'"} if student == "bob" else {})),
        )
    autograder(folder, *GRADE[1:])
    return folder


@pytest.fixture
def course(graded, tmp_path) -> Path:
    return shutil.copytree(graded, tmp_path / "course")


def change(course: Path, edit) -> None:
    """Change the cells of the master."""
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    master = nbformat.read(path, 4)
    master.cells = edit({cell.id: cell for cell in master.cells})
    nbformat.write(master, path)


def without_last(cells: dict) -> list:
    return [cell for name, cell in cells.items() if name not in ("last", "last_answer")]


def with_more(cells: dict) -> list:
    """Ask the last question twice, under another name."""
    more = []
    for old, new in (("last_answer", "more_answer"), ("last", "more")):
        cell = copy.deepcopy(cells[old])
        cell.id = cell.metadata.nbgrader["grade_id"] = new
        cell.source = cell.source.replace("final", "finer")
        more.append(cell)
    return [*cells.values(), *more]


def check_more(course: Path) -> None:
    """Add a check for the added question."""
    path = course / "autograder" / "checks" / NAME / "__init__.py"
    last = path.read_text().rpartition("\n\n\n")[2]
    more = last.replace("def last", "def more").replace('"final"', '"finer"')
    path.write_text(f"{path.read_text()}\n\n{more}")


def scores(course: Path) -> dict[str, dict[str, float]]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {g.name: g.score for g in submission.notebooks[0].grades}
            for submission in gradebook.assignment_submissions(NAME)
        }


def most(course: Path) -> float:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return gradebook.find_assignment(NAME).max_score


def by_hand(course: Path, student: str, score: float | None, comment: str | None = None) -> None:
    """Grade the last question as formgrader does."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("last", NAME, NAME, student).manual_score = score
        gradebook.find_comment("last_answer", NAME, NAME, student).manual_comment = comment
        gradebook.db.commit()


def test_a_question_is_taken_out_after_grading(course):
    change(course, without_last)
    said = in_turn(
        (course, *RELEASE),
        (course, *GRADE),
        (course, "nbgrader", "generate_feedback", NAME),
    )
    assert "last is taken out: its points no longer count, for all 2 submissions." in said
    assert "2 of 2 submissions done" in said
    assert scores(course)["bob"] == {"meaning": 1, "scaled": 2, "measured": 3}
    assert most(course) == 6
    assert (course / "feedback" / "bob" / NAME / f"{NAME}.html").is_file()


def test_a_question_is_added_after_grading(course):
    change(course, with_more)
    check_more(course)
    said = in_turn((course, *RELEASE), (course, *GRADE), (course, *GRADE))
    assert "more is new: 2 submissions have no score for it and are due again." in said
    assert "2 of 2 submissions done" in said
    assert scores(course)["ann"] == {"meaning": 1, "scaled": 2, "measured": 3, "last": 1, "more": 0}
    assert most(course) == 8
    graded = (course / "autograded" / "ann" / NAME / f"{NAME}.ipynb").read_text()
    assert "These questions are not in the notebook: more_answer." in graded


def test_a_grade_that_was_given_by_hand_stays_when_a_question_is_added(course):
    by_hand(course, "bob", 0.5, "half")
    change(course, with_more)
    check_more(course)
    in_turn((course, *RELEASE), (course, *GRADE))
    assert scores(course)["bob"]["last"] == 0.5


@pytest.mark.parametrize("given", [(0.5, None), (None, "Look again.")], ids=str)
def test_a_question_that_somebody_graded_by_hand_is_not_taken_out(course, given):
    by_hand(course, "bob", *given)
    before = (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    change(course, without_last)
    with pytest.raises(AssertionError) as refused:
        in_turn((course, *RELEASE))
    said = str(refused.value)
    assert f"{NAME} is not released, and stays as it was: last" in said
    assert "Traceback" not in said
    assert (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes() == before
    assert most(course) == 7
    assert "2 of 2 submissions done" in autograder(course, "grade", NAME, "--force")
    by_hand(course, "bob", None)
    in_turn((course, *RELEASE))
    assert "last" not in scores(course)["bob"]


def test_a_notebook_that_is_added_after_somebody_handed_in_is_refused_in_words(course):
    master = course / "solutions" / NAME / f"{NAME}.ipynb"
    before = (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    shutil.copy(master, master.with_name("second.ipynb"))
    with pytest.raises(AssertionError) as refused:
        in_turn((course, *RELEASE))
    said = str(refused.value)
    assert "some have handed it in, and second was added or taken out." in said
    assert "Traceback" not in said
    assert (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes() == before
    assert "Nothing is due: 2 graded already." in autograder(course, "grade", NAME)


HEADING = "## How far? (1 point)\n\nThe letter earns a point."


def test_points_that_are_changed_in_the_master_change_everywhere(course):
    """As in Create Assignment: one number, in the master; a text of it says another one still."""

    def change_points(cells: dict) -> list:
        text = nbformat.v4.new_markdown_cell(HEADING, id="cell-09")
        cells["last"].metadata.nbgrader["points"] = 2
        cells["scaled"].metadata.nbgrader["points"] = 1.5
        cells["measured"].metadata.nbgrader["points"] = 0
        before = list(cells.values())
        place = before.index(cells["last_answer"])
        return [*before[:place], text, *before[place:]]

    change(course, change_points)
    report = (course, "autograder", "report", NAME)
    said = in_turn((course, *RELEASE), (course, *GRADE), report)
    older = "scaled, measured, last had other points when it was graded"
    assert (course / "reports" / f"{NAME}.html").read_text().count(older) == 2
    for name, now, had in (("scaled", 1.5, 2), ("measured", 0, 3), ("last", 2, 1)):
        assert f"{name} has {now:g} points, and had {had:g}." in said
    assert (
        f"2 submissions keep their older scores until {NAME} is graded again with --force." in said
    )
    place = f"{NAME}.ipynb, cell cell-09 says "
    assert f'{place}"## How far? (1 point)", but the items below it have 2.' in said
    assert f'{place}"The letter earns a point.", but last has 2 points now, and had 1.' in said
    assert "Nothing is due: 2 graded already." in said
    assert "2 of these were graded when items had other points; --force grades them again." in said
    assert scores(course)["ann"] == {"meaning": 1, "scaled": 2, "measured": 3, "last": 1}
    said = in_turn(
        (course, *GRADE, "--force"),
        (course, *GRADE),
        (course, "nbgrader", "generate_feedback", NAME),
        report,
        (course, "nbgrader", "export"),
    )
    assert "2 of 2 submissions done" in said and "Nothing is due: 2 graded already." in said
    assert "of these" not in said
    assert scores(course) == {
        "ann": {"meaning": 1, "scaled": 1.5, "measured": 0, "last": 2},
        "bob": {"meaning": 1, "scaled": 1.5, "measured": 0, "last": 0},
    }
    assert most(course) == 4.5
    page = (course / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()
    for line in ("1.5 of 1.5 points", "0 of 0 points", "2 of 2 points"):
        assert line in page
    with (course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: (float(row["score"]), float(row["max_score"])) for name, row in rows.items()} == {
        "ann": (4.5, 4.5),
        "bob": (2.5, 4.5),
    }
    canvas = (course / "reports" / f"{NAME}-canvas.csv").read_text()
    assert "4.5" in canvas and "2.5" in canvas and "7" not in canvas.partition("Points Possible")[2]
    page = (course / "reports" / f"{NAME}.html").read_text()
    assert "4.5" in page and older not in page


@pytest.mark.parametrize(
    ("points", "why"),
    [("", "'' is not of type 'number'"), (-1, "-1 is less than the minimum of 0")],
)
def test_points_that_are_no_number_are_refused_in_words(course, points, why):
    def damage(cells: dict) -> list:
        cells["last"].metadata.nbgrader["points"] = points
        return list(cells.values())

    before = (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    change(course, damage)
    with pytest.raises(AssertionError) as refused:
        in_turn((course, *RELEASE))
    said = str(refused.value)
    assert f"in cell last of {NAME}.ipynb nbgrader's marks are not sound: {why}" in said
    assert "Traceback" not in said
    assert (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes() == before


def test_what_a_text_says_of_points_is_held_against_the_items_in_every_release(course):
    table = "| part | points |\n|---|---|\n| all | 6 |\n"

    def with_table(cells: dict) -> list:
        cells["cell-01"].source = f"# Rates (7 points)\n\n{table}"
        return list(cells.values())

    change(course, with_table)
    for _ in range(2):
        said = in_turn((course, *RELEASE))
        why = "but its rows add up to 6, and all items to 7."
        assert f'{NAME}.ipynb, cell cell-01 says "| part | points |", {why}' in said
        assert "# Rates" not in said


def test_a_release_that_fails_leaves_the_older_one_and_the_others_go_on(course):
    """Two cells with one name: nbgrader raises, in the middle of it."""
    other = course / "solutions" / "lr99_other"
    shutil.copytree(course / "solutions" / NAME, other)
    (other / f"{NAME}.ipynb").rename(other / "lr99_other.ipynb")
    before = (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    change(course, lambda cells: [*cells.values(), cells["last"]])
    with pytest.raises(AssertionError, match="What is not released stays as it was before"):
        in_turn((course, *RELEASE))
    assert (course / "exercises" / NAME / f"{NAME}.ipynb").read_bytes() == before
    assert (course / "exercises" / "lr99_other" / "lr99_other.ipynb").is_file()
    assert not [path for path in (course / ".releasing").rglob("*") if path.suffix == ".ipynb"]


def test_one_notebook_alone_is_replaced_and_what_is_released_stays_without_force(course):
    beside = course / "exercises" / NAME / "beside.txt"
    beside.write_text("x")
    change(course, lambda cells: [cells.pop("cell-01"), *cells.values()])
    nbgrader(course, "generate_assignment", NAME, "--notebook", NAME)
    assert beside.exists()
    nbgrader(course, "generate_assignment", NAME, "--GenerateAssignment.force=False")
    assert beside.exists()
    nbgrader(course, "generate_assignment", NAME)
    assert not beside.exists()


def publish(course: Path, address: str) -> None:
    """Say where the book of the course is published."""
    (course / "_config.yml").write_text(f"html: {{baseurl: '{address}'}}")
    if not (course / "book").exists():
        (course / "book").symlink_to(Path(__file__).resolve().parents[3] / "book")


def naming_chapters(cells: dict) -> list:
    """Name a chapter in a text of the master, and in one that is locked."""
    for name in ("cell-01", "rules"):
        cells[name].source += "\n\nRead chapter 1, *Code*."
    return list(cells.values())


def test_where_the_book_is_published_links_texts_and_makes_nobody_due(course):
    change(course, naming_chapters)
    release = course / "exercises" / NAME / f"{NAME}.ipynb"
    in_turn((course, *RELEASE), (course, *GRADE, "--force"))
    words = {cell.id: cell for cell in nbformat.read(release, 4).cells}
    publish(course, "https://course.example/book/")
    said = in_turn((course, *RELEASE), (course, *GRADE))
    linked = {cell.id: cell for cell in nbformat.read(release, 4).cells}
    first = linked.pop("cell-01").source
    link = "[chapter 1, *Code*](https://course.example/book/01_first_step.html#code)"
    assert first == words.pop("cell-01").source.replace("chapter 1, *Code*", link)
    assert linked == words
    assert "is due: 2 graded already." in said and "were graded by" not in said
    publish(course, "")
    in_turn((course, *RELEASE))
    assert "http" not in release.read_text()


def test_an_address_of_the_book_that_is_none_is_refused_in_words(course):
    publish(course, "course.example")
    for command in (RELEASE, (*GRADE, "--force"), ("nbgrader", "generate_feedback", NAME)):
        with pytest.raises(AssertionError) as refused:
            in_turn((course, *command))
        said = str(refused.value)
        assert "html, baseurl is 'course.example', which is no address of a site" in said
        assert "Traceback" not in said


def test_nothing_is_graded_without_the_grader_when_a_setting_stops_it(course):
    """nbgrader only logs what an exception in its settings says, and goes on without them."""
    settings = course / "nbgrader_config.py"
    wrong = "c.Autograde.autograde_preprocessors = 5\n\ntry:"
    settings.write_text(settings.read_text().replace("\ntry:", wrong))
    with pytest.raises(AssertionError, match="the grader cannot be loaded: TypeError"):
        in_turn((course, "nbgrader", "autograde", NAME, "--force"))
