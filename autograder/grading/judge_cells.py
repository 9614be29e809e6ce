"""The nbgrader plug-in: run the student's cells, then let the judge decide the points.

``JudgeCells`` stands where nbgrader's own ``Execute`` stood in ``Autograde``. It runs the notebook
in a sandbox, and has each item judged in a fork of the kernel (``judged_run``). Each graded test
cell gets the outputs that nbgrader reads: text with points and messages, and one finite float as the
cell's result. Nothing that the student's process printed in a test cell is left as it was: an error
or a line on standard error there would count as 0 points, and a number as points.
"""

import copy
import hashlib
import os
from contextlib import closing
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_task, setenv
from traitlets import Bool, Dict, Integer

from autograder import outcomes
from autograder.grading.causes import Causes
from autograder.grading.execution import DATA_PLACES, NOTHING_USED
from autograder.grading.items import Items, name_of
from autograder.grading.judged_run import JudgedRun
from autograder.grading.stopped_cells import limits_met, lost_sentence
from autograder.grading.verdict_cells import is_test, no_verdict, notice, write_verdict
from autograder.identity import ids_of
from autograder.judge.client import Judge
from autograder.judge.verdict import CheckError
from autograder.outcomes import GRADED, PROBLEM, UNREADABLE, Outcome
from autograder.sandbox.limits import Limits
from autograder.submission.notebook import MARK
from autograder.submission.outputs import clean


class JudgeCells(JudgedRun):
    """Runs a submission's cells, then replaces each test cell's outputs by the judge's verdict."""

    question_seconds = Integer(
        20, help="How many seconds one question of the judge to the student's code may take."
    ).tag(config=True)
    patience = Integer(
        240, help="How many seconds all questions to one student's code may take."
    ).tag(config=True)
    judge_seconds = Integer(
        600, help="How many seconds of processor time the judge may use for one item."
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
        for cell in filter(is_test, nb.cells):
            write_verdict(cell, outcome.verdicts[name_of(cell)])
        for cell in filter(is_locked, nb.cells):  # as nbgrader does
            cell.source = resources["whole"].get(name_of(cell), cell.source)
        if outcome.problems:
            nb.cells.insert(0, notice(outcome.problems))
        resources |= {"problems": outcome.problems, "waiting": outcome.waiting}
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
        released = {name_of(cell): cell.source for cell in nb.cells if is_test(cell)}
        tests = {name: text for name, text in resources["whole"].items() if name in released}
        hidden = {name: text for name, text in tests.items() if text != released[name]}
        settings |= {name: os.environ.get(name) for name in DATA_PLACES}
        settings |= {"mark": mark, "ids": ids_of(self.student, self.same_person), "hidden": hidden}
        digest = outcomes.digest_of(nb, self.files, self.seed, settings)
        if self.recorded:
            stored = outcomes.load(root, self.assignment, self.name, self.student)
            if stored and stored.digest == digest:
                return stored
        environment = setenv(NBGRADER_EXECUTION="autograde")  # as nbgrader says it to notebooks
        with environment, closing(Items(nb.cells, tests, self._open_judge)) as items:
            outcome = self._run(nb, resources, items, mark, digest)
        outcomes.save(root, outcome)
        return outcome

    def _open_judge(self) -> Judge:
        return Judge(
            self.assignment,
            {
                "ids": ids_of(self.student, self.same_person),
                "seed": self.seed,
                "seconds": self.question_seconds,
                "patience": self.patience,
                "judge_seconds": self.judge_seconds,
            },
        )

    def _run(
        self, nb: NotebookNode, resources: dict, items: Items, mark: dict, digest: str
    ) -> Outcome:
        problems = list(mark.get("problems", []))
        readable = mark.get("readable", True)
        runs = readable and mark.get("runs", True)
        limits = Limits(**self.limits)
        if runs:
            metadata = copy.deepcopy(nb.metadata)
            deadly = self.run_and_judge(nb, resources, items, problems)
            clean(nb, metadata)
            problems += limits_met(nb.cells, limits, self.max_output)
            problems += [lost_sentence(nb.cells[i], how, nb.cells) for i, how in deadly.items()]
        why = UNJUDGED if runs else " ".join(problems)
        for verdict in items.verdicts.values():
            problems += filter(None, [verdict.pop("problem", None)])
        problems = list(dict.fromkeys(problems))
        waiting = [name for name in items.points if runs and name not in items.verdicts]
        if not readable:  # one decision of a person is enough, and none on what was not handed in
            items_of = [name_of(cell) for cell in nb.cells if is_grade(cell) or is_task(cell)]
            waiting = items_of[: 0 if mark.get("absent") else 1]
        causes = Causes(nb.cells, mark.get("not_taken", ()), limits)
        verdicts = {
            name: causes.told(name, items.verdicts.get(name) or no_verdict(max_points, why))
            for name, max_points in items.points.items()
        }
        return Outcome(
            assignment=self.assignment,
            name=self.name,
            student=self.student,
            digest=digest,
            status=UNREADABLE if not readable else PROBLEM if problems else GRADED,
            problems=problems,
            used=self.used,
            verdicts=verdicts,
            notebook=nb,
            waiting=waiting,
        )


SETTINGS = ("timeout", "limits", "max_output", "max_pictures")
SETTINGS += ("question_seconds", "patience", "kernels", "unsafe")
UNJUDGED = "Your code ended its Python process too often to judge this cell"


def submission_seed(assignment: str, student: str) -> int:
    """Return the seed of one submission: graded twice, it meets the same arguments."""
    digest = hashlib.sha256(f"{assignment}/{student}".encode()).digest()
    return int.from_bytes(digest[:6], "big")
