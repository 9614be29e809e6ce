"""Says whose a file is that was downloaded from Canvas or Moodle, for ``nbgrader zip_collect``.

Both put all that was handed in into one archive, and into each file's name whose it is, in their own
words: Canvas its number of the user, Moodle the full name. The gradebook knows both, from the class
list (``autograder.roster``): Canvas's number as ``lms_user_id``.

    Canvas  doejane_LATE_1234_56789_lr01_first_step-1.ipynb
    Moodle  Jane Doe_56789_assignsubmission_file_/lr01_first_step.ipynb   (or all in one name)
"""

import re
import unicodedata
from functools import cached_property
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks

from autograder.identity import without_marks

MOODLE = re.compile(r"(?P<name>.+?)_\d+_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]*)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)")
AGAIN = re.compile(r"-\d+$")  # what Canvas adds to a file's name when it is handed in again
LEFT_BY_TOOLS = re.compile(r"__MACOSX|\._.*|\.DS_Store")


class DownloadCollector(FileNameCollectorPlugin):
    """Finds the student of a file by its name; a file that is nobody's is named in the log."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return the student's id and the file's path in the submission; None for nobody's.

        submitted_file: an absolute path; an archive in the archive is a folder by then.
        """
        app = self.parent
        path = Path(submitted_file).relative_to(app._format_collect_path(app.extracted_directory))
        if any(map(LEFT_BY_TOOLS.fullmatch, path.parts)):
            return None
        for place, part in enumerate(path.parts):
            # Moodle's first: what is Moodle's may end in a name that looks like Canvas's.
            if found := MOODLE.fullmatch(part):
                student = self._named(found["name"])
            elif found := CANVAS.fullmatch(part):
                student = self._numbered(found["number"], found["name"])
            else:
                continue
            below = path.parts[place + 1 :]
            inside = Path(*below) if below else Path(self._as_released(found["file"]))
            return {"student_id": student, "file_id": str(inside)} if student else None
        self.log.warning("%s: neither Canvas nor Moodle names a file so.", path.name)
        return None

    def _as_released(self, name: str) -> str:
        """Return a file's name without what Canvas added to it."""
        stem, suffix = Path(name).stem, Path(name).suffix
        first = AGAIN.sub("", stem) + suffix
        return first if first in self._released else name

    @cached_property
    def _released(self) -> list[str]:
        course = self.parent.coursedir
        folder = course.format_path(course.release_directory, ".", course.assignment_id)
        return find_all_notebooks(folder)

    @cached_property
    def _students(self) -> list:
        course = self.parent.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return [
                (each.id, each.lms_user_id, _folded(f"{each.first_name} {each.last_name}"))
                for each in gradebook.students
            ]

    def _numbered(self, number: str, name: str) -> str | None:
        found = [student for student, lms_user_id, _ in self._students if lms_user_id == number]
        return self._only(found, f"Canvas's user {number} ({name})", "this lms_user_id")

    def _named(self, name: str) -> str | None:
        found = [student for student, _, full_name in self._students if full_name == _folded(name)]
        return self._only(found, name, "this name")

    def _only(self, found: list[str], who: str, known_by: str) -> str | None:
        if len(found) == 1:
            return found[0]
        how_many = f"{len(found)} students have" if found else "no student in the gradebook has"
        self.log.warning(
            "%s: %s %s. Put it into the class list, and read that with `python -m autograder "
            "roster`; or copy the file to submitted/ yourself.",
            who,
            how_many,
            known_by,
        )
        return None


def _folded(name: str) -> str:
    """Return a name without what differs between two spellings of it."""
    return unicodedata.normalize("NFKC", without_marks(name)).casefold()
