"""On which state an item is judged, and how often: where its check stands, once."""

import json
from pathlib import Path

import pytest
from broken import NAME
from broken.course import ANSWERS, FULL, answered, make_course, right
from commands import in_turn

SCALED = "\n".join(ANSWERS["scaled_answer"])
# What stands in cells (by id) and in a cell at the end; and what differs from full points.
CLASS = {
    "scratch": (
        {},
        "answer = 'A'\nscaled = prod = factor = final = None\nimport os\nos.chdir('/tmp')",
        {},
    ),
    "defined_later": ({"scaled_answer": "", "measured_answer": "factor = 10"}, SCALED, {}),
    "defined_later_wrong": (
        {"scaled_answer": "", "measured_answer": "factor = 10"},
        "def scaled(rate, factor):\n    return 3",
        {"scaled": 0},
    ),
    "guesses_twice": ({"meaning_answer": 'answer = "A"'}, 'answer = "B"', {"meaning": 0}),
    "guesses_back": ({}, 'answer = "A"', {}),
    "dies_later": ({"last_answer": "import os\nos._exit(0)"}, "answer = 'A'", {"last": 0}),
    # In the second run the answer is another one: the first verdict stands.
    "remembers": (
        {
            "meaning_answer": "import os\nanswer = 'A'\n"
            "if os.path.exists('/dev/shm/ran') or os.environ.get('RAN'):\n    answer = 'B'",
            "last_answer": "open('/dev/shm/ran', 'w').close()\nos._exit(0)",
        },
        "",
        {"meaning": 0, "last": 0},
    ),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, dict]:
    """What came of each student, after two workers have graded the class."""
    folder = make_course(tmp_path_factory.mktemp("items") / "course")
    for student, (answers, last, _) in CLASS.items():
        notebook = answered(right(folder), **answers)
        scratch = {"cell_type": "code", "source": last, "metadata": {}, "outputs": []}
        notebook["cells"].append({**scratch, "id": "scratch", "execution_count": None})
        home = folder / "submitted" / student / NAME
        home.mkdir(parents=True)
        (home / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    in_turn((folder, "autograder", "grade", NAME, "--workers", "2"))
    return {student: stored(folder, student) for student in CLASS}


def stored(course: Path, student: str) -> dict:
    return json.loads((course / "outcomes" / NAME / NAME / f"{student}.json").read_text())


@pytest.mark.parametrize("student", CLASS)
def test_each_item_is_judged_once_where_it_stands(outcomes, student):
    points = {name: each["points"] for name, each in outcomes[student]["verdicts"].items()}
    assert points == {**FULL, **CLASS[student][2]}
