"""The nbgrader plug-in: run the student's cells, then let the judge decide the points.

``JudgeCells`` stands where nbgrader's own ``Execute`` stood in ``Autograde``. It runs the notebook
in a sandbox, keeps the kernel, and tells the judge where its sockets are. Then each graded test
cell gets the outputs that nbgrader reads: text with points and messages, and one finite float as
the cell's result. Nothing that the student's process printed in a test cell is left as it was: an
error or a line on standard error there would count as 0 points, and a number as points.

A cell (or a function that the judge called) that kills its kernel costs what it is worth and no
more: the notebook runs again in a new kernel without that cell, for the checks still open.
"""

import copy
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Bool, Dict, Integer

from autograder import outcomes
from autograder.grading.execution import DATA_PLACES, NOTHING_USED, SandboxedExecute
from autograder.grading.verdict_cells import (
    is_test,
    lost_sentence,
    no_verdict,
    notice,
    write_verdict,
)
from autograder.identity import canonical
from autograder.judge.client import ask_judge
from autograder.judge.verdict import CheckError
from autograder.outcomes import Outcome
from autograder.sandbox.lease import SandboxError
from autograder.submission.files import archive
from autograder.submission.notebook import MARK
from autograder.submission.outputs import clean


class JudgeCells(SandboxedExecute):
    """Runs a submission's cells, then replaces each test cell's outputs by the judge's verdict."""

    question_seconds = Integer(
        20, help="How many seconds one question of the judge to the student's code may take."
    ).tag(config=True)
    patience = Integer(
        240, help="How many seconds all questions to one student's code may take."
    ).tag(config=True)
    judge_seconds = Integer(
        600, help="How many seconds the judge may take for one submission."
    ).tag(config=True)
    kernels = Integer(
        5, help="How many kernels one submission may use up before it is judged as it stands."
    ).tag(config=True)
    same_person = Dict(
        {}, help="For a student's id, another one whose questions are the same person's."
    ).tag(config=True)
    recorded = Bool(False, help="Take the outcome of an earlier run where one is stored.").tag(
        config=True
    )

    def __call__(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Refuse ``--no-execute``: without the judge, nbgrader would believe stored outputs."""
        if not self.enabled:
            raise CheckError("grading needs the judge: run nbgrader autograde without --no-execute")
        return super().__call__(nb, resources)

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Return the notebook with the student's outputs and the judge's verdicts.

        Raises CheckError when the judge failed by our fault.
        """
        outcome = self.outcome(nb, resources)
        nb = outcome.notebook
        for cell in nb.cells:
            if is_test(cell):
                write_verdict(cell, outcome.verdicts[cell.metadata.nbgrader["grade_id"]])
        if outcome.problems:
            nb.cells.insert(0, notice(outcome.problems))
        return nb, resources

    def outcome(self, nb: NotebookNode, resources: dict) -> Outcome:
        """Return what comes of running ``nb``, and store it below ``resources['root']``."""
        root, names = Path(resources["root"]), resources["nbgrader"]
        self.assignment, self.name = names["assignment"], names["notebook"]
        self.student = names["student"]
        self.seed = submission_seed(self.assignment, self.student)
        mark = nb.metadata.pop(MARK, {})
        self.used = dict(NOTHING_USED)
        self.files = resources["files"]
        settings = self.trait_values(config=True)
        settings = {name: settings[name] for name in SETTINGS}
        settings |= {name: os.environ.get(name) for name in DATA_PLACES}
        settings |= {"mark": mark, "ids": self._ids()}
        digest = outcomes.digest_of(nb, self.files, self.seed, settings)
        if self.recorded:
            stored = outcomes.load(root, self.assignment, self.name, self.student)
            if stored and stored.digest == digest:
                return stored
        outcome = self._run(nb, resources, mark, digest)
        outcomes.save(root, outcome)
        return outcome

    def _ids(self) -> list[str]:
        """Return the student's id, and the other one that the instructor knows of."""
        others = {canonical(each): other for each, other in self.same_person.items()}
        return [self.student, *filter(None, [others.get(canonical(self.student))])]

    def _run(self, nb: NotebookNode, resources: dict, mark: dict, digest: str) -> Outcome:
        points = {
            cell.metadata.nbgrader["grade_id"]: float(cell.metadata.nbgrader["points"])
            for cell in nb.cells
            if is_test(cell)
        }
        self._problems = problems = list(mark.get("problems", []))
        self._open, self._verdicts = dict(points), {}
        self._deadly: dict[int, str] = {}
        readable = mark.get("readable", True)
        if readable:
            metadata = copy.deepcopy(nb.metadata)
            nb = self._run_and_judge(nb, resources)
            clean(nb, metadata)
            problems += [lost_sentence(nb.cells[i], how) for i, how in self._deadly.items()]
        why = UNJUDGED if readable else " ".join(problems)
        for name, max_points in self._open.items():
            self._verdicts[name] = no_verdict(max_points, why)
        return Outcome(
            assignment=self.assignment,
            name=self.name,
            student=self.student,
            digest=digest,
            status="unreadable" if not readable else "problem" if problems else "graded",
            problems=problems,
            used=self.used,
            verdicts={name: self._verdicts[name] for name in points},
            notebook=nb,
        )

    def _run_and_judge(self, nb: NotebookNode, resources: dict) -> NotebookNode:
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
                    self._problems.append(NOT_STARTED)
                    continue
                self._lose(nb.cells[self._running], error)
            if not self._open:
                break
        return nb

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Run one cell, unless it has killed a kernel before."""
        if index in self._deadly:
            return cell, resources
        self._running = index
        return super().preprocess_cell(cell, resources, index)

    @contextmanager
    def setup_kernel(self, **kwargs) -> Iterator[None]:
        """Keep the kernel for the judge after the last cell has run."""
        with super().setup_kernel(**kwargs):
            yield
            document = ask_judge(
                self.assignment,
                {
                    "ids": self._ids(),
                    "connection_file": self.km.connection_file,
                    "seed": self.seed,
                    "seconds": self.question_seconds,
                    "patience": self.patience,
                    "judge_seconds": self.judge_seconds,
                    "cells": self._open,
                },
            )
            self._verdicts.update(document["verdicts"])
            for verdict in document["verdicts"].values():
                problem = verdict.pop("problem", None)
                if problem and problem not in self._problems:
                    self._problems.append(problem)
            self._open = {
                name: each for name, each in self._open.items() if name not in self._verdicts
            }

    def _lose(self, cell: NotebookNode, error: Exception) -> None:
        """Note that ``cell`` took its kernel with it, and say so in its outputs."""
        how = (self.lease.ended if self.lease else None) or type(error).__name__
        self._deadly[self._running] = how
        sentence = lost_sentence(cell, how)
        self.log.warning("%s (%s: %r)", sentence, type(error).__name__, str(error)[:200])
        cell.execution_count = None  # whether it was told before the end is chance
        cell.outputs = [
            new_output("error", ename="KernelLost", evalue=sentence, traceback=[sentence])
        ]


SETTINGS = ("timeout", "limits", "max_output", "question_seconds", "patience", "kernels", "unsafe")
NO_FILES = archive([])
NOT_STARTED = (
    "Python does not start beside the files that were handed in: it ran without them. Is one of "
    "them named like a module of Python's?"
)
UNJUDGED = "Your code ended its Python process too often to judge this cell"


def submission_seed(assignment: str, student: str) -> int:
    """Return the seed of one submission: graded twice, it meets the same arguments."""
    digest = hashlib.sha256(f"{assignment}/{student}".encode()).digest()
    return int.from_bytes(digest[:6], "big")
