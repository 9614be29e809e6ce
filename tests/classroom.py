"""A class in a real hub, for tests: two courses, each with an assignment of the same name.

All parts are those of `make classroom`. What a machine has once for all, as accounts and courses, has
the number of this process in its name.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
import yaml
from commands import in_turn
from hub import Formgrader, Person

from autograder.classroom import demo_servers, environment
from autograder.classroom import settings as classroom_settings
from autograder.classroom.demo_class import copy_course, free_ports
from autograder.classroom.demo_place import place, will_add_accounts
from autograder.classroom.hub.in_course import in_course
from autograder.classroom.hub.people import make_accounts, make_state
from autograder.classroom.hub.sign_in.demo import make_passwords
from autograder.classroom.settings import Settings
from tests.autograder import foreign

NAME = "lr01_first_step"
COURSE, OTHER = (f"{each}-{os.getpid()}" for each in ("rates", "means"))
INES, GRETA, ADA, BEN, ZOE = (
    f"{each}-{os.getpid()}" for each in ("ines", "greta", "ada", "ben", "zoë")
)
KEPT = ("cell-04", "q1_answer", "q1_meaning", "q2_answer", "q2_syntax")  # of the master's cells
RIGHT = {"q1_answer": 'answer_q1 = "B"', "q2_answer": 'answer_q2 = ["A", "C", "D"]'}
WRONG = {"q1_answer": 'answer_q1 = "A"', "q2_answer": 'answer_q2 = ["A", "C"]'}
MEAN = "def mean(values):\n    return sum(values) / len(values)"
MEANS = nbformat.v4.new_notebook(
    cells=[
        foreign.solution("mean", f"### BEGIN SOLUTION\n{MEAN}\n### END SOLUTION"),
        foreign.checked("mean_right", 2, "assert mean([2, 4]) == 3"),
    ],
    metadata={"kernelspec": foreign.KERNEL},
)


def path_of(course: str) -> str:
    """Return where a student's notebook lies, once it is fetched."""
    return f"{course}/{NAME}/{NAME}.ipynb"


def solve(student: Person, course: str, answers: dict[str, str]) -> None:
    """Write answers, by the id or nbgrader's name of their cells, into the fetched notebook."""
    notebook = student.read(path_of(course))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    student.write(path_of(course), notebook)


@dataclass
class Classroom:
    """A hub that runs, and the class in it."""

    path: Path  # of the settings
    settings: Settings
    passwords: dict[str, str]
    people: dict[str, Person] = field(default_factory=dict)
    hub: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def address(self) -> str:
        return self.settings.address

    def start_hub(self) -> None:
        self.hub.enter_context(demo_servers.hub(self.settings, self.path))

    def stop_hub(self) -> None:
        """Stop the hub as an operator does; its proxy and everybody's servers go on."""
        self.hub.close()

    def reload(self) -> None:
        """Read the settings again, as the next hub will."""
        self.settings = classroom_settings.load(self.path)

    def signed_in(self, name: str) -> Person:
        """Return somebody who has signed in, once."""
        if name not in self.people:
            self.people[name] = Person(self.address, name, self.passwords[name])
        return self.people[name]

    def at_work(self, name: str) -> Person:
        """Return somebody who has signed in, and whose server runs."""
        known = name in self.people
        person = self.signed_in(name)
        return person if known else person.start()

    def formgrader(self, name: str, course: str = COURSE) -> Formgrader:
        return Formgrader(self.signed_in(name), course)

    def course(self, name: str = COURSE) -> Path:
        return self.settings.course(name).folder

    def in_course(self, course: str, *command: str) -> str:
        """Run a command in a course's folder, as whoever grades there."""
        return in_course(self.settings, self.settings.course(course), *command)


@contextlib.contextmanager
def open_classroom(
    folder: Path, students: tuple[str, ...] = (ADA, BEN, ZOE), **changed
) -> Iterator[Classroom]:
    """Run a hub with two courses below ``folder``, and take away all that it made.

    changed: settings that shall differ.
    """
    if os.geteuid() != 0:
        pytest.skip("a classroom of separate accounts needs root: sudo -E .venv/bin/pytest ...")
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(place(folder / "classroom"))
        path = _write_settings(folder, students, changed)
        settings = classroom_settings.load(path)
        make_state(settings)
        passwords = make_passwords(settings.state, list(settings.people))
        will_add_accounts(folder, settings)
        make_accounts(settings)
        environment.build(settings.students_environment, settings.exchange)
        opened.enter_context(demo_servers.proxy(settings, path))
        classroom = Classroom(path, settings, passwords)
        opened.callback(classroom.stop_hub)
        classroom.start_hub()
        yield classroom


def _write_settings(folder: Path, students: tuple[str, ...], changed: dict) -> Path:
    address, hub, proxy = free_ports(3)
    people = {"instructors": [INES], "graders": [GRETA], "students": list(students)}
    settings = {
        "state": str(folder / "state"),
        "exchange": str(folder / "exchange"),
        "students_environment": str(folder / "student"),
        "address": f"http://127.0.0.1:{address}",
        "courses": {
            each.name: {"folder": str(each), **people}
            for each in _write_courses(folder / "courses", students)
        },
        "limits": {"memory": "2G", "cpu": 1, "processes": 200},
        "cull": {"idle": 3600},
        "sign_in": "demo",
        "ports": {"hub": hub, "proxy": proxy},
    }
    path = folder / "classroom.yml"
    path.write_text(yaml.safe_dump(settings | changed, allow_unicode=True), encoding="utf-8")
    return path


def _write_courses(folder: Path, students: tuple[str, ...]) -> list[Path]:
    """Write two copies of the course: a short assignment of it, and one that has no check of ours.

    What is done there belongs to the courses' accounts once the hub has made these.
    """
    rates, means = folder / COURSE, folder / OTHER
    master = Path("solutions", NAME, f"{NAME}.ipynb")
    for each in (rates, means):
        copy_course(each)
        for other in (each / "solutions").iterdir():
            if other.name != NAME:
                shutil.rmtree(other)
        with (each / "nbgrader_config.py").open("a") as file:
            file.write(f'c.CourseDirectory.course_id = "{each.name}"\nc.Execute.timeout = 5\n')
    short = nbformat.read(rates / master, 4)
    headings = ("## Question 1", "## Question 2")
    short.cells = [
        cell for cell in short.cells if cell.id in KEPT or cell.source.startswith(headings)
    ]
    nbformat.write(short, rates / master)
    nbformat.write(MEANS, means / master)
    shutil.rmtree(means / "autograder" / "checks" / NAME)
    roster = "\n".join(["id", *students])
    for each in (rates, means):
        (each / "students.csv").write_text(roster, encoding="utf-8")
        in_turn(
            (each, "nbgrader", "generate_assignment", NAME),
            (each, "autograder", "roster", "students.csv"),
        )
    return [rates, means]
