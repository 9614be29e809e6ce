"""A class on a shared machine: a course's account, two students, and an exchange between them."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader  # noqa: F401 (loaded before somebody else is become)
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from autograder.exchange.collect import Collect
from autograder.exchange.given_root import List
from autograder.exchange.release import ReleaseAssignment
from autograder.exchange.release_feedback import ReleaseFeedback
from exchange import people
from exchange.people import Person, give, heard
from lrlab import handing_in

LAB = "lab"
NAMES = ("ada", "bob", "course")


@dataclass
class Class:
    """A course, and everyone's way to its exchange. Commands return what nbgrader logs."""

    root: Path
    course: Person
    ada: Person
    bob: Person
    name: str = "rates"

    @property
    def folder(self) -> Path:
        return self.course.home / self.name

    @property
    def inbound(self) -> Path:
        return self.root / self.name / "inbound"

    @property
    def handed_in(self) -> list[Path]:
        """What was handed in as a whole, the oldest first."""
        return sorted(self.inbound.glob("[!.]*"), key=lambda each: each.stat().st_ctime_ns)

    def config(self, **settings: object) -> Config:
        config = Config()
        config.Exchange.root = str(self.root)
        config.Exchange.path_includes_course = True
        config.CourseDirectory.course_id = self.name
        for name, value in settings.items():
            section, trait = name.split("__")
            config[section][trait] = value
        return config

    def of_course(self, step: str, **settings: object) -> list[str]:
        """Do a step as the course's account."""
        config = self.config(**settings)
        config.CourseDirectory.root = str(self.folder)
        config.ExchangeFactory.release_assignment = ReleaseAssignment
        config.ExchangeFactory.list = List
        config.ExchangeFactory.collect = Collect
        config.ExchangeFactory.release_feedback = ReleaseFeedback
        return self.course.does(_step, step, config)

    def release(self, **settings: object) -> list[str]:
        return self.of_course("ReleaseAssignment", **settings)

    def collect(self, **settings: object) -> list[str]:
        return self.of_course("Collect", **{"ExchangeCollect__update": True, **settings})

    def of_student(self, student: Person, step: str, **settings: object) -> list[str]:
        """Do a step as a student; their settings may leave out ours."""
        config = self.config(**settings)
        if not settings.get("Test__stock"):
            handing_in.plug_in(config)
        return student.does(_step, step, config)

    def submit(self, student: Person, answer: str = "1", **settings: object) -> list[str]:
        """Have a student hand in a notebook with this text."""
        student.does(_answer, self.lab(student), answer)
        return self.of_student(student, "Submit", **settings)

    def lab(self, student: Person) -> Path:
        """Return where a student works."""
        return student.home / self.name / LAB

    def cache(self, student: Person) -> Path:
        """Return where a student's nbgrader keeps what was handed in, to list it."""
        return student.home / ".local/share/jupyter/nbgrader_cache" / self.name

    def cached(self, student: Person) -> list[str]:
        return [path.name for path in self.cache(student).iterdir()]

    def place(self, student: Person) -> Path:
        return self.folder / "submitted" / student.name / LAB

    def collected(self, student: Person) -> str:
        """Return the text of the notebook that the course has of a student."""
        return (self.place(student) / f"{LAB}.ipynb").read_text()


def _answer(folder: Path, answer: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{LAB}.ipynb").write_text(answer)


def _step(step: str, config: Config) -> list[str]:
    config.CourseDirectory.assignment_id = LAB
    parts = {"coursedir": CourseDirectory(config=config), "config": config}
    parts["authenticator"] = Authenticator(config=config)
    return heard(getattr(ExchangeFactory(config=config), step)(**parts).start)


def make_gradebook(path: Path, students: Iterable[str]) -> None:
    """Make a gradebook with the assignment."""
    with pytest.MonkeyPatch.context() as patch:
        # By calling `alembic`, which lies beside this Python, also where that is on no path.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        made = Gradebook(f"sqlite:///{path}")
    with made:
        for name in students:
            made.add_student(name)
        made.add_assignment(LAB)


@pytest.fixture(scope="session")
def gradebook(tmp_path_factory) -> Path:
    """A gradebook with both students; nbgrader makes one with a program that only root can run."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    make_gradebook(path, [people.PREFIX + name for name in NAMES[:2]])
    return path


@pytest.fixture(scope="session")
def machine() -> Iterator[tuple[Path, dict[str, Person]]]:
    if os.geteuid():
        pytest.skip("only root can become other people: run the tests as root, in a container")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder, {name: people.make(name, folder) for name in NAMES}
    finally:
        for name in NAMES:
            people.remove(name)
        shutil.rmtree(folder)


@pytest.fixture
def school(machine, gradebook) -> Iterator[Class]:
    """A class with an assignment that is released; nobody has handed in."""
    folder, found = machine
    root = folder / "exchange"
    root.mkdir(mode=0o755)
    made = Class(root, found["course"], found["ada"], found["bob"])
    add_course(made, gradebook)
    made.release()
    yield made
    shutil.rmtree(root)
    for person in found.values():
        for path in person.home.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def add_course(school: Class, gradebook: Path) -> None:
    """Make the course's folders, as an operator does: its own, and its place in the exchange."""
    release = school.folder / "release" / LAB
    release.mkdir(parents=True)
    (release / f"{LAB}.ipynb").write_text("{}")
    shutil.copy(gradebook, school.folder)
    give(school.folder, school.course)
    place = school.root / school.name
    place.mkdir(mode=0o755)
    give(place, school.course)
