"""The step of nbgrader's ``Autograde`` that copies a student's files, without following links."""

import contextlib
from datetime import datetime
from pathlib import Path

from nbgrader import utils
from nbgrader.converters.base import BaseConverter

from autograder.course import handed_in, released
from autograder.submission.files import SECRET, TIMESTAMP, read_regular, student_files
from autograder.submission.notebook import MARK, submitted_notebook

MAX_SECRET = 1_000  # bytes; nbgrader writes 128


class CopyFiles(BaseConverter):
    """What ``Autograde`` inherits beside nbgrader's own steps."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy what is the student's beside the notebook, and what nbgrader noted for itself.

        Notebooks beside it are in the sandbox, and not here: nbgrader would make feedback of them.
        """
        source = handed_in(self.coursedir, assignment_id, student_id)
        releases = released(self.coursedir, assignment_id)
        written = {f"{path.stem}{suffix}" for path in releases for suffix in (".ipynb", ".html")}
        notebook = submitted_notebook(source, releases[0]).metadata[MARK].get("notebook", "")
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True)
        for name, content in student_files(source, notebook).taken.items():
            path = destination / name
            top = path.relative_to(destination).parts[0]
            if top in written or (top == name and path.suffix.lower() == ".ipynb"):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if time := self._timestamp(source):
            (destination / TIMESTAMP).write_text(f"{time:%Y-%m-%d %H:%M:%S.%f} UTC\n")
        with contextlib.suppress(OSError):
            (destination / SECRET).write_bytes(read_regular(source / SECRET, MAX_SECRET))

    def _timestamp(self, folder: str | Path) -> datetime | None:
        """Return when a submission was handed in; None when its timestamp cannot be read."""
        try:
            text = read_regular(Path(folder) / TIMESTAMP, 1_000).decode()
            return utils.parse_utc(text.strip())
        except (OSError, ValueError, OverflowError):
            return None
