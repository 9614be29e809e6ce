"""``nbgrader collect``, by what the system says: whose a submission is, and when it came.

nbgrader believes the name and the time that a student wrote. It stops at a submission that it cannot
copy, and has removed the older one before.
"""

import fcntl
import filecmp
import os
import shutil
import stat
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import check_mode, find_all_files, parse_utc

from autograder.course import handed_in
from autograder.exchange.arrived import Arrival, UnusableError, look, take
from autograder.exchange.by_account import ByAccount, account_name
from autograder.grading.staged_result import StagedResult
from autograder.submission.files import TIMESTAMP, listed, read_regular, shown

LEFT = 86_400  # seconds after which what has not arrived as a whole never will


class Collect(ByAccount, ExchangeCollect):
    """Collects what came last of each student, and names whose cannot be collected."""

    def init_src(self) -> None:
        """Find the folders of each student; nothing in them has been looked at."""
        course = self.coursedir
        if not course.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        self.inbound_path = os.path.join(self.root, course.course_id, "inbound")
        if not os.path.isdir(self.inbound_path):
            self.fail(f"Course not found: {self.inbound_path}")
        if not check_mode(self.inbound_path, read=True, execute=True):
            self.fail(f"You don't have read permissions for the directory: {self.inbound_path}")
        with Gradebook(course.db_url, course.course_id) as gradebook:
            students = self.by_uid(each.id for each in gradebook.students)
            try:
                self.duedate = gradebook.find_assignment(course.assignment_id).duedate
            except MissingEntry:
                self.duedate = None
        self.src_records = defaultdict(list)
        for entry in list(os.scandir(self.inbound_path)):
            with suppress(FileNotFoundError):  # taken back by its student just now
                if student := self._student(entry, students):
                    self.src_records[student].append(entry.name)

    def copy_files(self) -> None:
        """Collect of one student after the other."""
        course, chosen = self.coursedir, self.coursedir.student_id or "*"
        students = sorted(each for each in self.src_records if fnmatch(each, chosen))
        which = f"of '{course.assignment_id}' for course '{course.course_id}'"
        if not students:
            self.log.warning("No submissions %s to collect", which)
            return
        self.log.info("Processing %d submissions %s", len(students), which)
        failed = 0
        with self._alone() as inbound:
            for student in students:
                try:
                    failed += not self._collect(inbound, student)
                except Exception as error:  # noqa: BLE001 (whatever is wrong with one student's)
                    failed += 1
                    self.log.error("Nothing new of %s is collected: %s", student, error)
        if failed:
            self.log.error(
                "Of %d students, %d handed in what cannot be collected", len(students), failed
            )

    def _student(self, entry: os.DirEntry, students: dict[int, str]) -> str | None:
        """Return whose this is, if it is a submission of the assignment."""
        status = entry.stat(follow_symlinks=False)
        if entry.name.startswith("."):  # begun, and not handed in
            if time.time() - status.st_ctime > LEFT:
                with suppress(RecursionError):  # somebody made it that deep
                    shutil.rmtree(entry.path, ignore_errors=True)
            return None
        claimed, is_ours, _ = entry.name.partition(f"+{self.coursedir.assignment_id}+")
        if not is_ours:
            return None
        if not stat.S_ISDIR(status.st_mode):
            self.log.error("%s is not collected: it is no folder", shown(entry.name))
            return None
        if not self.check_owner:
            return claimed or None
        account = account_name(status.st_uid)
        student = students.get(status.st_uid) or (None if self.is_class else account)
        if student is None:
            self.log.error(
                "%s is not collected: the account %s is of no student in the gradebook, or of two. "
                "Put its student there, and collect again.",
                shown(entry.name),
                account,
            )
        elif claimed not in (student, account):
            self.log.warning(
                "%s says that it is of %s, but %s made it: taken as of %s.",
                shown(entry.name),
                shown(claimed),
                account,
                shown(student),
            )
        return student

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Open the folder of submissions; who else collects waits meanwhile."""
        inbound = os.open(self.inbound_path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):  # a disk of another machine that has no locks
                fcntl.flock(inbound, fcntl.LOCK_EX)
            yield inbound
        finally:
            os.close(inbound)

    def _collect(self, inbound: int, student: str) -> bool:
        """Collect the newest submission that can be; return whether that is the newest of all."""
        found, is_newest = [], True
        for name in self.src_records[student]:
            try:
                found.append(look(inbound, name))
            except (UnusableError, OSError) as error:
                is_newest = self._cannot(student, name, error)
        found.sort(key=lambda each: each.time, reverse=True)
        if self.before_duedate and self.duedate:
            found = [each for each in found if each.time <= self.duedate] or found
        place = handed_in(self.coursedir, self.coursedir.assignment_id, student)
        staged = StagedResult(place, place.with_name(f".{place.name}"))
        staged.recover()
        for arrival in found:
            if not self._is_asked_for(arrival, place, student):
                break
            staged.begin()
            try:
                self._take(inbound, arrival, staged, student)
                break
            except (UnusableError, OSError) as error:
                is_newest = self._cannot(student, arrival.name, error)
            finally:
                if not staged.is_complete:
                    staged.recover()
                    staged.abandon()
        with suppress(OSError):  # nothing was collected, of this student or of all
            place.parent.rmdir()
            place.parent.parent.rmdir()
        return is_newest

    def _cannot(self, student: str, name: str, error: Exception) -> bool:
        self.log.error("%s of %s is not collected: %s", shown(name), student, error)
        return False

    def _is_asked_for(self, arrival: Arrival, place: Path, student: str) -> bool:
        """Return whether a submission should take the place of what is there, as nbgrader decides."""
        what = f"{student} {self.coursedir.assignment_id}"
        if not place.exists():
            self.log.info("Collecting submission: %s", what)
            return True
        there = noted_time(place)
        newer = self.update and (there is None or arrival.time > there)
        if newer or (self.before_duedate and arrival.time != there):
            self.log.info("Updating submission: %s", what)
            return True
        self.log.info(
            "No newer submission to collect: %s"
            if self.update
            else "Submission already exists, use --update to update: %s",
            what,
        )
        return False

    def _take(self, inbound: int, arrival: Arrival, staged: StagedResult, student: str) -> None:
        """Copy a submission aside, and put it in the place of an older one when it is whole."""
        if left := take(inbound, arrival, staged.stage, self.coursedir):
            self.log.warning("Of %s, %s is left out: no file, or too large", student, listed(left))
        there = noted_time(staged.place)
        if there and there <= arrival.time and _same(staged.stage, staged.place):
            self.log.info("It is what was collected before: %s", student)
            return
        (staged.stage / TIMESTAMP).write_text(f"{arrival.time:%Y-%m-%d %H:%M:%S.%f} UTC\n")
        if self.coursedir.groupshared:
            self.set_perms(staged.stage, fileperms=0o664, dirperms=0o2775)
        staged.finish()


def noted_time(folder: Path) -> datetime | None:
    """Return when a submission in the course was handed in (UTC); None when no time is noted."""
    try:
        return parse_utc(read_regular(folder / TIMESTAMP, 1_000).decode().strip())
    except (OSError, ValueError, OverflowError):
        return None


def _same(one: Path, other: Path) -> bool:
    """Return whether two folders hold the same, but for the time."""
    names = [
        {os.path.relpath(path, each) for path in find_all_files(str(each))} - {TIMESTAMP}
        for each in (one, other)
    ]
    return names[0] == names[1] and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names[0]
    )
