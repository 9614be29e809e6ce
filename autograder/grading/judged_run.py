"""Runs a notebook in the sandbox and has each item judged in a fork of its kernel.

A cell that kills its kernel costs what it is worth and no more: the notebook runs again in a new
kernel without that cell, for the items still open.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Integer

from autograder.grading.execution import SandboxedExecute
from autograder.grading.items import Items
from autograder.grading.stopped_cells import lost_sentence
from autograder.judge.forks import Forks
from autograder.judge.verdict import CheckError
from autograder.sandbox.lease import SandboxError
from autograder.sandbox.limits import after_a_hang
from autograder.submission.files import archive


class JudgedRun(SandboxedExecute):
    """Runs all cells, as ``SandboxedExecute`` does, and asks for verdicts on the way."""

    kernels = Integer(
        5, help="How many kernels one submission may use up before it is judged as it stands."
    ).tag(config=True)

    def run_and_judge(
        self, nb: NotebookNode, resources: dict, items: Items, problems: list[str]
    ) -> dict[int, str]:
        """Run ``nb`` until each of ``items`` has a verdict or the last kernel is used up.

        Add to ``problems`` what the student and the instructor should know. Returns which cells
        ended their kernels, and how.
        """
        self._items, self._deadly = items, {}
        for _ in range(self.kernels):
            self._running = None
            try:
                self.run(nb, resources)
            except (CheckError, SandboxError):
                raise
            except Exception as error:  # whatever a student's process did to the conversation
                if self._running is None and self.files == NO_FILES:
                    raise  # the kernel itself does not start
                if self._running is None:
                    self.files = NO_FILES
                    problems.append(NOT_STARTED)
                    continue
                self._lose(nb.cells[self._running], error)
            if not items.open:
                break
        return self._deadly

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Run one cell, unless it has killed a kernel before, and have its item judged."""
        if index in self._deadly:
            return cell, resources
        self._running = index
        self._items.before_cell(cell, self._forks)
        result = super().preprocess_cell(cell, resources, index)
        self._items.after_cell(cell, self._forks)
        return result

    @contextmanager
    def setup_kernel(self, **kwargs) -> Iterator[None]:
        """Have what is open judged after the last cell has run."""
        with super().setup_kernel(**kwargs):
            waited = self.lease.waited if self.lease else lambda: 0.0
            self._forks = Forks(self._evaluate, waited, *self.forks_at)
            yield
            for index, cell in enumerate(self.nb.cells):
                self._running = index
                self._items.after_all(cell, self._forks)

    def _evaluate(self, expression: str) -> dict | None:
        """Have the kernel evaluate ``expression`` beside an empty cell; return its reply."""
        if self.lease:
            self.lease.new_cell()
        wanted = {"pid": expression}
        return self.wait_for_reply(
            self.kc.execute("", silent=True, allow_stdin=False, user_expressions=wanted)
        )

    def _lose(self, cell: NotebookNode, error: Exception) -> None:
        """Note that ``cell`` took its kernel with it, and say so in its outputs."""
        told = self.lease.ended if self.lease else None
        how = told or LOST.get(type(error), "it sent what cannot be read")
        self._deadly[self._running] = how
        if isinstance(error, CellTimeoutError):  # no end of the cell's outputs came
            self.iopub_timeout = after_a_hang(self.iopub_timeout)
        sentence = lost_sentence(cell, how, self.nb.cells)
        self.log.warning("%s (%s: %r)", sentence, type(error).__name__, str(error)[:200])
        cell.execution_count = None  # whether it was told before the end is chance
        cell.outputs = [
            new_output("error", ename="KernelLost", evalue=sentence, traceback=[sentence])
        ]


NO_FILES = archive([])
# How a process was lost, where its sandbox does not say it.
LOST = {CellTimeoutError: "it could not be interrupted", DeadKernelError: "it ended"}
NOT_STARTED = (
    "Python does not start beside the files that were handed in: it ran without them. Is one of "
    "them named like a module of Python's?"
)
