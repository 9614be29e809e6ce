"""``nbgrader validate`` says what grading would, of notebooks that editors and students changed."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from broken import NAME, make_course, right
from broken.cases import put
from commands import in_turn

SUCCESS, FAILED = "Success! Your notebook passes all the tests.", "VALIDATION FAILED ON"
TWICE = "These cells are there twice: {}. Of an answer both run"
NO_ANSWER = "None of the answer cells was found"
NO_MARKS = "No cell of this notebook is graded."
CASES: dict[str, tuple[Callable, str, str]] = {}


def case(says: str, without: str = "") -> Callable:
    """Add what somebody made of a right notebook, and what is said of it with and without a release."""

    def add(change: Callable) -> Callable:
        CASES[change.__name__] = (change, says, without or says)
        return change

    return add


def cell(document: dict, name: str) -> dict:
    return next(each for each in document["cells"] if each["id"] == name)


def copied(document: dict, name: str, source: str) -> dict:
    """Put a copy of a cell, with another text, before it; return the document."""
    twin = copy.deepcopy(cell(document, name)) | {"source": source}
    document["cells"].insert(document["cells"].index(cell(document, name)), twin)
    return document


@case(SUCCESS)
def right_one(document):
    return document


@case(f"{SUCCESS}.*{TWICE.format('scaled_answer')}")
def copied_answer(document):
    return copied(document, "scaled_answer", "def scaled(rate, factor):\n    pass  # first try")


@case(f"{SUCCESS}.*{TWICE.format('scaled')}", f"CONTENTS OF 1 TEST.*{TWICE.format('scaled')}")
def copied_check(document):
    return copied(document, "scaled", "print(scaled(1, 2))")


@case(SUCCESS)
def without_ids(document):
    """As Visual Studio Code saves the older format."""
    for each in document["cells"]:
        del each["id"]
    return document | {"nbformat_minor": 2}


@case(SUCCESS, f"{SUCCESS}.*{NO_MARKS}")
def without_marks(document):
    for each in document["cells"]:
        each["metadata"] = {"vscode": {"languageId": "python"}}
    return document


@case(f"{SUCCESS}.*{NO_ANSWER}", f"{SUCCESS}.*{NO_MARKS}")
def without_both(document):
    for number, each in enumerate(document["cells"]):
        each |= {"id": f"c{number}", "metadata": {}}
    return document


@case(
    f"{SUCCESS}.*These locked cells were changed, and are restored: last", "CONTENTS OF 1 TEST CELL"
)
def changed_check(document):
    cell(document, "last")["source"] = "assert True"
    return document


@case(f"{FAILED} 1 CELL.*These answer cells were deleted: last_answer", f"{FAILED} 1 CELL")
def deleted_answer(document):
    document["cells"].remove(cell(document, "last_answer"))
    return document


@case(SUCCESS, "nbgrader's marks are damaged")
def damaged_marks(document):
    cell(document, "last")["metadata"]["nbgrader"]["points"] = "one"
    return document


@case(f"{FAILED} 1 CELL.*not a Jupyter notebook, or only a part of one")
def half_of_it(document):
    return json.dumps(document)[:1000]


@case(SUCCESS)
def reads_a_file(document):
    cell(document, "last_answer")["source"] += "\nassert open('mine.txt').read() == 'here'"
    return document


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[tuple[str, bool], str]:
    """What is said of each case, in the course and in a folder that holds no release."""
    course = make_course(tmp_path_factory.mktemp("course") / "c")
    home = tmp_path_factory.mktemp("home")
    (home / "nbgrader_config.py").write_text(
        f"import sys\nsys.path.append({str(course)!r})\nc = get_config()\n"
        "from autograder.plug_in import plug_in\nplug_in(c)\n"
    )
    commands = []
    for root, place in ((course, "submitted/{}"), (home, "{}")):
        paths = [Path(place.format(name), NAME, f"{NAME}.ipynb") for name in CASES]
        for path, (change, _, _) in zip(paths, CASES.values(), strict=True):
            (root / path).parent.mkdir(parents=True)
            put((root / path).parent, change(right(course)))
            put((root / path).parent, "here", "mine.txt")
        (root / "line.py").write_text("print('next notebook', flush=True)")
        for path in paths:
            commands += [(root, "line"), (root, "nbgrader", "validate", path)]
    parts = in_turn(*commands).split("next notebook\n")
    return dict(
        zip([(name, here) for here in (True, False) for name in CASES], parts[1:], strict=True)
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("released", [True, False])
def test_what_is_said(said, name, released):
    _, with_release, without = CASES[name]
    text = " ".join(said[name, released].split())
    assert re.search(with_release if released else without, text), text
    assert "fatal error" not in text
