"""``nbgrader release_feedback``: each page for its student, and one that cannot be stops no other.

The exchange knows a page by a secret that came with the submission: the folder is not listed, and its
name is not guessed. But it is in the student's hands, and nbgrader lets everyone read who learns it;
and it ends at the first student who has none, and nobody's feedback is released.
"""

import errno
import glob
import os
import re
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from nbgrader import utils
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.course import handed_in, released
from autograder.exchange.by_account import ByAccount
from autograder.exchange.collect import noted_time
from autograder.submission.files import SECRET, TIMESTAMP, read_regular

# An access list as the system stores it (acl(5), linux/posix_acl_xattr.h): its version, then for each
# entry the tag, the rights, and whose they are.
ACCESS = "system.posix_acl_access"
OWNER, USER, GROUP, MASK, OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
READ, WRITE, NOBODY = 4, 2, 0xFFFFFFFF


class ReleaseFeedback(ByAccount, ExchangeReleaseFeedback):
    """Releases the feedback of one student after the other, and names whose cannot be."""

    def copy_files(self) -> None:
        """Copy every page into the exchange."""
        pattern = self.coursedir.format_path(
            self.coursedir.feedback_directory,
            "(?P<student>.*)",
            self.coursedir.assignment_id,
            escape=True,
        )
        found = {re.fullmatch(pattern, each)["student"]: each for each in glob.glob(self.src_path)}
        excluded = set(self.coursedir.student_id_exclude.split(","))
        students = sorted(found.keys() - excluded)
        withheld = 0
        for student in students:
            try:
                self._release(Path(found[student]), student)
            except Exception as error:  # noqa: BLE001 (whatever is wrong with one student's)
                withheld += 1
                self.log.error("The feedback of %s is not released: %s", student, error)
        if withheld:
            done = len(students) - withheld
            self.log.error("Feedback was released for %d of %d students", done, len(students))

    def _release(self, folder: Path, student: str) -> None:
        """Release a student's pages, each in place of an older one when it is whole."""
        self._complete(folder, student)
        secret = read_regular(folder / SECRET, 1_000).decode()
        if not secret:
            raise ExchangeError(f"{SECRET} is empty. Give out the page in feedback/ by hand.")
        for name, page in self._pages(folder, student):
            place = Path(
                self.dest_path, f"{utils.notebook_hash(secret=secret, notebook_id=name)}.html"
            )
            new = place.with_suffix(".new")
            try:
                shutil.copyfile(page, new)
                self._give(new, student)
                new.rename(place)
            finally:
                new.unlink(missing_ok=True)
        self.log.info("The feedback of %s is released", student)

    def _pages(self, folder: Path, student: str) -> Iterator[tuple[str, Path]]:
        """Yield each page, with the name of the notebook by which it is asked for.

        Students' nbgrader asks the exchange by the names of the notebooks that they handed in: for
        one that was named otherwise, the page is there by both names.
        """
        for page in folder.glob("*.html"):
            yield page.stem, page
        course, assignment = self.coursedir, self.coursedir.assignment_id
        releases = [path.stem for path in released(course, assignment)]
        names = {path.stem for path in handed_in(course, assignment, student).glob("[!.]*.ipynb")}
        if len(releases) == 1 and releases[0] not in names:
            for name in names:
                yield name, folder / f"{releases[0]}.html"

    def _give(self, page: Path, student: str) -> None:
        """Let a page be read by its student and the course alone, where the system can say so."""
        page.chmod(0o600)
        uid = self.uid(student)
        if uid is not None:
            rights = (
                (OWNER, READ | WRITE, NOBODY),
                (USER, READ, uid),
                (GROUP, READ if self.coursedir.groupshared else 0, NOBODY),
                (MASK, READ, NOBODY),
                (OTHERS, 0, NOBODY),
            )
            entries = b"".join(struct.pack("<HHI", *each) for each in rights)
            try:
                return os.setxattr(page, ACCESS, struct.pack("<I", 2) + entries)
            except OSError as error:
                if error.errno != errno.ENOTSUP:
                    raise
            self.log.warning("%s keeps no access lists: who knows a name reads it.", page.parent)
        page.chmod(0o644)  # as nbgrader has it: for whoever knows its name

    def _complete(self, folder: Path, student: str) -> None:
        """Put back what came with the submission and was lost on the way to its feedback.

        Raises ExchangeError when that is not there, or belongs to another submission.
        """
        missing = [name for name in (TIMESTAMP, SECRET) if not (folder / name).exists()]
        if not missing:
            return
        source = handed_in(self.coursedir, self.coursedir.assignment_id, student)
        handed_in_at = noted_time(source)
        if not handed_in_at or not all((source / name).is_file() for name in missing):
            raise ExchangeError(
                f"{' and '.join(missing)}, by which the exchange knows it, did not come with the "
                "submission. Give out the page in feedback/ by hand."
            )
        if TIMESTAMP not in missing and noted_time(folder) != handed_in_at:
            raise ExchangeError(
                "it was handed in again since. Run nbgrader autograde and generate_feedback first."
            )
        for name in missing:
            (folder / name).write_bytes(read_regular(source / name, 1_000))
