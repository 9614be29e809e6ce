"""The graded test cells of one submission: when each is judged, once, and on which state.

An item with a check is judged where it stands, if its visible check is content there: in a fork of
the kernel right after the cell, so that no later cell matters. If the visible check is not content
(what it asks for may be defined further down) the item is judged after the last cell. An item
without a check is judged by the instructor's own test, in a fork taken before the student's process
runs the released, visible part of it. Nobody has two guesses: the first verdict stands.
"""

from collections.abc import Callable

from nbformat import NotebookNode

from autograder.grading.hidden_parts import needed_before
from autograder.grading.verdict_cells import is_test
from autograder.judge.client import Judge
from autograder.judge.forks import Forks


class Items:
    """What is to be judged in ``cells``, and the verdicts so far.

    tests: the whole text of each test cell, hidden parts included, by name, in their order.
    judge: opens the conversation with the judge.
    open: the points of each item that has no verdict yet.
    """

    def __init__(
        self, cells: list[NotebookNode], tests: dict[str, str], judge: Callable[[], Judge]
    ) -> None:
        mine = [cell for cell in cells if is_test(cell)]
        self.points = {name_of(cell): float(cell.metadata.nbgrader["points"]) for cell in mine}
        self.open = dict(self.points)
        self.verdicts: dict[str, dict] = {}
        self._tests = tests
        self._before = needed_before(cells, tests)
        self._open_judge, self._judge = judge, None

    def before_cell(self, cell: NotebookNode, forks: Forks) -> None:
        """Judge by the instructor's own test, before the cell runs."""
        if self._is_open(cell) and not self._has_check(cell):
            self._decide(name_of(cell), forks)

    def after_cell(self, cell: NotebookNode, forks: Forks) -> None:
        """Judge by a check, if the visible one is content."""
        if self._is_open(cell) and not any(each.output_type == "error" for each in cell.outputs):
            self._decide(name_of(cell), forks)

    def after_all(self, cell: NotebookNode, forks: Forks) -> None:
        """Judge what has no verdict yet."""
        if self._is_open(cell):
            self._decide(name_of(cell), forks)

    def close(self) -> None:
        """End the conversation with the judge."""
        if self._judge:
            self._judge.close()

    def _is_open(self, cell: NotebookNode) -> bool:
        return is_test(cell) and name_of(cell) in self.open

    def _has_check(self, cell: NotebookNode) -> bool:
        return name_of(cell) in self._asked().checks

    def _asked(self) -> Judge:
        """Return the conversation with the judge, begun with the first item."""
        self._judge = self._judge or self._open_judge()
        return self._judge

    def _decide(self, name: str, forks: Forks) -> None:
        """Ask for one verdict. What ends the kernel meanwhile costs this item, and is then raised."""
        lost: list[Exception] = []

        def take() -> dict:
            try:
                return forks.take()
            except Exception as error:  # noqa: BLE001 (whatever a student's process did)
                lost.append(error)
                return {"failed": "your Python process ended"}

        item = {"grade_id": name, "points": self.open[name], "test": self._tests.get(name)}
        item["before"] = self._before.get(name, [])
        self.verdicts[name] = self._asked().verdict(item, take, forks.waited)
        del self.open[name]
        if lost:
            raise lost[0]


def name_of(cell: NotebookNode) -> str:
    """Return a graded cell's name."""
    return cell.metadata.nbgrader["grade_id"]
