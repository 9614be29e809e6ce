"""The gradebook as one file: a copy that is consistent while somebody grades, and the way back.

nbgrader keeps it in SQLite or in PostgreSQL. Both kinds here have the same four methods; what is there
before something else takes its place is put aside under another name.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, make_url

from autograder.care import CareError
from autograder.care.moves import Moves
from autograder.care.places import ASIDE, put_aside

PATIENCE = 600  # seconds for which a copy waits while others write
BESIDE = ("", "-journal", "-wal", "-shm")  # what SQLite keeps beside its file
ASIDE_SCHEMA = "before_"


def database(course: CourseDirectory) -> "SQLite | PostgreSQL":
    """Return the course's gradebook. Raises CareError for any other kind."""
    url = make_url(course.db_url)
    kinds = {"sqlite": SQLite, "postgresql": PostgreSQL}
    if url.get_backend_name() not in kinds:
        raise CareError(f"A gradebook in {url.get_backend_name()} is none that can be kept here.")
    return kinds[url.get_backend_name()](url)


class SQLite:
    """A gradebook that is a file."""

    kept_as = "gradebook.db"

    def __init__(self, url: URL) -> None:
        self._path = Path(url.database).absolute()

    def save(self, to: Path) -> bool:
        """Write a copy of the gradebook; return whether there is one.

        Raises CareError when somebody locks it for ten minutes, or when it is damaged.
        """
        if not self._path.is_file():
            return False
        try:
            source = sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
            copy = sqlite3.connect(to)
            try:
                source.execute("begin")
                source.execute(
                    "select count(*) from sqlite_master"
                )  # waits for its turn, and keeps it
                source.backup(copy)
                (state,) = copy.execute("pragma integrity_check(1)").fetchone()
            finally:
                copy.close()
                source.close()
        except sqlite3.DatabaseError as error:
            raise CareError(f"The gradebook {self._path} cannot be copied: {error}.") from None
        if state != "ok":
            raise CareError(f"The gradebook {self._path} is damaged: {state}.")
        shutil.copymode(self._path, to)
        return True

    def load(self, saved: Path | None, mark: str) -> None:
        """Put what there is aside, marked; then, if there is any, ``saved`` in its place."""
        moves = Moves()
        found = [self._path.with_name(self._path.name + end) for end in BESIDE]
        moves.add(*((path, put_aside(path, mark)) for path in found if path.exists()))
        if saved:
            staged = self._path.with_name(f".{self._path.name}.restoring")
            shutil.copy(saved, staged)  # with its rights
            if os.geteuid() == 0:
                folder = self._path.parent.stat()
                os.chown(staged, folder.st_uid, folder.st_gid)
            moves.add((staged, self._path))
        moves.make()

    def there(self) -> list[URL]:
        """Return the gradebook, if there is one."""
        return [make_url(f"sqlite:///{self._path}")] if self._path.is_file() else []

    def aside(self) -> list[URL]:
        """Return the gradebooks that were put aside."""
        found = sorted(self._path.parent.glob(f"{self._path.name}{ASIDE}*"))
        return [make_url(f"sqlite:///{path}") for path in found]


class PostgreSQL:
    """A gradebook in a server: the tables in one schema of its database."""

    kept_as = "gradebook.sql"

    def __init__(self, url: URL) -> None:
        self._url = url

    def save(self, to: Path) -> bool:
        """Write the gradebook as a script that makes it anew; return whether there is one.

        Raises CareError, with what PostgreSQL said.
        """
        self._run("pg_dump", "--schema=public", "--no-owner", "--no-privileges", f"--file={to}")
        return "CREATE TABLE public.student " in to.read_text()

    def load(self, saved: Path | None, mark: str) -> None:
        """Put what there is aside, into a schema so marked; then ``saved``, if any, in its place."""
        aside = ASIDE_SCHEMA + re.sub(r"\W", "_", mark).lower()
        anew = f"--file={saved}" if saved else "--command=create schema public"
        self._run(
            "psql",
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
            f"--command=alter schema public rename to {aside}",
            anew,
        )

    def there(self) -> list[URL]:
        """Return the gradebook, if there is one."""
        return [url for url in [self._url] if self._has_tables(url)]

    def aside(self) -> list[URL]:
        """Return the gradebooks that were put aside."""
        engine = create_engine(self._url)
        with engine.connect() as connection:
            found = connection.execute(text("select nspname from pg_namespace order by nspname"))
            names = [name for (name,) in found if name.startswith(ASIDE_SCHEMA)]
        engine.dispose()
        urls = [self._url.update_query_dict({"options": f"-csearch_path={name}"}) for name in names]
        return [url for url in urls if self._has_tables(url)]

    def _has_tables(self, url: URL) -> bool:
        engine = create_engine(url)
        try:
            return inspect(engine).has_table("student")
        finally:
            engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        where = self._url.set(drivername="postgresql", password=None).render_as_string()
        environment = os.environ | {"PGPASSWORD": self._url.password or "", "LC_ALL": "C.UTF-8"}
        if not self._url.password:
            del environment["PGPASSWORD"]
        done = subprocess.run(
            [_program(program), f"--dbname={where}", *arguments],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            said = " ".join(done.stderr.split())
            raise CareError(f"PostgreSQL did not do it, and all is as it was: {said}")


def _program(name: str) -> str:
    """Return one of PostgreSQL's programs; Debian keeps the newest beside the older ones."""
    found = shutil.which(name) or shutil.which(
        name,
        path=os.pathsep.join(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1])),
    )
    if not found:
        raise CareError(f"There is no {name} here: apt-get install postgresql-client.")
    return found
