"""What ``Autograde`` inherits to deal with the gradebook, and to see that it and the release agree."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import OperationalError

from autograder.course import items, released


class WithGradebook(BaseConverter):
    """A converter that ends with a sentence where the gradebook or the release is not usable."""

    def ensure_released(self, assignment: str) -> None:
        """Release an assignment that the gradebook does not know, as in a fresh clone.

        Raises NbGraderException when there is no release, or the gradebook has other questions.
        """
        with self._gradebook() as gradebook:
            try:
                gradebook.find_assignment(assignment)
            except MissingEntry:
                self.log.info("%s is not in the gradebook yet: it is released first", assignment)
                command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
                subprocess.run(command, cwd=self.coursedir.root, check=True)
        self.check_release(assignment)
        now = items(self.coursedir, assignment)
        with self._gradebook() as gradebook:
            known = {
                f"{notebook.name}/{cell.name}": cell.max_score
                for notebook in gradebook.find_assignment(assignment).notebooks
                for cell in (*notebook.grade_cells, *notebook.task_cells)
            }
        if now != known:
            names = sorted({name for name, _ in now.items() ^ known.items()})
            self._refuse(
                f"The release of {assignment} and the gradebook differ in {', '.join(names)}: run "
                f"nbgrader generate_assignment {assignment} --force, then grade."
            )

    def check_release(self, assignment: str) -> None:
        """Raise NbGraderException when nothing is there that students were given."""
        if not released(self.coursedir, assignment):
            step = self.coursedir.release_directory
            folder = Path(self.coursedir.format_path(step, ".", assignment))
            self._refuse(
                f"There is no notebook in {folder}: run nbgrader generate_assignment {assignment}, "
                "then grade."
            )

    def enrolled(self) -> set[str]:
        """Return the ids of everyone whom the gradebook knows."""
        with self._gradebook() as gradebook:
            return {student.id for student in gradebook.students}

    def unknown(self, students: list[str]) -> list[str]:
        """Return those of whom the gradebook knows no more than an id, where it knows others."""
        with self._gradebook() as gradebook:
            known = {
                each.id
                for each in gradebook.students
                if each.first_name or each.last_name or each.email or each.lms_user_id
            }
        return [each for each in students if each not in known] if known else []

    def _refuse(self, reason: str) -> None:
        self.log.error(reason)
        raise NbGraderException(reason)

    @contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        place = (self.coursedir.db_url, self.coursedir.course_id)
        with self._needing_gradebook(), Gradebook(*place) as gradebook:
            yield gradebook

    @contextmanager
    def _needing_gradebook(self) -> Iterator[None]:
        """Raise NbGraderException, in words, when the gradebook is locked or its disk is full."""
        try:
            yield
        except (OperationalError, InvalidEntry) as error:  # nbgrader makes one of the other
            self._refuse(
                f"The gradebook cannot be used now: {error.args[0]}. Run the command again."
            )
