"""A late class, graded in each way: what lateness costs, where that is said, and what changes it later."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from broken.cases import put
from broken.course import NAME, answered, make_course, right, top_of_page
from commands import in_turn
from nbgrader.api import Gradebook

GRADE, STOCK = ("autograder", "grade", NAME), ("nbgrader", "autograde", NAME)
SHARD, MERGE = (*GRADE, "--shard", "1/1"), ("autograder", "merge", NAME)
PUBLISH = (("nbgrader", "generate_feedback", NAME), ("autograder", "report", NAME))
DUE = "2026-10-24 23:59 Europe/Berlin"
# By student: the time of handing in, and how many of 7 points are right. The night before the 25th
# has 25 hours, so bob's is the first day.
CAME = {
    "ann": ("2026-10-24 21:58:59.000000 UTC", 7),
    "bob": ("2026-10-25 22:30:00.000000 UTC", 7),
    "cyd": ("2026-10-27 10:00:00.000000 UTC", 7),
    "dee": ("2026-12-24 10:00:00.000000 UTC", 6),
    "eli": ("2026-10-24 22:05:00.000000 UTC", 6),
    "fay": (None, 7),
}
FREE = dict.fromkeys(CAME, 0.0)
DAILY = 'c.LatePolicy.kind = "per day"\nc.LatePolicy.per_day = "10 %"\nc.LatePolicy.cap = "50 %"\n'
DAILY += 'c.LatePolicy.grace = 15\nc.NbGraderAPI.timezone = "Europe/Berlin"'
COSTS = FREE | {"bob": 0.7, "cyd": 2.1, "dee": 3.0}
LATE_ALL = 'c.LatePolicy.kind = "grace"\nc.LatePolicy.grace = 24 * 60'


def set_policy(course: Path, text: str) -> None:
    """Write the rule where the page for teachers says."""
    path = course / "nbgrader_config.py"
    settings = re.sub(r"# rule\n.*?# end\n", "", path.read_text(), flags=re.DOTALL)
    before, rest = settings.split("\ntry:\n", 1)
    path.write_text(f"{before}\n# rule\n{text}\n# end\n\ntry:\n{rest}")


def gradebook(course: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def costs(course: Path) -> dict[str, float]:
    """Return what lateness costs everybody; points of items are what they were."""
    with gradebook(course) as book:
        found = {each.student.id: each for each in book.assignment_submissions(NAME)}
        assert {name: each.score for name, each in found.items()} == {
            name: points for name, (_, points) in CAME.items()
        }
        return {name: round(each.late_submission_penalty, 6) for name, each in found.items()}


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """A course in which all have handed in, and nobody is graded."""
    folder = make_course(tmp_path_factory.mktemp("late") / "course")
    for student, (time, points) in CAME.items():
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        letter = "C" if points == 7 else "A"
        put(home, answered(right(folder), last_answer=f"final = '{letter}'"))
        if time:
            put(home, time, "timestamp.txt")
    in_turn((folder, "autograder", "due", NAME, DUE))
    return folder


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory) -> Path:
    """The course as it is without a rule, graded by workers, with pages of feedback."""
    folder = shutil.copytree(released, tmp_path_factory.mktemp("graded") / "course")
    in_turn((folder, *GRADE), *((folder, *each) for each in PUBLISH))
    return folder


@pytest.fixture
def course(graded, tmp_path) -> Path:
    return shutil.copytree(graded, tmp_path / "course")


def test_without_a_rule_lateness_is_shown_and_costs_nothing(graded):
    assert costs(graded) == FREE
    assert "late" not in top_of_page(graded, "ann") and "late" not in top_of_page(graded, "fay")
    assert (
        "Handed in 24 hours 31 minutes late"
        not in top_of_page(graded, "bob")  # the zone is UTC so far
        and "Handed in 1 day 31 minutes late: it was due on 24 October 2026 at 21:59 UTC, and it came "
        "on 25 October 2026 at 22:30 UTC. That costs nothing."
        in top_of_page(graded, "bob")
    )


@pytest.mark.parametrize("commands", [[STOCK], [SHARD, MERGE]], ids=["nbgrader", "shards"])
def test_each_way_of_grading_takes_the_same_off(released, tmp_path, commands):
    folder = shutil.copytree(released, tmp_path / "course")
    set_policy(folder, DAILY)
    in_turn(*((folder, *command) for command in commands))
    assert costs(folder) == COSTS


def test_a_rule_that_changes_counts_anew_for_who_is_graded(course):
    """No code of a student runs for that, and no item's points change."""
    set_policy(course, DAILY)
    results = {path: path.stat().st_mtime_ns for path in (course / "autograded").rglob("*")}
    said = in_turn((course, *GRADE))
    assert "Nothing is due: 6 graded already." in said
    assert "3 grades changed: bob 7 → 6.3, cyd 7 → 4.9, dee 6 → 3." in said
    assert costs(course) == COSTS
    assert results == {path: path.stat().st_mtime_ns for path in (course / "autograded").rglob("*")}
    in_turn(*((course, *each) for each in PUBLISH))
    assert top_of_page(course, "bob").startswith("Rates Feedback for bob 6.3 of 7 points")
    late = (
        "Handed in 24 hours 31 minutes late: it was due on 24 October 2026 at 23:59 CEST, and it came "
        "on 25 October 2026 at 23:30 CET. 0.7 points are taken off: 10 % of the points earned for each "
        "day begun, counted from 15 minutes after the due date, at most 50 % of the points earned."
    )
    assert late in top_of_page(course, "bob")
    anew = "as what lateness costs changed: in all 7 points before, 6.3 after that."
    assert anew in top_of_page(course, "bob")
    assert "That costs nothing here: 10 % of the points" in top_of_page(course, "eli")
    assert "Graded anew" not in top_of_page(course, "eli")
    report = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert "What lateness costs: 10 % of the points earned for each day begun" in report
    assert "−0.7 <small>24 hours 31 minutes</small>" in report
    assert "<small>6 minutes</small>" in report  # eli, whom it costs nothing
    assert 'href="#changed"' in report
    with (course / "reports" / f"{NAME}-moodle.csv").open(newline="", encoding="utf-8") as file:
        told = {row["Username"]: row for row in csv.DictReader(file)}
    assert told["bob"][NAME] == "6.3"
    assert told["bob"]["Feedback comments"] == "handed in 24 hours 31 minutes late: -0.7"
    assert told["eli"]["Feedback comments"].endswith("handed in 6 minutes late: 0")
    with (course / "reports" / f"{NAME}-changes.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == ["bob", "cyd", "dee"]
    assert rows[1][2:] == ["what lateness costs changed", "7", "6.3", "lateness: – → -0.7"]


def test_points_given_by_hand_later_are_late_as_well(course):
    set_policy(course, DAILY)
    with gradebook(course) as book:
        book.find_grade("scaled", NAME, NAME, "bob").manual_score = 0
        book.db.commit()
    in_turn((course, "autograder", "report", NAME))
    with gradebook(course) as book:
        submission = book.find_submission(NAME, "bob")
        assert (submission.score, submission.late_submission_penalty) == (5, pytest.approx(0.5))


def test_one_student_has_another_date_or_is_excused(course):
    set_policy(course, LATE_ALL)
    due = ("autograder", "due", NAME)
    in_turn((course, *GRADE))
    assert costs(course) == FREE | {"bob": 7, "cyd": 7, "dee": 6}
    said = in_turn(
        (course, *due, "2026-10-27 9:00", "--student", "cyd"),
        (course, *due, "excused", "--student", "dee"),
    )
    assert "cyd's date for lr00_tiny is 27 October 2026 at 09:00 UTC." in said
    assert "cyd had 0 points, and has 7." in said and "dee had 0 points, and has 6." in said
    assert costs(course) == FREE | {"bob": 7}
    in_turn((course, *STOCK, "--force", "--student", "cyd"), (course, *PUBLISH[0]))
    assert costs(course) == FREE | {"bob": 7}, "the date stays when somebody is graded again"
    assert "1 hour late: your date for it was 27 October 2026 at 09:00 UTC" in top_of_page(
        course, "cyd"
    )
    assert "late:" not in top_of_page(course, "dee")
    said = in_turn((course, *due, "none", "--student", "dee"))
    assert "dee's date for lr00_tiny is 24 October 2026 at 21:59 UTC, as everyone’s." in said
    assert costs(course) == FREE | {"bob": 7, "dee": 6}
    in_turn((course, *due, "none"), (course, *STOCK, "--force", "--student", "cyd"))
    assert costs(course) == FREE, "nobody is late without a date, who had more time neither"


def test_a_date_given_before_anything_is_handed_in_is_no_submission(course):
    due = ("autograder", "due", NAME, "2026-11-01", "--student", "gus")
    with gradebook(course) as book:
        book.update_or_create_student("gus")
    in_turn((course, *due), (course, "autograder", "report", NAME))
    report = (course / "reports" / f"{NAME}.html").read_text(encoding="utf-8")
    assert re.search(
        r"gus</bdi></th><td[^>]*>–</td><td[^>]*></td>\s*<td[^>]*>not handed in", report
    )
    home = course / "submitted" / "gus" / NAME
    home.mkdir(parents=True)
    put(home, right(course))
    put(home, "2026-11-01 01:00:00 UTC", "timestamp.txt")
    set_policy(course, LATE_ALL)
    in_turn((course, *GRADE))
    with gradebook(course) as book:
        submission = book.find_submission(NAME, "gus")
        assert submission.total_seconds_late == 3600 and submission.late_submission_penalty == 0


def test_nbgrader_reads_a_date_with_its_zone_too(course):
    """Formgrader adds the zone to a date with a T; nbgrader took "+0200" for 200 seconds."""
    for date in ("2026-07-01T18:00 Europe/Berlin", "2026-07-01 18:00:00 +0200"):
        in_turn((course, "nbgrader", "db", "assignment", "add", NAME, "--duedate", date))
        with gradebook(course) as book:
            assert book.find_assignment(NAME).duedate.isoformat() == "2026-07-01T16:00:00"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((NAME, "tomorrow-ish"), "is no time: write one like"),
        ((NAME, "2026-10-24 23:59 Europe/Berln"), "is no time zone"),
        (("lr99", "2026-10-24"), "There is no assignment lr99."),
        ((NAME, "2026-10-24", "--student", "nobody"), "The gradebook does not know it"),
    ],
)
def test_a_date_that_cannot_be_set_is_a_sentence(graded, words, sentence):
    with pytest.raises(AssertionError, match=sentence) as refused:
        in_turn((graded, "autograder", "due", *words))
    assert "Traceback" not in str(refused.value)


def test_a_rule_that_is_none_stops_each_command_with_a_sentence(course):
    set_policy(course, 'c.LatePolicy.kind = "per day"')
    for command in (GRADE, STOCK):
        with pytest.raises(AssertionError, match="say in c.LatePolicy.per_day what a day costs"):
            in_turn((course, *command))
