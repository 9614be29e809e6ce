"""Reads recorded experiments: full-size results with where they came from.

``load(NAME)`` reads ``book/runs/NAME.json``, which ``lrlab.runs.recording`` writes. Nothing here
trains, so a page that shows a record loads neither torch nor the trainer.
"""

import json
from pathlib import Path


class RunError(Exception):
    """A recorded experiment is not there or not readable; the message says what to do."""


def folder() -> Path:
    """Return the folder of recorded experiments: ``runs`` here, or ``book/runs`` below here."""
    for candidate in (Path("runs"), Path("book/runs")):
        if (candidate / "experiments.yml").is_file():
            return candidate
    raise RunError(f"no recorded experiments in {Path.cwd()}: go to the course's root or to book/")


def load(name: str) -> dict:
    """Return the recorded experiment ``name`` as plain dicts and lists.

    Raises RunError when it was never recorded or cannot be read.
    """
    path = folder() / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(entry.stem for entry in folder().glob("*.json"))) or "nothing"
        raise RunError(
            f"{name!r} is not recorded ({known} is): run python -m lrlab.runs {name}"
        ) from None
    except json.JSONDecodeError as error:
        raise RunError(f"{path} is damaged ({error}): record it again") from error
