"""The judge's verdicts, as the page shows them: from the outcome that belongs to the notebook.

The graded notebook holds each verdict as narrow lines of text, for nbgrader; the outcome beside it
has the same verdict in parts. An outcome of another run (a shard that nobody merged yet), or none
(a class that stock nbgrader graded), leaves the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.grading.verdict_cells import is_test
from autograder.outcomes import Outcome


@dataclass(frozen=True)
class Part:
    """A part of an item: points earned of those there are, and why."""

    earned: float
    points: float
    message: str


@dataclass(frozen=True)
class Verdict:
    """What was said of one item.

    how: by what kind of check, where it is not the judge's own. visible: what the check that the
    student sees said.
    """

    parts: tuple[Part, ...]
    how: str = ""
    visible: str = ""


def verdicts(notebook: NotebookNode, outcome: Outcome | None) -> dict[str, Verdict] | None:
    """Return the verdicts on a graded notebook by the names of its items.

    None when ``outcome`` is none, or not that of this notebook.
    """
    if outcome is None:
        return None
    tests = [cell for cell in notebook.cells if is_test(cell)]
    said = {cell.metadata.nbgrader["grade_id"]: _written(cell) for cell in tests}
    judged = outcome.verdicts
    if any(
        name not in judged or not text.startswith(judged[name]["text"])
        for name, text in said.items()
    ):
        return None
    return {
        name: Verdict(
            tuple(_parts(judged[name]["parts"])),
            judged[name]["text"].partition("\n")[0].partition(" points, ")[2],
            " ".join(text.removeprefix(judged[name]["text"]).split()),
        )
        for name, text in said.items()
    }


def _written(cell: NotebookNode) -> str:
    """Return the text that grading left in a test cell."""
    return cell.outputs[0].get("text", "") if cell.outputs else ""


def _parts(parts: list[dict]) -> Iterator[Part]:
    """Yield the parts; those that say the same, and are all earned or all lost, are one."""
    sums: dict[tuple[str, bool], list[float]] = {}
    for part in parts:
        key = part["message"], part["earned"] == part["points"]
        total = sums.setdefault(key, [0.0, 0.0])
        total[0] += part["earned"]
        total[1] += part["points"]
    for (message, _), (earned, points) in sums.items():
        yield Part(round(earned, 6), round(points, 6), message)
