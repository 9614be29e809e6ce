"""Hostile notebooks, each graded for real in a room of its own, and what must hold after it.

They are graded side by side, as many at a time as there are cores for them, in the order of the
tests; each test waits for its own. ``hostile`` says how its parts fit.
"""

import importlib
import os
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile import cases, values
from hostile.case import Case
from hostile.evidence import Evidence, grade
from hostile.trial import make_course

from autograder.judge.server import checks_of, load_checks

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENTS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))
CASES: dict[str, Case] = {}
ROOMS: dict[str, str] = {}  # by case: who has the same name here is graded in one room
for module in pkgutil.iter_modules(cases.__path__):
    kind = importlib.import_module(f"{cases.__name__}.{module.name}")
    for case in kind.CASES:
        assert case.name not in CASES, f"two cases are called {case.name}"
        CASES[case.name] = case
        ROOMS[case.name] = module.name if getattr(kind, "TOGETHER", False) else case.name
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))  # they run other tests meanwhile
SIDE_BY_SIDE = max(1, min(len(os.sched_getaffinity(0)), 4) // WORKERS)
# What these cases find must be seen where the grader has the defect.
DEFECTS = {
    "no sandbox": (
        "c.SandboxedExecute.unsafe = True",
        ("secret_files", "environment", "processes", "loopback", "daemons", "write_everywhere"),
    ),
    "no judge": (
        "c.Autograde.autograde_preprocessors[0] = 'autograder.grading.execution.SandboxedExecute'",
        ("own_tests", "display_hook", "eq_lies"),
    ),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with the trial assignment, released."""
    return make_course(tmp_path_factory.mktemp("trial"))


@pytest.fixture(scope="module")
def evidence(course, request) -> Iterator[Callable[[str], Evidence]]:
    """Return a function that gives what is left of a case; every selected one is under way."""
    chosen: dict[str, list[Case]] = {}
    for item in request.session.items:
        if item.path == request.path and item.originalname == "test_a_hostile_notebook":
            case = CASES[item.callspec.params["name"]]
            chosen.setdefault(ROOMS[case.name], []).append(case)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        graded = {room: pool.submit(grade, together, course) for room, together in chosen.items()}
        yield lambda name: graded[ROOMS[name]].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_notebook(evidence, name):
    assert evidence(name).faults(CASES[name]) == []


def test_there_are_enough_of_them():
    assert len(CASES) >= 45


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_seen(course, defect):
    """The suite would fail if the grader did."""
    settings, names = DEFECTS[defect]
    together = [CASES[name] for name in names]
    found = grade(together, course, settings)
    assert [case.name for case in together if not found.faults(case)] == []


def test_a_grader_that_lacks_a_part_grades_nobody(course, tmp_path):
    """Nbgrader goes on without a configuration that it cannot load: with no sandbox and no judge."""
    shutil.copytree(course, tmp_path / "course")
    (tmp_path / "course" / "autograder" / "grading" / "converter.py").write_text(
        "import no_such_module\n"
    )
    found = grade([CASES["honest"]], tmp_path / "course")
    assert found.report["codes"] != [0], found.log[-3000:]
    assert not any("autograded" in path for path in found.after)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_answer_breaks_a_check(assignment):
    checks = checks_of(load_checks(assignment))
    found = {name: values.faults(check) for name, check in checks.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}
