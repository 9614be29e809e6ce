"""The page for teachers, task by task: its commands are read from the page and run as they stand.

The course is a copy, in a folder whose name holds a space, with an assignment of two questions, so
that grading it is quick. What a task needs before it (a class list, a download) is put there first.
"""

import os
import re
import shlex
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import nbformat
import pytest
from commands import in_turn
from lab import PATIENCE, serve_lab
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
NAME = "lr01_first_step"
KEPT = ("cell-04", "q1_answer", "q1_meaning", "q2_answer", "q2_syntax")  # of the master's cells
TASKS = dict(
    re.findall(r"^## (I want .*?)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
)
# What is not a command of a task, or is pressed in a browser by the test of its task.
NOT_TYPED = {"jupyter lab"}
ROSTER = """\
id;first_name;last_name;lms_user_id
jane;Jane;Doe;1234
bjorn;Björn;Öst;1235
ann;Ann;Wu;1236
ida;Ida;Lee;1237
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course with one short assignment, in which nothing has been done yet."""
    folder = tmp_path_factory.mktemp("teaching") / "our course"
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for part in ("autograder", f"solutions/{NAME}"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    path = folder / "solutions" / NAME / f"{NAME}.ipynb"
    master = nbformat.read(path, 4)
    headings = ("## Question 1", "## Question 2")
    master.cells = [
        cell for cell in master.cells if cell.id in KEPT or cell.source.startswith(headings)
    ]
    nbformat.write(master, path)
    return folder


def blocks(task: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TASKS[task], flags=re.MULTILINE | re.DOTALL)


def run(course: Path, task: str) -> str:
    """Run what a task says to type, line by line; return what was said."""
    said = ""
    for line in "".join(blocks(task, "shell")).splitlines():
        words = shlex.split(line)
        if line in NOT_TYPED:
            continue
        if line == "make release":  # of what it does, what the gradebook notices
            said += in_turn((course, "nbgrader", "generate_assignment", "*"))
        elif words[0] == "nbgrader":
            said += in_turn((course, *words))
        elif words[:3] == ["python", "-m", "autograder"]:
            said += in_turn((course, *words[2:]))
        else:
            home = {"HOME": str(course / "home")}
            done = subprocess.run(
                ["bash", "-ec", line],
                cwd=course,
                env=os.environ | home,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, (line, done.stderr)
    return said


def submission(course: Path, student: str):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission(NAME, student)
        return found.score, found.max_score, found.late_submission_penalty


def settings(course: Path, text: str) -> None:
    """Write settings where the page says."""
    path = course / "nbgrader_config.py"
    before, rest = path.read_text().split("\ntry:\n", 1)
    path.write_text(f"{before}\n{text}\ntry:\n{rest}")


def look_in_formgrader(course, browser, tmp_path):
    with serve_lab(course, tmp_path) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address + "lab")
        page.get_by_role("menuitem", name="Nbgrader", exact=True).click(timeout=PATIENCE)
        page.get_by_text("Formgrader", exact=True).click()
        frame = page.frame_locator("iframe[src*=formgrader]")
        frame.get_by_role("link", name=NAME).first.wait_for(timeout=PATIENCE)
        page.close()


def class_list(course, browser, tmp_path):
    (course / "students.csv").write_text(ROSTER, encoding="utf-8-sig")
    said = run(course, "I want to have my class in it")
    assert "Students added: 4, updated: 0." in said
    assert "(Öst, Björn)" in said or "Björn" in said


def hand_out(course, browser, tmp_path):
    run(course, "I want to hand out an assignment")
    released = (course / "exercises" / NAME / f"{NAME}.ipynb").read_text()
    assert "YOUR CODE HERE" in released and "BEGIN SOLUTION" not in released


def bring_in(course, browser, tmp_path):
    master = (course / "solutions" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    wrong = re.sub(r'answer_q1 = \\"[A-E]\\"', r'answer_q1 = \\"A\\"', master)
    assert wrong != master
    download = course / "home" / "Downloads" / "submissions.zip"
    download.parent.mkdir(parents=True)
    with zipfile.ZipFile(download, "w") as archive:
        archive.writestr(f"doejane_1234_1_{NAME}.ipynb", master)
        archive.writestr(f"ostbjorn_LATE_1235_2_{NAME}-1.ipynb", wrong)
        archive.writestr(f"wuann_1236_3_{NAME}.ipynb", master[:2000])
        archive.writestr(f"ghost_99_4_{NAME}.ipynb", master)
    said = run(course, "I want to bring in what was handed in to Canvas or Moodle")
    assert "Canvas's user 99 (ghost): no student in the gradebook has this lms_user_id" in said
    there = {path.parent.parent.name for path in (course / "submitted").rglob("*.ipynb")}
    assert there == {"jane", "bjorn", "ann"}


def lateness(course, browser, tmp_path):
    task = "I want to say when it is due, and what lateness costs"
    stamp = course / "submitted" / "bjorn" / NAME / "timestamp.txt"
    stamp.write_text("2026-12-03 12:00:00 UTC")
    run(course, task)
    grade = (course, "nbgrader", "autograde", NAME, "--student", "bjorn", "--force")
    rule, own, named = blocks(task, "python")
    path = course / "nbgrader_config.py"
    before = path.read_text()
    path.write_text(before.replace('c.LatePolicy.kind = "none"\n', rule))
    in_turn(grade)
    assert submission(course, "bjorn") == (3, 4, pytest.approx(0.6)), "two days have begun"
    path.write_text(before)
    in_turn((course, "nbgrader", "autograde", NAME, "--student", "bjorn"))
    assert submission(course, "bjorn")[2] == 0, "a rule that changes counts anew"
    (course / "late.py").write_text(own)
    settings(course, named)
    in_turn(grade)
    assert submission(course, "bjorn")[2] == pytest.approx(0.6), "two days have begun"


def grade(course, browser, tmp_path):
    said = run(course, "I want to grade")
    assert "ann: The file is not a Jupyter notebook" in said
    assert submission(course, "jane") == (4, 4, 0)


def report(course, browser, tmp_path):
    run(course, "I want to see how the class did")
    page = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Öst" in page and "Question 1" in page


def by_hand(course, browser, tmp_path):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("q1_meaning", NAME, NAME, "bjorn")
        grade.manual_score = 0.5
        comment = gradebook.find_comment("q1_answer", NAME, NAME, "bjorn")
        comment.manual_comment = "Half a point for the drawing."
        gradebook.db.commit()
    run(course, "I want to grade something by hand, or to comment on it")
    page = (course / "feedback" / "bjorn" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Half a point for the drawing." in page
    moodle = (course / "reports" / f"{NAME}-moodle.csv").read_text(encoding="utf-8-sig")
    assert "Half a point for the drawing." in moodle


def feedback(course, browser, tmp_path):
    run(course, "I want to give feedback")
    assert {path.parent.parent.name for path in (course / "feedback").rglob("*.html")} == {
        "jane",
        "bjorn",
        "ann",
    }


def scores(course, browser, tmp_path):
    run(course, "I want the scores in Canvas or Moodle")
    canvas = (course / "reports" / f"{NAME}-canvas.csv").read_text(encoding="utf-8-sig")
    assert '"Doe, Jane","1234","","jane","","4"' in canvas
    assert '"Wu, Ann","1236","","ann","",""' in canvas, "what could not be read has no score"
    assert "jane" in (course / "grades.csv").read_text()


def points(course, browser, tmp_path):
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    master = nbformat.read(path, 4)
    (cell,) = (cell for cell in master.cells if cell.id == "q1_meaning")
    cell.metadata.nbgrader["points"] = 2
    nbformat.write(master, path)
    said = run(course, "I want to change points")
    assert "q1_meaning has 2 points, and had 1" in said
    assert submission(course, "jane")[:2] == (5, 5)
    assert submission(course, "bjorn")[0] == 3.5, "what a person gave stays"


def correct(course, browser, tmp_path):
    options = course / "autograder" / "checks" / NAME / "options.yml"
    right = "    B:\n      correct: true\n"
    assert right in options.read_text()
    other = options.read_text().replace(right, "    B:\n", 1)
    options.write_text(other.replace("    A:\n", "    A:\n      correct: true\n", 1))
    said = run(course, "I want to correct a check, or a question")
    assert "Graded again, as the checks changed: 3." in said
    assert "1 grade changed: jane 5 → 3." in said, "bjorn's grade there is a person's"
    changes = (course / "reports" / f"{NAME}-changes.csv").read_text(encoding="utf-8")
    assert '"jane"' in changes and '"the checks changed"' in changes
    page = (course / "feedback" / "jane" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "as the checks changed: in all 5 points before, 3 after that." in page


def key(course, browser, tmp_path):
    said = run(course, "I want to know what a student was asked in the ten-question test")
    assert len(re.findall(r"(?im)^\W*(?:question )?\d+\b", said)) >= 10, said


def back_up(course, browser, tmp_path):
    run(course, "I want to have a back-up, and to go back to it")
    before = submission(course, "jane")
    (package,) = (course / "backups").iterdir()
    shutil.rmtree(course / "submitted")
    (course / "gradebook.db").unlink()
    in_turn((course, "autograder", "restore", str(package.relative_to(course))))
    assert submission(course, "jane") == before
    assert (course / "submitted" / "jane" / NAME / f"{NAME}.ipynb").is_file()


def close_term(course, browser, tmp_path):
    run(course, "I want to close a term, and to begin anew")
    with tarfile.open(course.parent / "term.tar.gz") as archive:
        names = archive.getnames()
    assert {"README.txt", "grades.csv", f"submitted/jane/{NAME}/{NAME}.ipynb"} <= {*names}


def other_ids(course, browser, tmp_path):
    run(course, "I want to give a student another id, or to make two ids one")
    assert {path.name for path in (course / "submitted").iterdir()} == {"jane", "bjoern"}
    assert submission(course, "bjoern")[0] == 3.5


def delete(course, browser, tmp_path):
    said = run(course, "I want to delete a student's data")
    assert "Deleted: all of 'ida'" in said and "students.csv still has the id" in said
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert "ida" not in {each.id for each in gradebook.students}


# In the order of the page. A task of words alone is held by the tests that its line names.
DONE = {
    "I want to look at the course in formgrader": look_in_formgrader,
    "I want to have my class in it": class_list,
    "I want to hand out an assignment": hand_out,
    "I want to bring in what was handed in to Canvas or Moodle": bring_in,
    "I want to say when it is due, and what lateness costs": lateness,
    "I want to grade": grade,
    "I want to see what went wrong, and for whom": None,  # journeys/test_formgrader.py
    "I want to see how the class did": report,
    "I want to grade something by hand, or to comment on it": by_hand,
    "I want to give feedback": feedback,
    "I want the scores in Canvas or Moodle": scores,
    "I want to change points": points,
    "I want to correct a check, or a question": correct,
    "I want to know what a student was asked in the ten-question test": key,
    "I want to have a back-up, and to go back to it": back_up,
    "I want to close a term, and to begin anew": close_term,
    "I want to give a student another id, or to make two ids one": other_ids,
    "I want to delete a student's data": delete,
    "I want the grader in another nbgrader course": None,  # grading/test_foreign.py, bench/plain.py
}


def test_every_task_is_done_here_in_the_order_of_the_page():
    assert list(DONE) == list(TASKS)
    assert all(do or not blocks(task, "shell") for task, do in DONE.items())


@pytest.mark.parametrize("task", [task for task, do in DONE.items() if do])
def test_a_task_does_what_the_page_says(task, course, browser, tmp_path):
    DONE[task](course, browser, tmp_path)
