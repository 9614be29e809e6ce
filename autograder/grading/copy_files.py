"""The step of nbgrader's ``Autograde`` that copies a student's files, without following links."""

from datetime import datetime
from pathlib import Path

from nbgrader import utils
from nbgrader.converters.base import BaseConverter

from autograder.course import handed_in, released
from autograder.submission.files import TIMESTAMP, read_regular, student_files


class CopyFiles(BaseConverter):
    """What ``Autograde`` inherits beside nbgrader's own steps."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy every regular file beside the notebook, and the timestamp if it is one."""
        source = handed_in(self.coursedir, assignment_id, student_id)
        names = [path.stem for path in released(self.coursedir, assignment_id)]
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True)
        for name, content in student_files(source, names):
            path = destination / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if time := self._timestamp(source):
            (destination / TIMESTAMP).write_text(f"{time:%Y-%m-%d %H:%M:%S.%f} UTC\n")

    def _timestamp(self, folder: str | Path) -> datetime | None:
        """Return when a submission was handed in; None when its timestamp cannot be read."""
        try:
            text = read_regular(Path(folder) / TIMESTAMP, 1_000).decode()
            return utils.parse_utc(text.strip())
        except (OSError, ValueError, OverflowError):
            return None
