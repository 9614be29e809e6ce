"""A class from formgrader to every place where its grades are read.

A teacher types scores and comments into formgrader. The students' pages, the report, the files for
Canvas and Moodle and nbgrader's own table then say the same, also after grading again; and in the
report the teacher finds everybody.
"""

import csv
import html
import re
from pathlib import Path

import pytest
from commands import in_turn
from lab import PATIENCE, ROOT, serve_lab
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from tests.autograder import foreign

NAME = "week-1"
SETTINGS = """
from nbgrader.plugins import LateSubmissionPlugin

c = get_config()


class OnePoint(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0


c.AssignLatePenalties.plugin_class = OnePoint
"""
CELLS = [
    new_markdown_cell("# Means"),
    new_markdown_cell("## Question 1: the `mean` (2 points)"),
    foreign.solution("mean_answer", "def mean(values):\n    return 0"),
    foreign.checked("mean", 2, "assert mean([2, 4]) == 3"),
    new_markdown_cell("## Question 2: a use of it (2 points)"),
    foreign.by_hand("use", 2, "# your code", new_code_cell),
    new_markdown_cell("## Question 3: why (3 points)"),
    foreign.by_hand("why", 3, "Why?"),
    foreign.task("plot", 1, "## Question 4: a plot\n\nDraw the means."),
]
RIGHT = {"mean_answer": "def mean(values):\n    return sum(values) / len(values)"}
WRITTEN = {"use": "print(mean([1]))", "why": "Noise."}
COURSE = foreign.Course(
    assignment=NAME,
    settings=SETTINGS,
    notebooks={NAME: CELLS},
    students={
        "ann": {NAME: WRITTEN},
        "bob": {NAME: RIGHT | WRITTEN},
        "cyd": {NAME: {}},
        "dan": {NAME: RIGHT | WRITTEN},
        "late #1": {NAME: RIGHT},
    },
)
JUDGED = "The test failed at `assert mean([2, 4]) == 3`: NameError: name 'mean' is not defined"
MARKED = "=1+1 is <b>not</b> a *mean* of List<int> 🙂\n\n- see `sum`"
LONG = "Long: " + "many words " * 1000 + "end."
# What is typed into formgrader: by student, the field and the text, in this order. A grade cell has
# a score and extra credit, an answer a comment.
TYPED = {
    "ann": {
        "mean": "0",  # it was 0 before: now a person says so
        "mean_answer-comment": MARKED,
        "use": "1.5",
        "use-comment": "Half of it.",
        "why": "3",
        "why_extra_credit": "0.5",
        "why-comment": LONG,
        "plot": "1",
        "plot-comment": "+ a fine axis",
    },
    "bob": {
        "mean": "1.5",
        "mean_extra_credit": "1",
        "mean_answer-comment": "Nothing is lost here.",
        "use": "2",
        "why": "0",
        "plot": "0.5",
        "mean ": "",  # taken back: the check decides
        "use-comment": "A slip.",
        "use-comment ": "",
    },
    "cyd": {"mean_extra_credit": "0.5", "plot": "0"},
    "dan": {"use": "1", "plot": "1", "why-comment": "I have to ask somebody."},
    "late #1": {"plot": "0.5"},
}
# What then stands everywhere: the score, None where it is not complete; of each item the points; and
# what is said of those that a person changed, commented on, or that lost points.
SCORES = {"ann": 6, "bob": 5.5, "cyd": 0.5, "dan": None, "late #1": 1.5}
POINTS = {
    "ann": {"mean": 0, "use": 1.5, "why": 3.5, "plot": 1},
    "bob": {"mean": 3, "use": 2, "why": 0, "plot": 0.5},
    "cyd": {"mean": 0.5, "use": 0, "why": 0, "plot": 0},
    "dan": {"mean": 2, "use": 1, "why": None, "plot": 1},
    "late #1": {"mean": 2, "use": 0, "why": 0, "plot": 0.5},
}
MOODLE = {
    "ann": [
        f"Question 1: the `mean` (0/2): Graded by hand. Comment: {' '.join(MARKED.split())}",
        "Question 2: a use of it (1.5/2): Graded by hand. Comment: Half of it.",
        f"Question 3: why (3.5/3): Graded by hand. Extra credit: 0.5. Comment: {LONG[:10_000]} …",
        "Question 4: a plot (1/1): Graded by hand. Comment: + a fine axis",
    ],
    "bob": [
        "Question 1: the `mean` (3/2): Extra credit: 1. Comment: Nothing is lost here.",
        "Question 2: a use of it (2/2): Graded by hand.",
        "Question 3: why (0/3): Graded by hand.",
        "Question 4: a plot (0.5/1): Graded by hand.",
    ],
    "cyd": [
        f"Question 1: the `mean` (0.5/2): {JUDGED} Extra credit: 0.5.",
        "Question 2: a use of it (0/2): No response.",
        "Question 3: why (0/3): No response.",
        "Question 4: a plot (0/1): Graded by hand.",
    ],
    "dan": [""],
    "late #1": [
        "Question 2: a use of it (0/2): No response.",
        "Question 3: why (0/3): No response.",
        "Question 4: a plot (0.5/1): Graded by hand.",
        "handed in 31 days late: -1",
    ],
}
BY_HAND = {
    "ann": "4 grades, 4 comments",
    "bob": "4 grades, 1 comment",
    "cyd": "2 grades",
    "dan": "2 grades, 1 comment, 1 to grade",
    "late #1": "1 grade",
}
LATE = "Handed in 31 days late: it was due on 1 January 2026 at 00:00 UTC, and it came on "
LATE += "1 February 2026 at 00:00 UTC"
READY = "() => formgrader.grades?.loaded && formgrader.comments?.loaded"
PUBLISH = (("nbgrader", "generate_feedback", NAME), ("autograder", "report", NAME))
PUBLISH += (("nbgrader", "export"),)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A class that is graded, and has its pages, before a person has looked at it."""
    folder = foreign.write(tmp_path_factory.mktemp("my class") / "of 2026", COURSE, plugged=True)
    here = (ROOT, "platform")  # ours is imported from there
    in_turn(here, (folder, "nbgrader", "generate_assignment", NAME))
    foreign.hand_in(folder, COURSE)
    stamp = folder / "submitted" / "late #1" / NAME / "timestamp.txt"
    stamp.write_text("2026-02-01 00:00:00 UTC")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-01 00:00:00 UTC")
    grade = (("nbgrader", "autograde", NAME), PUBLISH[0])
    in_turn(here, *((folder, *command) for command in grade))
    return folder


@pytest.fixture(scope="module")
def graded(course, browser, tmp_path_factory) -> Path:
    """The class after a teacher has typed into formgrader, and published what came of it."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        ids = {each: gradebook.find_submission_notebook(NAME, NAME, each).id for each in TYPED}
    with serve_lab(course, tmp_path_factory.mktemp("logs")) as address:
        tab = browser.new_page()
        for student, fields in TYPED.items():
            tab.goto(f"{address}formgrader/submissions/{ids[student]}/?index=0")
            tab.wait_for_function(READY, timeout=PATIENCE)
            if student.startswith("late"):  # whoever grades sees it above the notebook
                tab.get_by_text(LATE).wait_for(timeout=PATIENCE)
            for field, text in fields.items():
                with tab.expect_response(lambda answer: answer.request.method == "PUT") as put:
                    tab.locator(f"#{field.strip()}").fill(text)
                    tab.locator(f"#{field.strip()}").blur()
                assert put.value.ok
        tab.close()
    in_turn((ROOT, "platform"), *((course, *command) for command in PUBLISH))
    return course


def table(path: Path, key: str) -> dict[str, dict[str, str]]:
    """Return the rows of a file by one of its columns."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def words(text: str) -> str:
    """Return what a reader sees of HTML, in one line."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())


def check_everywhere(course: Path, by_hand: dict[str, str]) -> None:
    """Assert that each place says what the tables above say."""
    reports = course / "reports"
    canvas = table(reports / f"{NAME}-canvas.csv", "SIS Login ID")
    moodle = table(reports / f"{NAME}-moodle.csv", "Username")
    export = table(course / "grades.csv", "student_id")
    report = (reports / f"{NAME}.html").read_text(encoding="utf-8")
    rows = report.split('<h2 id="students">')[1].split("<h2")[0]
    rows = [words(each) for each in re.findall("<tr>.*?</tr>", rows, re.DOTALL)]
    for student, score in SCORES.items():
        assert canvas[student][NAME] == ("" if score is None else f"{score:g}")
        assert moodle[student][NAME] == ("-" if score is None else f"{score:g}")
        said = html.unescape(moodle[student]["Feedback comments"]).replace("; '", "; ")
        assert said.split(" | ") == MOODLE[student]
        so_far = sum(points or 0 for points in POINTS[student].values())
        late = student.startswith("late")
        assert float(export[student]["score"]) == so_far - late
        shown = f"{'–' if score is None else f'{score:g}'}{' −1 31 days' if late else ''}"
        assert f"{student} {shown} {by_hand[student]} graded" in rows
        check_page(course, student, so_far - late)


def check_page(course: Path, student: str, so_far: float) -> None:
    """Assert that a student's page says what the tables above say."""
    page = (course / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    text = words(page)
    assert (f"{LATE}. 1 point is taken off" in text) == student.startswith("late")
    assert f"{so_far:g} of 8 points" in text
    typed = {field.strip(): each for field, each in TYPED[student].items()}  # the last counts
    for item, points in POINTS[student].items():
        result = words(page.split(f'id="result-{item}"')[1].split("</p>")[0].partition(">")[2])
        expected = "not graded yet" if points is None else f"{points:g} of "
        assert expected in result
        assert ("graded by hand" in result) == bool(typed.get(item))
        extra = typed.get(f"{item}_extra_credit")
        assert (f"{extra} of them extra credit" in result) == bool(extra)
        comment = typed.get(f"{item}_answer-comment", typed.get(f"{item}-comment", ""))
        assert comment == MARKED or comment.removeprefix("+ ") in text
    assert "A slip." not in text
    assert ("The test failed at" in text) == (
        student == "cyd"
    )  # else a person's word stands in its place
    if student == "ann":
        assert "List&lt;int&gt; 🙂" in page and "<em>mean</em>" in page
        assert "<li>see <code>sum</code></li>" in page


def test_what_a_person_decided_stands_everywhere_alike(graded):
    check_everywhere(graded, BY_HAND)


def test_in_the_report_everybody_is_found(graded, browser):
    """The table sorts by mouse and by keyboard, and leads to the page of feedback."""
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    faults = []
    tab.on("console", lambda message: faults.append(message.text))
    tab.goto((graded / "reports" / f"{NAME}.html").as_uri())

    def order() -> list[str]:
        return tab.locator("table.sortable tbody th").all_inner_texts()

    def sorted_by() -> dict[str, str]:
        heads = tab.locator("table.sortable th[aria-sort]").all()
        return {each.inner_text().split()[0]: each.get_attribute("aria-sort") for each in heads}

    assert order() == [*SCORES] and sorted_by() == {"Student": "ascending"}
    tab.get_by_role("button", name="Score of 8").click()
    assert order() == ["cyd", "late #1", "bob", "ann", "dan"]  # who has no score is last
    assert sorted_by() == {"Score": "ascending"}
    tab.keyboard.press("Enter")
    assert order() == ["ann", "bob", "late #1", "cyd", "dan"]
    assert sorted_by() == {"Score": "descending"}
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert sorted_by() == {"Late": "ascending"} and order()[0] == "late #1"
    tab.get_by_role("link", name="late #1").click()
    assert "1.5 of 8" in " ".join(tab.locator("body").inner_text().split())
    assert not faults
    tab.close()


def test_grading_again_keeps_what_a_person_decided(graded):
    again = (("nbgrader", "autograde", NAME, "--force"), *PUBLISH)
    in_turn((ROOT, "platform"), *((graded, *command) for command in again))
    given = {"ann": 4, "bob": 3, "cyd": 1, "dan": 2, "late #1": 1}
    check_everywhere(
        graded, {each: f"{BY_HAND[each]}, {given[each]} to look at" for each in BY_HAND}
    )
