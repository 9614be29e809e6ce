"""An assignment that was withdrawn: the results that do not stand once its checks have changed.

``outcomes/ASSIGNMENT/withdrawn.json`` names the graders, by their digests, that had graded somebody
when it was withdrawn. Whoever was graded by one of them is graded anew as soon as the grader is
another one; whoever was graded since, or by checks that did not change, is not.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from autograder.outcomes import FOLDER

FILE = "withdrawn.json"


def withdraw_graders(root: Path, assignment: str, graders: set[str | None]) -> None:
    """Note that what these graders gave does not stand; None is one that is not known."""
    path = root / FOLDER / assignment / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    graders = graders | withdrawn_graders(root, assignment)
    when = datetime.now(UTC).isoformat(timespec="seconds")
    partial = path.with_name(f".{FILE}")
    known = sorted(graders - {None}) + [None] * (None in graders)
    partial.write_text(json.dumps({"when": when, "graders": known}))
    partial.replace(path)


def withdrawn_graders(root: Path, assignment: str) -> set[str | None]:
    """Return the graders whose results were withdrawn."""
    try:
        return set(json.loads((root / FOLDER / assignment / FILE).read_text())["graders"])
    except (OSError, ValueError, TypeError, KeyError):
        return set()
