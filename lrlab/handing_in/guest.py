"""What a student's nbgrader fetches and lists, in an exchange where students change nothing."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.exchange.default import ExchangeFetchAssignment, ExchangeFetchFeedback, ExchangeList

from lrlab.handing_in.aside import aside_of, removed

FULL = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))
HOME = ("the disk of your files", "Delete what you do not need any more, and try again.")


class Guest:
    """Uses an exchange in whose root students cannot write, and leaves nothing half done.

    nbgrader asks that they can, and then anyone can put a folder in the place of a course.
    """

    def ensure_root(self) -> None:
        """See that there is an exchange."""
        if not os.path.isdir(self.root):
            self.fail(f"There is no exchange in {self.root}. Tell your instructor.")

    @contextlib.contextmanager
    def said(self, what: str, disk: str, advice: str) -> Iterator[None]:
        """Make a sentence of what the system says; ``what`` begins it, ``advice`` ends it."""
        try:
            yield
        except OSError as error:
            is_full = any(text in str(error) for text in FULL)  # shutil.Error has no number
            why = f"{disk} is full" if is_full else error
            self.fail(f"{what}: {why}. {advice}")


class FetchAssignment(Guest, ExchangeFetchAssignment):
    """Fetches an assignment."""

    def do_copy(self, src: str, dest: str) -> None:
        """Copy a release aside, and rename it: of half of one nbgrader says that it was fetched."""
        if os.path.isdir(dest):
            return super().do_copy(src, dest)
        aside = aside_of(Path(dest))
        with removed(aside), self.said(f"{dest} was not fetched", *HOME):
            super().do_copy(src, str(aside))
            aside.rename(dest)


class FetchFeedback(Guest, ExchangeFetchFeedback):
    """Fetches the feedback on what was handed in."""


class List(Guest, ExchangeList):
    """Lists what can be fetched, and what was handed in."""
