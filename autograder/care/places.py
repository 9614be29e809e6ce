"""Where a course keeps what its students and graders have made, and what of it is one student's."""

import glob
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import Exchange
from traitlets.utils.importstring import import_item

from autograder import outcomes
from autograder.care import CareError
from autograder.course import course_directory

# After the student's name, in nbgrader's exchange: assignment, time, and what nobody guesses.
SUBMISSION = r"\+[^+]+\+\d{4}-[^+]+(?:\+[^+]+)?"
ASIDE = ".before-"  # between the name of what was put aside and the time
STAGE = ".grading"  # what nbgrader's step of ours keeps about each result (grading.converter)
EXCHANGE = ("inbound", "outbound")  # its feedback is released again: rights on it are by account
STAGED = ("", ".before", ".begun", ".graded", ".replaced")


@dataclass(frozen=True)
class Places:
    """The folders of a course, and of its exchange, where there is one on this machine."""

    course: CourseDirectory

    @classmethod
    def of(cls, folder: Path) -> "Places":
        """Return the places of the course in ``folder``.

        Raises CareError when its folders have names that cannot be told apart.
        """
        places = cls(course_directory(folder))
        if not places._of_student:
            raise CareError(
                "c.CourseDirectory.directory_structure needs a folder for {student_id} and another for "
                "{assignment_id}: what is whose cannot be told otherwise."
            )
        return places

    @property
    def root(self) -> Path:
        return Path(self.course.root)

    @property
    def name(self) -> str:
        """What the course is called in names of files."""
        return (self.course.course_id or self.root.name).replace("/", "-")

    @property
    def exchange(self) -> Path | None:
        """The course's folder in nbgrader's exchange, there or not; None for a course with no id."""
        if not self.course.course_id:
            return None
        root = Path(Exchange(coursedir=self.course, parent=self.course).root)
        return (root / self.course.course_id).resolve()

    @cached_property
    def steps(self) -> dict[str, str]:
        """The steps of nbgrader in which a student has a folder, by their names here."""
        course = self.course
        return {
            "submitted": course.submitted_directory,
            "autograded": course.autograded_directory,
            "feedback": course.feedback_directory,
            "grading": STAGE,
        }

    @property
    def work(self) -> dict[str, Path]:
        """The folders that hold what students and graders have made, whether they are there or not."""
        found = {name: self._step(step) for name, step in self.steps.items()}
        found["outcomes"] = (self.root / outcomes.FOLDER).resolve()
        if self.exchange and self.exchange.is_dir():
            found |= {name: self.exchange / name for name in EXCHANGE}
        return found

    @cached_property
    def masters(self) -> dict[str, Path]:
        """The folders that assignments are made from, and what students were given."""
        course = self.course
        return {
            "source": self._step(course.source_directory),
            "release": self._step(course.release_directory),
        }

    def uid(self, student: str) -> int | None:
        """Return the number of a student's account, where the exchange knows people by accounts."""
        # The setting of autograder.exchange.
        person = self.course.config["ByAccount"].get("person", "pwd.getpwnam")
        try:
            return import_item(person)(student).pw_uid
        except (LookupError, ValueError):
            return None

    def handed_in(self, student: str) -> list[Path]:
        """Return what a student has put into the exchange.

        Whose it is, the account says that wrote it; where a student has none, the name does.
        """
        uid, mine = self.uid(student), re.compile(r"\.?" + re.escape(student) + SUBMISSION)
        return [
            Path(each.path)
            for each in self._inbound("inbound")
            if (mine.fullmatch(each.name) if uid is None else _owner(each) == uid)
        ]

    def handed_in_aside(self, student: str) -> list[Path]:
        """Return what of it was put aside, also from another account of the same student."""
        uid = self.uid(student)
        return [
            Path(each.path)
            for each in self._inbound(f"inbound{ASIDE}*")
            if each.name.startswith(f"{student}+") or _owner(each) == uid
        ]

    def _inbound(self, pattern: str) -> list[os.DirEntry]:
        folders = sorted(self.exchange.glob(pattern)) if self.exchange else []
        found = [each for folder in folders if folder.is_dir() for each in os.scandir(folder)]
        return sorted(found, key=lambda each: each.path)

    def of_student(self, step: str, student: str) -> list[Path]:
        """Return what stands in a step's folder under a student's name.

        A course may have its folders in another order; then this is one folder an assignment.
        """
        names = (student,) if step != STAGE else [f"{student}{end}" for end in STAGED]
        return sorted(
            Path(path)
            for name in names
            for path in glob.glob(self._pattern(step, name, to="{student_id}"))
        )

    def assignments(self, step: str, student: str) -> dict[str, Path]:
        """Return a student's folders in a step, by assignment."""
        course = self.course
        shape = course.format_path(step, re.escape(student), "(?P<name>[^/]+)", escape=True)
        found = glob.glob(self._pattern(step, student))
        return {re.fullmatch(shape, path)["name"]: Path(path) for path in sorted(found)}

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return where a step keeps one student's work on one assignment."""
        return Path(self.course.format_path(step, student, assignment))

    def aside(self, step: str) -> Iterator[str]:
        """Yield the names of a step whose folders were put aside."""
        pattern = f"{glob.escape(step)}{ASIDE}*"
        yield from sorted(glob.glob(pattern, root_dir=self.root))

    def renamed(self, path: Path, old: str, new: str) -> Path:
        """Return where what ``of_student`` has found lies under another id."""
        (shape,) = self._of_student
        end = path.name.removeprefix(shape.format(student_id=old))
        return path.with_name(shape.format(student_id=new) + end)

    def outcomes(self, student: str, folder: str = outcomes.FOLDER) -> list[Path]:
        """Return the outcomes of a student's notebooks, of all assignments."""
        name = glob.escape(str(self.root))
        return sorted(map(Path, glob.glob(f"{name}/{folder}/*/*/{glob.escape(student)}.json")))

    @property
    def _of_student(self) -> list[str]:
        """The part of a path that is a student's name alone."""
        parts = Path(self.course.directory_structure).parts
        return [part for part in parts if "{student_id}" in part and "{assignment_id}" not in part]

    def _step(self, step: str) -> Path:
        """Return the folder of a step, as it is when it is no link of the operator's."""
        structure = Path(self.course.directory_structure).parts
        parts = takewhile(lambda part: not re.search("{(student|assignment)_id}", part), structure)
        return Path(self.root, *(part.format(nbgrader_step=step) for part in parts)).resolve()

    def _pattern(self, step: str, student: str, to: str = "{assignment_id}") -> str:
        """Return what ``glob`` finds a student's places by, up to the part that holds ``to``."""
        parts = Path(self.course.directory_structure).parts
        end = next(number for number, part in enumerate(parts) if to in part)
        if to == "{assignment_id}":
            end = len(parts) - 1
        names = {"nbgrader_step": step, "student_id": student}
        escaped = {name: glob.escape(text) for name, text in names.items()}
        shape = "/".join(parts[: end + 1]).format(**escaped, assignment_id="*")
        return os.path.join(glob.escape(str(self.root)), shape)


def _owner(found: os.DirEntry) -> int | None:
    try:
        return found.stat(follow_symlinks=False).st_uid
    except FileNotFoundError:
        return None


def now() -> str:
    """Return the time for a name of a file, in UTC, to a thousandth of a second."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}"[:-3] + "Z"


def put_aside(path: Path, time: str) -> Path:
    """Return where something goes that makes room for something else."""
    return path.with_name(f"{path.name}{ASIDE}{time}")
