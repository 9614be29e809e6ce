"""A classroom's settings: ``classroom.yml``, read once into values that nobody changes.

The file is named by the environment variable CLASSROOM, else it is ``/etc/learning-rates/classroom.yml``;
``classroom.example.yml`` beside this module has every name in it, with what it means. Whoever starts
the hub reads all mistakes of the file at once, each as a sentence.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from autograder.classroom.named import Names
from lrlab import strict_yaml

DEFAULT = Path("/etc/learning-rates/classroom.yml")
SIGN_IN = ("pam", "native", "oauth", "lti", "demo")
ROLES = ("instructors", "graders", "students")


class SettingsError(ValueError):
    """The file of settings cannot be used; the message has a line for each mistake."""


@dataclass(frozen=True)
class Course:
    """One course: where it lies, and who is in it."""

    name: str
    folder: Path  # nbgrader's root of the course
    instructors: tuple[str, ...]
    graders: tuple[str, ...]
    students: tuple[str, ...]

    @property
    def staff(self) -> tuple[str, ...]:
        """Return who may open formgrader."""
        return tuple(dict.fromkeys((*self.instructors, *self.graders)))


@dataclass(frozen=True)
class Limits:
    """What one student's server may use, with its kernels."""

    memory: int  # bytes
    cpu: float  # processors
    processes: int  # threads count, too


@dataclass(frozen=True)
class Cull:
    """When servers that nobody uses are stopped."""

    idle: int  # seconds


@dataclass(frozen=True)
class Tls:
    """The certificate with which the proxy speaks https by itself."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Ports:
    """Where hub and proxy speak to each other, on the loopback device alone."""

    hub: int
    proxy: int


@dataclass(frozen=True)
class Settings:
    """All of ``classroom.yml``."""

    file: Path
    state: Path
    exchange: Path
    students_environment: Path
    address: str
    courses: tuple[Course, ...]
    limits: Limits
    cull: Cull
    sign_in: str
    tls: Tls | None
    ports: Ports

    @property
    def people(self) -> tuple[str, ...]:
        """Return everyone in a course, once."""
        return tuple(
            dict.fromkeys(name for each in self.courses for name in (*each.staff, *each.students))
        )

    def course(self, name: str) -> Course:
        """Return the course of that name. Raises LookupError, with a sentence, when there is none."""
        for each in self.courses:
            if each.name == name:
                return each
        known = ", ".join(each.name for each in self.courses)
        raise LookupError(f"There is no course {name} in this classroom. It has: {known}.")


def load(path: Path | None = None) -> Settings:
    """Return the settings in ``path``, or in the file that CLASSROOM names.

    Raises SettingsError.
    """
    path = Path(path or os.environ.get("CLASSROOM") or DEFAULT)
    try:
        data = strict_yaml.read(path)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}. Copy autograder/classroom/"
            "classroom.example.yml there, or name another file in CLASSROOM."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not YAML: {error}") from None
    mistakes: list[str] = []
    settings = _settings(path, Names(data, "", mistakes))
    if not mistakes:
        mistakes += _contradictions(settings)
    if mistakes:
        raise SettingsError("\n".join(f"{path}: {each}" for each in mistakes))
    return settings


def _settings(path: Path, names: Names) -> Settings:
    courses = names.below("courses")
    limits = names.below("limits")
    cull = names.below("cull")
    ports = names.below("ports", {})
    tls = names.below("tls", {})
    settings = Settings(
        file=path.absolute(),
        state=names.path("state"),
        exchange=names.path("exchange"),
        students_environment=names.path("students_environment"),
        address=str(names.take("address")),
        courses=tuple(_course(each, courses.below(each)) for each in courses.names()),
        limits=Limits(
            memory=limits.memory("memory"),
            cpu=float(limits.number("cpu", "processors", 0.05)),
            processes=int(limits.number("processes", "processes", 20)),
        ),
        cull=Cull(idle=int(cull.number("idle", "seconds", 1))),
        sign_in=str(names.take("sign_in")),
        tls=Tls(tls.path("certificate"), tls.path("key")) if tls.names() else None,
        ports=Ports(
            hub=int(ports.number("hub", "a port", 1, 8081)),
            proxy=int(ports.number("proxy", "a port", 1, 8001)),
        ),
    )
    for each in (names, courses, limits, cull, ports, tls):
        each.done()
    return settings


def _course(name: str, names: Names) -> Course:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", name):
        names.wrong("", "is no name of a course: it has small letters, digits, - and _")
    instructors, graders, students = (names.people(each) for each in ROLES)
    students = tuple(dict.fromkeys((*students, *names.listed("roster"))))
    course = Course(name, names.path("folder"), instructors, graders, students)
    for each in set(course.students).intersection(course.staff):
        names.wrong("students", f"has {each!r}, who would grade their own work as one of the staff")
    names.done()
    return course


def _contradictions(settings: Settings) -> list[str]:
    """Return what is wrong though each value is right by itself."""
    found = []
    if not settings.courses:
        found.append("courses has none: name at least one.")
    if settings.sign_in not in SIGN_IN:
        found.append(f"sign_in is {settings.sign_in!r}, and has to be one of {', '.join(SIGN_IN)}.")
    parts = urlsplit(settings.address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        found.append(
            f"address is {settings.address!r}, and has to be like https://hub.uni.example."
        )
    elif settings.tls and parts.scheme != "https":
        found.append("tls is there, so address has to begin with https://.")
    places = {"state": settings.state, "exchange": settings.exchange}
    places |= {f"courses.{each.name}.folder": each.folder for each in settings.courses}
    for name, place in places.items():
        for other, outer in places.items():
            if name != other and place.is_relative_to(outer):
                found.append(f"{name} lies in {other} ({outer}): each needs a folder of its own.")
    return found
