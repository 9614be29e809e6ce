"""``nbgrader release_assignment``, in folders where students can do no more than they should.

nbgrader opens the exchange's root to everyone, so that anyone can move a course away and put another
in its place; and it removes a release before it copies the new one.
"""

import os
import stat
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseAssignment

from autograder.grading.staged_result import StagedResult

# Everyone may make a folder, and only who made it may rename or remove it.
ROOT = 0o1777
# A student may make a folder and not list those of others; it gets the course's group, and nobody
# but its owner and the course may rename or remove it.
INBOUND = 0o3733


class ReleaseAssignment(ExchangeReleaseAssignment):
    """Releases an assignment, and sees to the rights of the exchange's folders."""

    def ensure_root(self) -> None:
        """Make the root where there is none; take from others' hands what lies in it."""
        root = Path(self.root)
        if not root.exists():
            self.log.warning("Creating exchange directory: %s", root)
            try:
                root.mkdir(parents=True)
                root.chmod(ROOT)
            except OSError as error:
                self.fail(f"{root} cannot be made: {error.strerror}. Have root make it.")
        mode = root.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            try:
                root.chmod(stat.S_IMODE(mode) | stat.S_ISVTX)
            except PermissionError:
                self.log.warning(
                    "Anyone on this machine can put a folder in the place of your course. "
                    "Have its owner run: chmod +t %s",
                    root,
                )

    def init_dest(self) -> None:
        """Make the course's folders in the exchange, with rights that suit them."""
        try:
            super().init_dest()
        except PermissionError as error:
            self.fail(
                f"{error.filename} cannot be made, as {self.root} is not yours to write in. Have "
                "root make it for you."
            )
        inbound = Path(self.inbound_path).stat()
        rights = INBOUND | (stat.S_IRGRP if self.coursedir.groupshared else 0)
        if inbound.st_uid == os.geteuid() and stat.S_IMODE(inbound.st_mode) != rights:
            os.chmod(self.inbound_path, rights)

    def copy_files(self) -> None:
        """Copy a release aside, and put it in the place of an older one when it is whole."""
        place = Path(self.dest_path)
        if place.is_dir() and not self.force:
            super().copy_files()  # says that it is there
        staged = StagedResult(place, place.with_name(f".{place.name}"))
        staged.recover()
        staged.begin()
        try:
            self.dest_path = str(staged.stage)
            super().copy_files()
            staged.finish()
        except BaseException:
            staged.abandon()
            raise
