"""The class report: right numbers, no script of a student's, and a page that everyone can read."""

import html.parser
import json
import math
import re
from dataclasses import asdict
from pathlib import Path

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook
from test_exports import fill_gradebook

from autograder.outcomes import Outcome, outcome_path
from autograder.report import write_report
from autograder.report.entries import read_entries
from autograder.report.items import correlation, item_statistics, rough_interval
from autograder.report.messages import misconceptions

NAME = "lr01_first_step"
# Not in the order of the alphabet, in which grading writes verdicts.
POINTS = {"q2_syntax": 1, "one_step": 2, "reading": 1}
CLASS = {"ann": [1, 2, 0], "bob": [1, 1, 1], "cyd": [0, 1, 1], "dan": [0, 0, 1]}
HOSTILE = [
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "</text></svg><svg onload=\"document.title='run'\">",
    "\"><iframe src='https://example.org'></iframe>",
    "{{ 7 * 7 }} {% raw %}",
    "</style><style>body{display:none}",
    "\x1b[31m\u202egnp.exe\u2028\x00\ud800",
]


def leave(root: Path, student: str, earned: list[float], message: str = "", **more) -> None:
    """Write a student's outcome as grading does; what loses points says ``message``."""
    verdicts = {
        item: {
            "points": float(points),
            "max_points": float(most),
            "parts": [{"points": float(most), "earned": float(points), "message": message or "-"}],
            "text": f"{points} of {most} points\n",
        }
        for (item, most), points in zip(POINTS.items(), earned, strict=True)
    }
    cells = [nbformat.v4.new_code_cell(metadata={"nbgrader": {"grade_id": i}}) for i in POINTS]
    about = {
        "status": "graded",
        "problems": [],
        "used": {"cpu": 1.0, "seconds": 2.0, "memory": 10**8, "kernels": 1},
        "verdicts": verdicts,
        "notebook": nbformat.v4.new_notebook(cells=cells),
        **more,
    }
    outcome = Outcome(assignment=NAME, name=NAME, student=student, digest="", **about)
    path = outcome_path(root, NAME, NAME, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(outcome)))


@pytest.fixture
def course(tmp_path):
    """A class of four in which difficulty and discrimination can be computed by hand."""
    for student, earned in CLASS.items():
        leave(tmp_path, student, earned)
    return tmp_path


def page(root: Path) -> str:
    return write_report(root, NAME).read_text(encoding="utf-8")


def words(text: str) -> str:
    """Return what a reader sees of HTML, in one line."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())


def part(text: str, name: str) -> str:
    """Return one section of the page."""
    return text.split(f'<h2 id="{name}">')[1].split("<h2")[0]


def row(text: str, first: str) -> str:
    """Return the words of the first row of a table that begins with ``first``."""
    rows = [words(each) for each in re.findall("<tr[ >].*?</tr>", text, re.DOTALL)]
    return next(each for each in rows if each.startswith(first))


def test_difficulty_and_discrimination_by_hand(course):
    # The shares of q2_syntax are 1 1 0 0, of the rest 2/3 2/3 2/3 1/3: r = 0.5 / sqrt(1 * 0.75).
    # one_step: 1 1/2 1/2 0 and 1/2 1 1/2 1/2: the two products cancel.
    # reading: 0 1 1 1 and 1 2/3 1/3 0: r = -0.5 / sqrt(3/4 * 5/9).
    items = item_statistics([*read_entries(course, NAME).values()])
    assert [item.name for item in items] == list(POINTS)
    assert [item.difficulty for item in items] == [0.5, 0.5, 0.75]
    expected = [1 / math.sqrt(3), 0, -0.5 / math.sqrt(5 / 12)]
    assert [item.discrimination for item in items] == pytest.approx(expected)
    text = page(course)
    assert row(text, "q2_syntax").startswith("q2_syntax 1 4 50 % 0.58 ")
    assert row(text, "one_step").startswith("one_step 2 4 50 % 0.00 ")
    assert row(text, "reading").startswith("reading 1 4 75 % −0.77 ")
    assert "look at the question" in row(text, "reading")


def test_correlation_agrees_with_numpy():
    random = np.random.default_rng(1)
    first, second = random.random(40), random.random(40)
    expected = np.corrcoef(first, second)[0, 1]
    assert correlation(list(first), list(second)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("first", "second"),
    [([0, 1], [1, 0]), ([1, 1, 1], [0, 1, 0]), ([0, 1, 0], [0.1 + 0.2, 0.3, 0.3])],
)
def test_discrimination_is_not_made_up(first, second):
    assert correlation(first, second) is None


def test_the_rough_range_is_fishers():
    # r = 0.5 of 28 pairs: z = 0.5493, half a width of 1.96 / 5.
    assert rough_interval(0.5, 28) == pytest.approx((0.1560, 0.7358), abs=1e-4)
    assert rough_interval(0.5, 3) is rough_interval(1.0, 28) is None


def test_two_submissions_or_one_item_have_no_discrimination(tmp_path, monkeypatch):
    for student in ("ann", "bob"):
        leave(tmp_path, student, CLASS[student])
    assert "not defined" in row(page(tmp_path), "q2_syntax")
    monkeypatch.setattr("test_report.POINTS", {"one_step": 2})
    for student in CLASS:
        leave(tmp_path, student, CLASS[student][1:2])
    items = item_statistics([*read_entries(tmp_path, NAME).values()])
    assert [(item.submissions, item.discrimination) for item in items] == [(4, None)]


def test_what_cannot_be_read_says_nothing_of_the_items(course):
    leave(course, "eve", [0, 0, 0], status="unreadable", problems=["It is no notebook."])
    assert row(page(course), "q2_syntax").startswith("q2_syntax 1 4 50 % 0.58 ")


def test_the_same_sentence_with_other_values_is_one():
    said = [
        ("ann", "Your loss is 0.25. Read chapter 1."),
        ("bob", "Your loss is 1e-3. Read chapter 1."),
        ("bob", "Your loss is 7. Read chapter 1."),
        ("cyd", "Your loss is 0.25. Read chapter 2."),
        ("dan", "`q1` is 0.25."),
        ("dan", "`q2` is 0.25."),
    ]
    assert [(each.students, each.text) for each in misconceptions(said)] == [
        (2, "Your loss is ⟨1e-3 to 7⟩. Read chapter 1."),
        (1, "Your loss is 0.25. Read chapter 2."),
        (1, "`q1` is 0.25."),
        (1, "`q2` is 0.25."),
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("It is [1, 2.5].", "It is [1].", "It is [⟨different lists⟩]."),
        ("It is nan.", "It is 2.", "It is ⟨different numbers⟩."),
        ("At step 3 it is -1.", "At step 3 it is 5%.", "At step 3 it is ⟨-1 to 5%⟩."),
        ("tensor([1., 2.])", "tensor([1., 3.])", "tensor([⟨different lists⟩])"),
        ("lr=0.1, 3 steps", "lr=0.1, 4 steps", "lr=0.1, ⟨3 to 4⟩ steps"),
    ],
)
def test_values_that_differ_are_summed_up(first, second, expected):
    (only,) = misconceptions([("ann", first), ("bob", second)])
    assert (only.students, only.text) == (2, expected)


def test_messages_are_of_lost_points_only_and_frequent_ones_come_first(tmp_path):
    leave(tmp_path, "ann", [1, 2, 1], "Right.")
    leave(tmp_path, "bob", [1, 0, 1], "Rarely said.")
    for student in ("cyd", "dan"):
        leave(tmp_path, student, [1, 1, 1], "Often said.")
    one_step = item_statistics([*read_entries(tmp_path, NAME).values()])[1]
    assert [(each.students, each.text) for each in one_step.misconceptions] == [
        (2, "Often said."),
        (1, "Rarely said."),
    ]
    assert "Right." not in page(tmp_path)


def test_a_message_links_to_the_chapter_that_it_names(tmp_path):
    (tmp_path / "_config.yml").write_text("html: {baseurl: https://course.example}")
    (tmp_path / "book").symlink_to(Path(__file__).resolve().parents[3] / "book")
    leave(tmp_path, "ann", [1, 0, 1], "`<b>` is no step. Read chapter 1, Code.")
    link = '<a href="https://course.example/01_first_step.html#code">chapter 1, Code</a>'
    assert f"<code>&lt;b&gt;</code> is no step. Read {link}." in page(tmp_path)


def test_causes_are_counted_and_what_each_led_to_is_told_to_the_student(tmp_path):
    """Two parts that one cause cost are one; two causes of the same symptom are two."""
    for student, cause in {"ann": "A cell stopped, line 1.", "bob": "A cell is late."}.items():
        parts = [
            {"points": 1.0, "earned": 0.0, "message": f"`{name}` is not there.", "cause": cause}
            for name in ("one_step", "losses")
        ]
        verdict = {"points": 0.0, "max_points": 2.0, "parts": parts, "text": "0 of 2 points\n"}
        leave(tmp_path, student, [1, 1, 1], verdicts={"one_step": verdict})
    entries = read_entries(tmp_path, NAME)
    (one_step,) = item_statistics([*entries.values()])
    assert [(each.students, each.text) for each in one_step.misconceptions] == [
        (1, "A cell is late."),
        (1, "A cell stopped, line 1."),
    ]
    assert entries["ann"].results["one_step"].lost == (
        "`one_step` is not there.",
        "`losses` is not there.",
    )


def test_a_cell_that_was_never_judged_says_why(tmp_path):
    text = "0 of 1 points\n  Your code ended its process too often.\n"
    verdict = {"points": 0, "max_points": 1, "parts": [], "text": text}
    leave(tmp_path, "ann", [1, 1, 1], verdicts={"one_step": verdict})
    assert "1 Your code ended its process too often." in words(page(tmp_path))


def test_a_long_tail_of_messages_is_cut_and_counted(tmp_path):
    for place in range(15):
        leave(tmp_path, f"student{place}", [1, 1, 1], f"Said to student {'abcdefghijklmno'[place]}")
    text = words(page(tmp_path))
    assert "≤ 1 each of 3 other messages" in text
    assert "student l" in text and "student m" not in text


DAMAGES = {
    "empty": b"",
    "cut": b'{"assignment": "lr01_first_step", "stud',
    "binary": bytes(range(256)),
    "list": b"[]",
    "deep": b"[" * 100_000,
    "nothing": b"{}",
    "infinite": b'{"x": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_outcome_is_named_and_stops_nothing(course, name):
    (course / "outcomes" / NAME / NAME / "eve.json").write_bytes(DAMAGES[name])
    text = page(course)
    assert row(text, "damaged").startswith("damaged 1")
    assert row(part(text, "problems"), "eve").startswith(
        "eve damaged The file eve.json cannot be used"
    )
    assert row(text, "q2_syntax").startswith("q2_syntax 1 4 50 % 0.58 ")


@pytest.mark.parametrize(
    "change",
    [
        {"student": "ann"},
        {"status": "perfect"},
        {"problems": [1]},
        {"problems": None},
        {"used": {"seconds": "long"}},
        {"verdicts": {"one_step": {"points": math.nan, "max_points": 1, "parts": [], "text": ""}}},
        {"verdicts": {"one_step": {"points": 2, "max_points": 1, "parts": [], "text": ""}}},
        {"verdicts": {"one_step": {"points": True, "max_points": 1, "parts": [], "text": ""}}},
        {"verdicts": {"one_step": {"points": 0, "max_points": 1, "parts": [{}], "text": ""}}},
        {"notebook": []},
    ],
)
def test_an_outcome_with_unfit_content_is_damaged(course, change):
    path = course / "outcomes" / NAME / NAME / "bob.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    text = page(course)
    assert row(text, "damaged").startswith("damaged 1")
    assert row(part(text, "problems"), "bob").startswith("bob damaged")


def test_who_was_not_graded_yet_is_missing(course):
    (course / "submitted" / "zoe" / NAME).mkdir(parents=True)
    text = page(course)
    assert row(text, "missing").startswith("missing 1")
    assert row(part(text, "problems"), "zoe").startswith("zoe missing It was handed in")


def test_an_assignment_that_was_never_graded_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="autograder grade lr01_first_step first"):
        write_report(tmp_path, NAME)


def test_problems_are_told(course):
    leave(course, "eve", [0, 0, 0], status="problem", problems=["Cell 3 used 5000 MiB."])
    text = page(course)
    assert row(text, "problem").startswith("problem 1")
    assert row(part(text, "problems"), "eve") == "eve problem Cell 3 used 5000 MiB."


def test_without_a_gradebook_the_judges_points_are_drawn(course):
    text = words(page(course))
    assert "Points of the judge, before manual grades" in text
    # 3, 3, 2 and 1 of 4 points.
    assert "4 scores: mean 56 %, median 62 %, lowest 25 %, highest 75 %." in text
    assert not (course / "gradebook.db").exists()


def test_scores_come_from_the_gradebook(course):
    students = {name: {} for name in (*CLASS, "eve")}
    fill_gradebook(
        course, students, {"ann": [3, 2], "bob": [0, 1], "cyd": [0, 1], "dan": [3, None]}
    )
    text = words(page(course))
    assert "Final scores from the gradebook" in text
    assert "Students without a score yet, and left out: 2." in text
    assert "3 scores: mean 47 %, median 20 %, lowest 20 %, highest 100 %." in text
    assert "The fullest column, 20 to 30 %, holds 2." in text


def test_points_given_by_hand_are_the_items_points(course):
    fill_gradebook(course, {student: {} for student in CLASS}, {"cyd": [0, 0], "dan": [0, 1]})
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("one_step", NAME, NAME, "cyd")
        grade.manual_score, grade.extra_credit = 3, 1
        gradebook.find_grade("one_step", NAME, NAME, "dan").manual_score = 1.5
        gradebook.db.commit()
    text = page(course)
    # 2 of 2 and 1 of 2 by the judge, 4 of 3 and 1.5 of 3 by hand.
    assert row(text, "one_step").startswith("one_step 3 4 75 % ")
    assert "1 Graded by hand." in words(text)


@pytest.mark.parametrize("form", ["Ann", "\u200fann", "ａnn"])
def test_ids_that_are_one_persons_but_for_their_form_are_named(course, form):
    leave(course, form, [1, 2, 1])
    fill_gradebook(course, {"BOB": {}, "cyd": {}}, {})
    problems = part(page(course), "problems")
    assert row(problems, "ann").startswith(f"ann problem The id 'ann' is {form!a} in another form.")
    assert f"The id {form!a} is 'ann' in" in html.unescape(problems)
    assert row(problems, "bob").startswith("bob problem The id 'bob' is 'BOB' in another form.")
    assert "cyd" not in problems


def test_times_are_told_slowest_first(course):
    leave(
        course, "eve", [1, 2, 1], used={"cpu": 3700.0, "seconds": 75.04, "memory": 1, "kernels": 1}
    )
    leave(course, "fay", [1, 2, 1], used={})
    text = words(part(page(course), "time"))
    assert "Processor time eve 1 min 15 s 1 h 2 min ann 2.0 s 1.0 s bob" in text
    assert "All together: 1 min 23 s of wall time, 1 h 2 min of processor time." in text
    assert "fay" not in text


class Reader(html.parser.HTMLParser):
    """Collects every element and attribute of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.fixture
def hostile(course):
    """The class, with students whose names, items, problems and messages attack the page."""
    for place, text in enumerate(HOSTILE):
        name = text.replace("/", "∕").replace("\x00", "").encode(errors="replace").decode()
        leave(course, name, [0, 0, 0], text, status="problem", problems=[text])
        leave(course, f"item{place}", [0, 0, 0], verdicts=_named(text))
    return course


def _named(name: str) -> dict:
    part = {"points": 1, "earned": 0, "message": name}
    return {name: {"points": 0, "max_points": 1, "parts": [part], "text": name}}


def test_what_students_write_is_text(hostile, course):
    reader = Reader(page(hostile))
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"img", "iframe", "object", "form", "base"}
    for only in ("script", "style"):
        assert sum(tag == only for tag, _ in reader.elements) == 1
    for tag, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert attributes.get("href", "#").startswith(("#", "data:,"))
        assert "src" not in attributes
    text = page(hostile)
    assert "&lt;script&gt;" in text and "{{ 7 * 7 }}" in words(text)
    assert not re.search("[\x00-\x09\x0b-\x1f\u2028-\u202e]", text)


def test_the_page_asks_nobody_for_anything(course):
    text = page(course)
    assert not re.search(r"https?:|//[\w.]|url\(|@import", text)
    assert "default-src 'none'" in text


def test_the_same_outcomes_make_the_same_page(course):
    assert page(course) == page(course)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everyone_can_read_the_page(browser, hostile, scheme, width):
    path = write_report(hostile, NAME)
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    faults, asked = [], []
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    assert tab.title() == f"Class report: {NAME}"  # no attack has changed it
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(tab).response["violations"]
    assert not [each["id"] for each in found if each["impact"] in ("serious", "critical")], found
    assert not faults
    tab.close()
