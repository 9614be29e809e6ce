"""Grades a class with several workers, or a part of it on each machine of a cluster.

Workers run submissions and leave outcomes in ``outcomes/``; they never open the gradebook. One
process, this one, then records each outcome through the same converter as ``nbgrader autograde``,
so the result is the same. A shard is the first half of that, and ``merge`` the second.
"""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nbgrader.apps import AutogradeApp
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from tqdm import tqdm
from traitlets.config import Config

from autograder import outcomes
from autograder.course import released
from autograder.grading.converter import Autograde
from autograder.grading.due import AGAIN, CORRECTED
from autograder.grading.hidden_parts import whole_cells
from autograder.grading.judge_cells import JudgeCells
from autograder.sandbox import linux
from autograder.submission.files import shown

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WORKERS = CORES + 1  # each also waits, for its kernel and its judge
RETRIES = 5  # how often a gradebook that is in use is tried again
PAUSE = 5  # seconds between two tries


class Grading:
    """The grading of one assignment of the course in the current folder.

    ``force``: also of who is graded already, and whatever outcomes an earlier run has left.
    """

    def __init__(self, assignment: str, force: bool = False, unsafe: bool = False) -> None:
        self.assignment, self.force = assignment, force
        self.app = AutogradeApp.instance()
        self.app.initialize([assignment, f"--SandboxedExecute.unsafe={unsafe}"])
        self.app.log.setLevel("WARNING")
        self.app.coursedir.assignment_id = assignment
        self.root = Path(self.app.coursedir.root)
        self.converter = Autograde(coursedir=self.app.coursedir, parent=self.app)
        self.converter.force = force
        self.stand: list[str] = []  # whose result stands
        self.absent: set[str] = set()  # who is in the gradebook and has handed in nothing

    def students(self, shard: tuple[int, int] | None) -> list[str]:
        """Return who is to be graded: a shard, everyone, or whoever is due."""
        everyone = self.converter.students()
        if shard:
            self.converter.check_release(self.assignment)
            return everyone[shard[0] - 1 :: shard[1]]
        self.converter.ensure_released(self.assignment)
        reasons = {each: self.converter.why_due(self.assignment, each) for each in everyone}
        for reason in AGAIN:
            if again := [shown(each) for each in everyone if reasons[each] == reason]:
                names = f"{len(again)}." if reason == CORRECTED else ", ".join(again)
                print(f"Graded again, as {reason}: {names}")
        self.stand = [each for each in everyone if reasons[each] is None]
        self.absent = self.converter.enrolled() - set(everyone)
        return [each for each in everyone if reasons[each]]

    def said(self, done: int, due: int) -> list[str]:
        """Return what to tell about a class of which ``done`` of ``due`` submissions were graded."""
        already = f"{len(self.stand)} graded already" if self.stand else ""
        if not due:
            lines = [f"Nothing is due: {already or 'no submission is in this part'}."]
        else:
            lines = [f"{done} of {due} submissions done{already and '; '}{already}"]
        lines += self.converter.outdated(self.assignment, self.stand)
        if self.absent:
            lines.append(f"{len(self.absent)} more in the gradebook, who have handed in nothing.")
        return lines

    def problems(self, students: list[str]) -> str:
        """Return who of ``students`` has a problem, and what was passed over."""
        self.app.coursedir.student_id = "*"
        return self.converter.problems(self.assignment, students)

    def run(self, students: list[str], workers: int, record: bool) -> list[str]:
        """Run every submission, and record each as soon as it is its turn; return who failed."""
        if not students:
            return []
        self.converter.start_servers(self.assignment)  # which the workers, forked later, share
        self.whole = whole_cells(self.app.coursedir, self.assignment)  # here, and in no worker
        failed: list[str] = []
        while students:
            killed = self._run_pool(students, workers, record, failed)
            failed += killed[:1]  # maybe the cause; the others go on without it
            students = killed[1:]
        return failed

    def _run_pool(
        self, students: list[str], workers: int, record: bool, failed: list[str]
    ) -> list[str]:
        """Run submissions until a worker is killed; return whose turn had not come by then."""
        with ProcessPoolExecutor(
            workers, multiprocessing.get_context("fork"), initializer=_start_worker
        ) as pool:
            arguments = (self.app.config, self.root, self.assignment, self.force, self.whole)
            futures = [pool.submit(run_submission, *arguments, student) for student in students]
            pairs = zip(students, futures, strict=True)
            killed = []
            for student, future in tqdm(pairs, self.assignment, len(students), unit="submission"):
                try:
                    future.result()
                except BrokenProcessPool:
                    killed.append(student)
                except Exception as error:  # noqa: BLE001 (a fault of ours must not stop the class)
                    tqdm.write(f"{student}: {type(error).__name__}: {error}")
                    failed.append(student)
                else:
                    if record and not self.record(student):
                        failed.append(student)
        if killed:
            tqdm.write(f"{killed[0]}: a worker was killed; run the command again to go on")
        return killed

    def record(self, student: str) -> bool:
        """Write one stored outcome into the gradebook and ``autograded/``; return whether it was."""
        config = Config(self.app.config)
        config.JudgeCells.recorded = True
        self.app.coursedir.student_id = student
        for attempt in range(RETRIES):
            converter = Autograde(coursedir=self.app.coursedir, parent=self.app, config=config)
            converter.force = True
            try:
                converter.start()
            except NbGraderException as error:  # its reason is in the log
                tqdm.write(f"{student}: not recorded ({error}); try {attempt + 1} of {RETRIES}")
                time.sleep(PAUSE)
            else:
                self.converter.changed.update(converter.changed)
                return True
        return False

    def changes(self) -> list[str]:
        """Have lateness count by the rule of now; return lines on the grades that changed."""
        self.converter.count_lateness(self.assignment)
        return self.converter.said_of_changes(self.assignment)


def run_submission(
    config: Config,
    root: Path,
    assignment: str,
    force: bool,
    whole: dict[str, dict[str, str]],
    student: str,
) -> None:
    """Run one submission; without ``force`` not if a stored outcome says what comes of it.

    whole: the text of each locked cell, hidden parts included, by the names of notebook and cell.
    """
    course = CourseDirectory(config=config, root=str(root))
    converter = Autograde(coursedir=course, config=config)
    for path in released(course, assignment):
        notebook, resources = converter.rebuilt(assignment, student, path.stem)
        resources["whole"] = whole.get(path.stem, {})
        JudgeCells(config=config, recorded=not force).outcome(notebook, resources)


def grade(
    assignment: str,
    workers: int | None = None,
    shard: tuple[int, int] | None = None,
    force: bool = False,
    unsafe: bool = False,
) -> int:
    """Grade a class; with ``shard`` (i, n) run only each n-th submission and record nothing.

    Returns the number of submissions that could not be graded by our fault.
    """
    grading = Grading(assignment, force, unsafe)
    students = grading.students(shard)
    failed = grading.run(students, workers or WORKERS, record=shard is None)
    lines = grading.said(len(students) - len(failed), len(students))
    lines += [] if shard else grading.changes()
    return _say(failed, [*lines, grading.problems(sorted({*students, *grading.stand}))])


def merge(assignment: str) -> int:
    """Record every stored outcome of an assignment; return how many could not be recorded."""
    grading = Grading(assignment)
    students = grading.converter.students()
    grading.converter.ensure_released(assignment)
    names = [path.stem for path in released(grading.app.coursedir, assignment)]
    stored = [
        each
        for each in students
        if all(outcomes.load(grading.root, assignment, name, each) for name in names)
    ]
    failed = [
        each for each in tqdm(stored, assignment, unit="submission") if not grading.record(each)
    ]
    failed += sorted(set(students) - set(stored))
    lines = [f"{len(students) - len(failed)} of {len(students)} submissions recorded"]
    lines += grading.changes()
    return _say(failed, [*lines, grading.problems(stored)])


def _start_worker() -> None:
    if sys.platform.startswith("linux"):
        linux.die_with_parent()


def _say(failed: list[str], lines: list[str]) -> int:
    print(*filter(None, lines), sep="\n", flush=True)
    if failed:
        names = ", ".join(map(shown, failed))
        print(f"Not done, run the command again: {names}", file=sys.stderr)
    return len(failed)
