"""How a student is written down: the decorators, and the class that they fill."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from broken.course import NAME, right

ALL, NOTHING = (1, 2, 3, 1), (0, 0, 0, 0)


@dataclass(frozen=True)
class Case:
    """One student: what is handed in, and what comes of it."""

    write: Callable[[dict, Path], object]
    status: str
    points: tuple[float, ...]
    says: str


CASES: dict[str, Case] = {}


def hand_in(course: Path) -> None:
    """Let every student hand something in."""
    for student, case in CASES.items():
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        put(folder, case.write(right(course), folder))


def put(folder: Path, content: object, name: str = f"{NAME}.ipynb") -> None:
    """Write a file: bytes, text, or what becomes JSON; nothing for None."""
    if content is None:
        return
    if not isinstance(content, bytes | str):
        content = json.dumps(content)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def graded(says: str = "1 of 1 points", points: tuple = ALL, *names: str) -> Callable:
    """Add a student, or several by these names, in whose submission nothing was odd."""
    return _case("graded", points, says, *names)


def problem(says: str, points: tuple = ALL) -> Callable:
    """Add a student who is graded although something was odd."""
    return _case("problem", points, says)


def unreadable(says: str) -> Callable:
    """Add a student of whose submission nothing can be used."""
    return _case("unreadable", NOTHING, says)


def _case(status: str, points: tuple, says: str, *names: str) -> Callable:
    def add(write: Callable) -> Callable:
        for name in names or [write.__name__]:
            CASES[name] = Case(write, status, points, says)
        return write

    return add
