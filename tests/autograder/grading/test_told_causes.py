"""A class whose cells stop: each student reads why, and the report counts why, not what is missing."""

import json
import sys
from pathlib import Path

import pytest
from broken.course import FULL, NAME, answered, make_course, right
from commands import in_turn

from autograder.report.entries import read_entries
from autograder.report.items import item_statistics

SETUP = "from math import prod"
SCALED = "def scaled(rate, factor):\n    return prod([rate, factor])"
# For each student the cells that differ, and for each item that lost points what is read there.
STUDENTS = {
    "ann": ({}, {}),
    "copied_from_a_chat": (
        {
            "meaning_answer": "answer = None\nanswer = “B”",
            "scaled_answer": SCALED.replace("return ", "return\N{NO-BREAK SPACE}"),
            "last_answer": "final = \N{ZERO WIDTH SPACE}'C'",
        },
        {
            "meaning": (
                "`answer` does not exist after your notebook has run from top to bottom. Its cell "
                "stopped with SyntaxError: invalid character '“' (U+201C), line 2, character 10 "
                '(left double quotation mark): type a plain ".'
            ),
            "scaled": (
                "`scaled` does not exist after your notebook has run from top to bottom. Its cell "
                "stopped with SyntaxError: invalid non-printable character U+00A0, line 2, "
                "character 11 (no-break space): type an ordinary space."
            ),
            "measured": (
                "Its cell stopped with NameError: name 'scaled' is not defined, line 2; the cell "
                "that makes `scaled` stopped with SyntaxError: invalid non-printable character"
            ),
            "last": "(zero width space): delete it, though it is not to be seen.",
        },
    ),
    "from_colab": (
        {"cell-02": f"from google.colab import drive\n{SETUP}"},
        {
            "scaled": (
                "`scaled` stopped with an error: NameError: name 'prod' is not defined. The cell "
                "that makes `prod` stopped with ModuleNotFoundError: No module named 'google', "
                "line 1: `google.colab` is there only in Google Colab; leave it out of what you "
                "hand in."
            ),
            "measured": "the cell that makes `prod` stopped with ModuleNotFoundError",
        },
    ),
    "with_a_link": (
        {"scaled_answer": f"rates = open('rates.csv').read()\n{SCALED}"},
        {
            "scaled": (
                "Its cell stopped with FileNotFoundError: [Errno 2] No such file or directory: "
                "'rates.csv', line 1; rates.csv was handed in, but not taken."
            ),
            "measured": "; rates.csv was handed in, but not taken.",
        },
    ),
    "out_of_time": (
        {
            "measured_answer": "factor = None\nwhile True:\n    pass\nfactor = scaled(0.1, 100)",
            "last_answer": "final = None\nraise NotImplementedError()\nfinal = 'C'",
        },
        {
            "measured": (
                "`factor` has no value yet. Its cell ran longer than 8 seconds, and was stopped."
            ),
            "last": (
                "`final` has no answer yet. Its cell stopped with NotImplementedError, line 2: that "
                "line stood there in place of an answer; delete it."
            ),
        },
    ),
    "ends_python": (
        {"measured_answer": "import os\nos._exit(0)\nfactor = 10"},
        {"measured": "Its cell ended its Python process (exit status 0)."},
    ),
    "writes_without_end": (
        {"measured_answer": "factor = None\nwhile True:\n    print('x' * 1_000)\nfactor = 10"},
        {"measured": "`factor` has no value yet. Its cell wrote without end, and was stopped."},
    ),
    "other_letters": (
        {
            "meaning_answer": "answer = '\N{CYRILLIC CAPITAL LETTER VE}'",
            "last_answer": "final = '(c)'",
        },
        {},
    ),
    "writes_a_file": (
        {"measured_answer": "%%writefile factor.py\nfactor = 10"},
        {"measured": "Its cell begins with `%%writefile`, so it makes no name."},
    ),
}
if sys.version_info < (3, 12):
    STUDENTS["newer"] = (
        {"scaled_answer": f'log = {{"a": 1}}\nprint(f"{{log["a"]}}")\n{SCALED}'},
        {
            "scaled": ", line 2: this works from Python 3.12 on; the grader has 3.11.",
            "measured": "the cell that makes `scaled` stopped with SyntaxError: f-string",
        },
    )
BOUNDS = """
c.Execute.timeout = 8
c.SandboxedExecute.max_output = c.SandboxedExecute.max_pictures = 10_000
"""
LOST = [(student, item) for student, (_, lost) in STUDENTS.items() for item in lost]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course after the class has been graded."""
    folder = make_course(tmp_path_factory.mktemp("causes") / "course")
    with (folder / "nbgrader_config.py").open("a") as settings:
        settings.write(BOUNDS)
    for student, (answers, _) in STUDENTS.items():
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        (home / f"{NAME}.ipynb").write_text(json.dumps(answered(right(folder), **answers)))
    (folder / "submitted" / "with_a_link" / NAME / "rates.csv").symlink_to("/etc/hostname")
    in_turn((folder, "autograder", "grade", NAME, "--workers", "2"))
    return folder


def verdicts(course: Path, student: str) -> dict[str, dict]:
    path = course / "outcomes" / NAME / NAME / f"{student}.json"
    return json.loads(path.read_text())["verdicts"]


@pytest.mark.parametrize("student", STUDENTS)
def test_a_student_loses_the_points_of_what_is_not_there_and_no_others(course, student):
    lost = STUDENTS[student][1]
    points = {item: 0.0 if item in lost else full for item, full in FULL.items()}
    assert {item: each["points"] for item, each in verdicts(course, student).items()} == points


@pytest.mark.parametrize(("student", "item"), LOST)
def test_a_student_reads_the_cause(course, student, item):
    verdict = verdicts(course, student)[item]
    (part,) = verdict["parts"]
    assert STUDENTS[student][1][item] in part["message"]
    assert part["message"] in " ".join(verdict["text"].split())


def test_the_report_counts_causes(course):
    """Of two students `scaled` does not exist, of a third it stops; all have no `factor` then."""
    items = {item.name: item for item in item_statistics(read_entries(course, NAME).values())}
    texts = {each.text for each in items["scaled"].misconceptions}
    for cause in ("no-break space", "rates.csv was handed in", "Google Colab"):
        assert sum(cause in text for text in texts) == 1
    assert len(texts) == sum("scaled" in lost for _, lost in STUDENTS.values())
    assert all(text.startswith("A cell stopped with ") for text in texts)
    assert texts < {each.text for each in items["measured"].misconceptions}
