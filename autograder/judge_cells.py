"""The nbgrader plug-in: run the student's cells, then let the judge decide the points.

``JudgeCells`` stands where nbgrader's own ``Execute`` stood in ``Autograde``. It runs the notebook
as ``Execute`` does, keeps the kernel, and hands its connection file to a judge process. Then each
graded test cell gets the outputs that nbgrader reads: text with points and messages, and one
finite float as the cell's result. Nothing that the student's process printed in a test cell is
left as it was: an error or a line on standard error there would count as 0 points, and a number
as points.

A cell (or a function that the judge called) that kills its kernel costs what it is worth and no
more: the notebook runs again in a new kernel without that cell, for the checks still open.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Integer

from autograder.verdict import CheckError, wrapped

ROOT = Path(__file__).resolve().parent.parent
# The judge inherits these settings and nothing else of its surroundings.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LRLAB_DATA", "TORCH_HOME", "LD_LIBRARY_PATH")


class JudgeCells(Execute):
    """Runs a submission's cells, then replaces each test cell's outputs by the judge's verdict."""

    question_seconds = Integer(
        20, help="How many seconds one question of the judge to the student's code may take."
    ).tag(config=True)
    judge_seconds = Integer(
        600, help="How many seconds the judge may take for one submission."
    ).tag(config=True)
    kernels = Integer(
        5, help="How many kernels one submission may use up before it is judged as it stands."
    ).tag(config=True)

    def __call__(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Refuse ``--no-execute``: without the judge, nbgrader would believe stored outputs."""
        if not self.enabled:
            raise CheckError("grading needs the judge: run nbgrader autograde without --no-execute")
        return super().__call__(nb, resources)

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Return the notebook with the student's outputs and the judge's verdicts.

        Raises CheckError when the judge failed by our fault.
        """
        names = resources["nbgrader"]
        self._assignment, self._student = names["assignment"], names["student"]
        self._seed = submission_seed(names["assignment"], names["student"])
        self._open = {
            cell.metadata.nbgrader["grade_id"]: float(cell.metadata.nbgrader["points"])
            for cell in nb.cells
            if is_test(cell)
        }
        self._verdicts: dict[str, dict] = {}
        self._deadly: set[int] = set()
        for _ in range(self.kernels):
            self._judge, self._running = start_judge(self._assignment), None
            try:
                super().preprocess(nb, resources, km)
            except (DeadKernelError, CellTimeoutError) as error:
                if self._running is None:  # no cell ran: the kernel itself does not start
                    raise
                self._lose(nb.cells[self._running], error)
            finally:
                stop(self._judge)
            if not self._open:
                break
        for cell in nb.cells:
            if is_test(cell):
                verdict = self._verdicts.get(cell.metadata.nbgrader["grade_id"], UNJUDGED)
                write_verdict(cell, verdict)
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Run one cell, unless it has killed a kernel before."""
        if index in self._deadly:
            return cell, resources
        self._running = index
        return super().preprocess_cell(cell, resources, index)

    @contextmanager
    def setup_kernel(self, **kwargs) -> Iterator[None]:
        """Keep the kernel for the judge after the last cell has run."""
        # One thread: several kernels side by side on few cores are slower with more. And whoever
        # grades, a notebook that asks JupyterHub for its user is told whose submission it is.
        environment = {"OMP_NUM_THREADS": "1", **os.environ, "JUPYTERHUB_USER": self._student}
        kwargs.setdefault("env", environment)
        with super().setup_kernel(**kwargs):
            yield
            document = ask_judge(
                self._judge,
                {
                    "assignment": self._assignment,
                    "student": self._student,
                    "connection_file": self.km.connection_file,
                    "seed": self._seed,
                    "seconds": self.question_seconds,
                    "cells": self._open,
                },
                self.judge_seconds,
            )
            self._verdicts.update(document["verdicts"])
            self._open = {
                name: each for name, each in self._open.items() if name not in self._verdicts
            }

    def _lose(self, cell: NotebookNode, error: Exception) -> None:
        """Note that ``cell`` took its kernel with it, and say so in its outputs."""
        self._deadly.add(self._running)
        sentence = "This cell ended its Python process; the others ran in a new one without it."
        self.log.warning("cell %s: %s (%s)", cell.get("id", ""), sentence, type(error).__name__)
        cell.outputs = [
            new_output("error", ename="KernelLost", evalue=sentence, traceback=[sentence])
        ]


UNJUDGED = {
    "points": 0.0,
    "text": "0 points\n  Your code ended its Python process too often to judge this cell.\n",
}


def is_test(cell: NotebookNode) -> bool:
    """Return whether ``cell`` is a code cell that earns points by a check."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def submission_seed(assignment: str, student: str) -> int:
    """Return the seed of one submission: graded twice, it meets the same arguments."""
    digest = hashlib.sha256(f"{assignment}/{student}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def start_judge(assignment: str) -> subprocess.Popen:
    """Start a judge process; it loads what it needs and then waits for its request."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "autograder.judge", assignment],
        cwd=ROOT,
        env={**environment, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask_judge(judge: subprocess.Popen, request: dict, seconds: float) -> dict:
    """Send ``request`` and return the judge's document. Raises CheckError when there is none."""
    try:
        output, errors = judge.communicate(json.dumps(request), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise CheckError(f"the judge took more than {seconds:g} s: raise judge_seconds") from None
    if judge.returncode:
        raise CheckError(f"the judge stopped with status {judge.returncode}:\n{errors.strip()}")
    return json.loads(output)


def stop(judge: subprocess.Popen) -> None:
    """End a judge process that is still running, and let go of its pipes."""
    if judge.poll() is None:
        judge.kill()
    judge.wait()
    for pipe in (judge.stdin, judge.stdout, judge.stderr):
        pipe.close()


def write_verdict(cell: NotebookNode, verdict: dict) -> None:
    """Replace a test cell's outputs by what nbgrader reads: text, then one finite float."""
    text = verdict["text"]
    if said := visible_check(cell):
        text += wrapped(f"The visible check in this cell said: {said}", indent=2) + "\n"
    points = min(max(float(verdict["points"]), 0.0), float(cell.metadata.nbgrader["points"]))
    cell.execution_count = cell.get("execution_count") or 1
    cell.outputs = [
        new_output("stream", name="stdout", text=text),
        new_output(
            "execute_result",
            data={"text/plain": repr(points)},
            execution_count=cell.execution_count,
        ),
    ]


def visible_check(cell: NotebookNode) -> str:
    """Return what a test cell's own code printed or raised, as one short line of text."""
    said = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            said.append(output.text)
        elif output.output_type == "error":
            said.append(output.evalue or output.ename)
    line = " ".join(strip_ansi(" ".join(said)).split())
    return line if len(line) <= 300 else line[:300] + " ..."
