"""``nbgrader release_feedback``, made to go on: a page that cannot be released stops no other.

The exchange knows a page by a secret that came with the submission. nbgrader ends at the first
student who has none, and nobody's feedback is released.
"""

import glob
import re
import shutil
from datetime import datetime
from pathlib import Path

from nbgrader import utils
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.course import handed_in, released
from autograder.submission.files import SECRET, TIMESTAMP, read_regular


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases the feedback of one student after the other, and names whose cannot be."""

    def copy_files(self) -> None:
        """Copy every page into the exchange."""
        pattern = self.coursedir.format_path(
            self.coursedir.feedback_directory,
            "(?P<student>.*)",
            self.coursedir.assignment_id,
            escape=True,
        )
        folders = sorted(glob.glob(self.src_path))
        withheld = 0
        for folder in folders:
            student = re.fullmatch(pattern, folder)["student"]
            self.src_path = glob.escape(folder)
            try:
                self._complete(Path(folder), student)
                super().copy_files()
                self._copy_for_renamed(Path(folder), student)
            except Exception as error:  # noqa: BLE001 (whatever is wrong with one student's)
                withheld += 1
                self.log.error("The feedback of %s is not released: %s", student, error)
        if withheld:
            done = len(folders) - withheld
            self.log.error("Feedback was released for %d of %d students", done, len(folders))

    def _copy_for_renamed(self, folder: Path, student: str) -> None:
        """Release a page also for a notebook that the student named otherwise.

        Students' nbgrader asks the exchange by the names of the notebooks that they handed in.
        """
        course, assignment = self.coursedir, self.coursedir.assignment_id
        releases = [path.stem for path in released(course, assignment)]
        names = {path.stem for path in handed_in(course, assignment, student).glob("[!.]*.ipynb")}
        if len(releases) == 1 and releases[0] not in names:
            secret = (folder / SECRET).read_text()
            for name in names:
                place = utils.notebook_hash(secret=secret, notebook_id=name)
                shutil.copy(folder / f"{releases[0]}.html", Path(self.dest_path, f"{place}.html"))

    def _complete(self, folder: Path, student: str) -> None:
        """Put back what came with the submission and was lost on the way to its feedback.

        Raises ExchangeError when that is not there, or belongs to another submission.
        """
        missing = [name for name in (TIMESTAMP, SECRET) if not (folder / name).exists()]
        if not missing:
            return
        source = handed_in(self.coursedir, self.coursedir.assignment_id, student)
        try:
            handed_in_at = _time(source)
            for name in missing:
                read_regular(source / name, 1_000)
        except (OSError, ValueError, OverflowError):
            raise ExchangeError(
                f"{' and '.join(missing)}, by which the exchange knows it, did not come with the "
                "submission. Give out the page in feedback/ by hand."
            ) from None
        if TIMESTAMP not in missing and _time(folder) != handed_in_at:
            raise ExchangeError(
                "it was handed in again since. Run nbgrader autograde and generate_feedback first."
            )
        for name in missing:
            shutil.copyfile(source / name, folder / name)


def _time(folder: Path) -> datetime:
    """Return when a submission was handed in."""
    return utils.parse_utc(read_regular(folder / TIMESTAMP, 1_000).decode().strip())
