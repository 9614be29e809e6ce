"""What all cells of a notebook write: how much of it is kept, and when a cell has to stop.

A cell is interrupted only when it sends so much more than can be kept that honest work never does;
what is too much for one or for all of them is dropped (``cell_outputs``), and the cell goes on.
"""

import time
from collections.abc import Callable

from nbformat import NotebookNode

from autograder.grading.cell_outputs import CellOutputs

ALL = 3  # how many times what one cell may keep all of them may
LEAST = 0.01  # of that, what a late cell may still keep of its text: its result, or its error
ENDLESS = 100  # a cell that sends so many times what it may keep is interrupted
PATIENCE = 1.0  # seconds in which it may end by itself, and again after each interrupt


class NotebookOutputs:
    """The outputs of one run.

    most_text: characters, ``most_pictures``: bytes, that are kept of one cell. interrupt: stops it.
    """

    def __init__(self, most_text: int, most_pictures: int, interrupt: Callable[[], object]) -> None:
        self._most_text, self._most_pictures = most_text, most_pictures
        self._interrupt = interrupt
        self._cells: list[CellOutputs] = []

    def begin(self, cell: NotebookNode) -> None:
        """Take ``cell`` for the one that writes from here on."""
        text = ALL * self._most_text - sum(each.text for each in self._cells)
        text = max(min(text, self._most_text), int(LEAST * self._most_text))
        pictures = ALL * self._most_pictures - sum(each.pictures for each in self._cells)
        pictures = max(min(pictures, self._most_pictures), 0)
        self._cells.append(CellOutputs(cell, text, pictures))
        self._received, self._stop_at = 0, None

    def take(self, message: dict) -> None:
        """Take in a message of the cell that runs."""
        self._received += _characters(message["content"])
        if self._received > ENDLESS * (self._most_text + self._most_pictures):
            self._stop()
        if message["msg_type"] != "update_display_data":
            self._cells[-1].take(message)
            return
        for each in self._cells:
            each.update(message)

    def end(self) -> None:
        """Settle what the cell wrote, and what it changed of the outputs of earlier ones."""
        for each in self._cells:
            each.settle()

    def _stop(self) -> None:
        """Interrupt the cell, if it does not end by itself.

        Many have ended before we read how much they sent: an interrupt would hit another cell.
        """
        if self._stop_at is None:
            self._stop_at = time.monotonic() + PATIENCE
        elif time.monotonic() > self._stop_at:
            self._interrupt()
            self._stop_at = time.monotonic() + PATIENCE


def _characters(value: object) -> int:
    """Return about how much text ``value`` holds."""
    if isinstance(value, dict):
        return sum(map(_characters, value.values())) + 10
    if isinstance(value, list):
        return sum(map(_characters, value)) + 10
    return len(value) if isinstance(value, str) else 10
