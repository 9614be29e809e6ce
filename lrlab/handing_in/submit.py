"""How a student hands in: whole or not at all, readable by the course alone, and not too much."""

import os
import secrets
import stat
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.auth.jupyterhub import JupyterhubApiError
from nbgrader.exchange.default import ExchangeSubmit
from nbgrader.utils import ignore_patterns

from lrlab.handing_in.aside import aside_of, removed, write
from lrlab.handing_in.guest import HOME, Guest

MAX_FILES = 10_000
OURS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's, new with each submission
NAMED = 3  # of the largest files, in a sentence
INBOUND = (
    "the disk for submissions",
    "What you handed in before is still there. Tell your instructor, and submit again later.",
)


class Submit(Guest, ExchangeSubmit):
    """Hands in an assignment, or says in a sentence why it was not."""

    def init_dest(self) -> None:
        """Find the course, also while the hub restarts: who takes part, `collect` decides anyway."""
        inbound = Path(self.root, self.coursedir.course_id, "inbound")
        name = os.environ.get("JUPYTERHUB_USER")
        if name and inbound.is_dir() and inbound.stat().st_uid == os.getuid():
            # One account runs the whole hub, so it says nobody's name.
            self.coursedir.student_id = name
        try:
            super().init_dest()
        except (OSError, JupyterhubApiError) as error:
            self.log.warning("The hub does not say who takes part (%s): handing in anyway.", error)
            self.authenticator = Authenticator()
            super().init_dest()
        status = inbound.stat()
        if status.st_uid != os.getuid() and not status.st_mode & stat.S_ISGID:
            self.fail(
                f"{inbound} would not pass its group on to what you hand in, and your "
                "course could not read it. Tell your instructor to release the assignment again."
            )

    def copy_files(self) -> None:
        """Copy what is handed in to the exchange, and to where the student's nbgrader lists it."""
        self.init_release()
        self.check_filename_diff()
        files = self._files()
        self._refuse_too_much({name: path.stat().st_size for name, path in files.items()})
        notes = dict(zip(OURS, (self.timestamp, secrets.token_hex(64)), strict=True))

        name = self.assignment_filename
        place = Path(self.inbound_path, name)
        known = Path(self.cache_path, name.rsplit("+", 1)[0] if self.add_random_string else name)
        arriving, kept = aside_of(place), aside_of(known)
        what = f"{self.coursedir.assignment_id} was not handed in"
        with removed(arriving, kept):
            with self.said(what, *HOME):
                known.parent.mkdir(parents=True, exist_ok=True)
                write(kept, files, notes, folders=0o700)
            with self.said(what, *INBOUND):
                write(arriving, files, notes, folders=0o770)
                arriving.rename(place)
            kept.rename(known)
        self.log.info(
            "Submitted as: %s %s %s",
            self.coursedir.course_id,
            self.coursedir.assignment_id,
            self.timestamp,
        )

    def _files(self) -> dict[str, Path]:
        """Return the files to hand in, by their paths below the assignment's folder."""
        course = self.coursedir
        ignored = ignore_patterns(exclude=course.ignore, include=course.include, log=self.log)
        found, left = {}, []
        for folder, folders, names in os.walk(self.src_path):
            skipped = {*ignored(folder, [*folders, *names])}
            left += [name for name in folders if Path(folder, name).is_symlink()]
            folders[:] = [name for name in folders if name not in skipped]
            for name in names:
                path = Path(folder, name)
                if name in skipped or (folder == self.src_path and name in OURS):
                    continue
                if path.is_file():
                    found[str(path.relative_to(self.src_path))] = path
                else:
                    left.append(name)
        if left:
            self.log.warning("Not handed in, as these are no files: %s", ", ".join(left))
        return found

    def _refuse_too_much(self, sizes: Mapping[str, int]) -> None:
        """Fail when there is more than may be handed in; ``sizes`` in bytes by path."""
        most, longest = 1000 * self.coursedir.max_dir_size, 1000 * self.coursedir.max_file_size
        together = sum(sizes.values())
        largest = sorted(sizes, key=sizes.get, reverse=True)[:NAMED]
        if len(sizes) > MAX_FILES:
            folder, count = Counter(name.split("/")[0] for name in sizes).most_common(1)[0]
            wrong = f"it has {len(sizes):,} files, and {MAX_FILES:,} are allowed"
            which = f"Of these {count:,} lie in {folder}"
        elif together > most or (largest and sizes[largest[0]] > longest):
            allowed = f"{_megabytes(most)} are allowed"
            if longest < most:
                allowed += f", {_megabytes(longest)} in one file"
            wrong = f"its files have {_megabytes(together)}, and {allowed}"
            named = ", ".join(f"{name} ({_megabytes(sizes[name])})" for name in largest)
            which = f"The largest: {named}"
        else:
            return
        self.fail(
            f"{self.coursedir.assignment_id} was not handed in: {wrong}. {which}. Move what the "
            f"notebook does not need out of {self.src_path}, and submit again. A notebook gets "
            "small with Edit, Clear Outputs of All Cells."
        )


def _megabytes(size: int) -> str:
    return f"{size / 10**6:,.1f} MB"
