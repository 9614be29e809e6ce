"""Hostile notebooks, graded for real in classes with honest students among them, one room a class.

They are graded side by side, as many classes at a time as there are cores for them, in the order of
the tests; each test waits for its own. ``hostile`` says how its parts fit.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile import values
from hostile.classes import CASES, CLASSES, KINDS, Class
from hostile.evidence import Evidence, grade
from hostile.trial import make_course

from autograder.judge.server import checks_of, load_checks

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENTS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))
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
def evidence(course, request) -> Iterator[Callable[[Class], Evidence]]:
    """Return a function that gives what is left of a class; every selected one is under way."""
    tests = [item for item in request.session.items if item.path == request.path]
    chosen = [test.callspec.params["each"] for test in tests if "evidence" in test.fixturenames]
    classes = {each.name: each for each in chosen}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        graded = {name: pool.submit(grade, each, course) for name, each in classes.items()}
        yield lambda each: graded[each.name].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(
    ("each", "case"),
    [pytest.param(each, case, id=case.name) for each in CLASSES for case in each.cases],
)
def test_a_hostile_notebook(evidence, each, case):
    assert evidence(each).faults(case) == []


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.name)
def test_who_sits_beside_hostile_students_loses_nothing(evidence, each):
    """And nothing else is harmed: whoever of the class it was, it is not as it must be."""
    assert evidence(each).faults_of_all() == [], f"one of {', '.join(each.students)}"


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.name)
def test_honest_students_come_before_between_and_after(each):
    order = [name in each.honest for name in each.students]
    assert len(order) >= 15 and order[0] and order[-1]
    assert any(order[4:-4])


def test_there_are_enough_of_them():
    assert len(CASES) >= 45


def test_each_sits_in_one_class():
    seated = [case.name for each in CLASSES for case in each.cases]
    assert sorted(seated) == sorted(case.name for kind in KINDS.values() for case in kind)
    assert len(seated) == len(set(seated))


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_seen(course, defect):
    """The suite would fail if the grader did: each case by what bears its name, and its neighbours."""
    settings, names = DEFECTS[defect]
    together = tuple(CASES[name] for name in names)
    found = grade(Class(defect, together, settings=settings, honest=("zoe",)), course)
    assert [case.name for case in together if not found.faults(case)] == []
    assert found.faults_of_all() != []


def test_a_grader_that_lacks_a_part_grades_nobody(course, tmp_path):
    """Nbgrader goes on without a configuration that it cannot load: with no sandbox and no judge."""
    shutil.copytree(course, tmp_path / "course")
    (tmp_path / "course" / "autograder" / "grading" / "converter.py").write_text(
        "import no_such_module\n"
    )
    found = grade(Class("alone", (CASES["honest"],)), tmp_path / "course")
    assert found.report["codes"] != [0], found.log[-3000:]
    assert not any("autograded" in path for path in found.after)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_answer_breaks_a_check(assignment):
    checks = checks_of(load_checks(assignment))
    found = {name: values.faults(check) for name, check in checks.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}
