"""A PostgreSQL server for the tests, in a folder of its own, run by nobody who may do anything."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

LOST = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, which Debian keeps off the PATH, or None."""
    found = [shutil.which("pg_ctl"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))]
    return next((Path(path).resolve().parent for path in reversed(found) if path), None)


class Server:
    """A running server, reached through a socket in ``folder``."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """Return how nbgrader reaches a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, database: str, statement: str) -> None:
        """Run one statement outside of any transaction."""
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def new(self, database: str) -> str:
        """Make an empty database; return how nbgrader reaches it."""
        self.run("postgres", f"create database {database}")
        return self.url(database)


@contextmanager
def running(place: Path) -> Iterator[Server]:
    """Run a server with the programs in ``place``; root may not, and does it as nobody."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        who = {}
        if os.geteuid() == 0:
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(folder, "nobody", "nogroup")
        data = f"{folder}/data"

        def call(program: str, *arguments: str) -> None:
            words = [place / program, "-D", data, *arguments]
            subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL, **who)

        call("initdb", "--username=postgres", "--auth=trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        call("pg_ctl", "start", "--wait", f"--log={folder}/log", "--options", options)
        try:
            yield Server(folder)
        finally:
            call("pg_ctl", "stop", "--mode=immediate")
