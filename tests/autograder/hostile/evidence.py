"""Grades a class in a room, and says what is not as it must be afterwards."""

import heapq
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from hostile.case import MARK, NOTEBOOK, Case, mark
from hostile.classes import Class
from hostile.trial import FULL, NAME, ROOT, SECRET, pack, test

RESULTS = ("autograded", "outcomes", "feedback", ".grading", "gradebook.db")  # of the course
MOST_MEMORY = {  # bytes
    "nbgrader": 1500 * 2**20,
    "autograder": 1500 * 2**20,  # the command and each of its workers
    "autograder.judge.server": 2200 * 2**20,  # with torch
}
MOST_KEPT = 20 * 2**20  # bytes of one student in autograded/, outcomes/ and feedback/
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "LRLAB_DATA", "TORCH_HOME")
SCORES = """
    SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
    JOIN base_cell ON grade.cell_id = base_cell.id
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
"""
Files = dict[str, tuple[bytes, bytes]]  # kind and content by path


class NoRoom(Exception):
    """The outer bound cannot be built on this machine; the message says why."""


@dataclass(frozen=True)
class Evidence:
    """What a room held before and after a class was graded in it, and the room's report.

    ended: when each student's outcome was stored, in seconds after the first command began.
    """

    of: Class
    before: Files
    after: Files
    ended: dict[str, float]
    report: dict

    def faults(self, case: Case) -> list[str]:
        """Return a sentence for everything about ``case`` that is not as it must be."""
        faults = []
        if case.name in self.blamed:
            faults.append(f"{case.name} could not be graded\n{self.log[-2000:]}")
        if self.took[case.name] > case.seconds:
            faults.append(f"it took {self.took[case.name]:.1f} s; it may take {case.seconds} s")
        for path, marked in self.marks.items():
            if mark(case.name) in marked and not belongs(path, case.name):
                faults.append(f"its mark is in {path}")
        try:
            faults += self._points(case.name, case.expected, case.unsure) + self._words(case)
        except KeyError as missing:
            faults.append(f"the grader left no {missing}")
        return faults + self._kept(case)

    def faults_of_all(self) -> list[str]:
        """Return a sentence for everything that is not as it must be, whoever of the class did it."""
        faults = [*self._end(), *self._traces()]
        try:
            faults += self._gradebook()
            for student in self.of.honest:
                faults += self._points(student, FULL) + self._honest(student)
        except KeyError as missing:
            faults.append(f"the grader left no {missing}")
        return faults

    @property
    def log(self) -> str:
        """What the grader wrote, without nbgrader's usual lines."""
        lines = self.after["log"][1].decode(errors="replace").splitlines()
        return "\n".join(line for line in lines if " | INFO] " not in line)

    @cached_property
    def blamed(self) -> set[str]:
        """Students of whom the grader says that they could not be graded."""
        blamed = re.findall(r"error processing assignment '.*' for student '(.*)'", self.log)
        for names in re.findall(r"Not done, run the command again: (.*)", self.log):
            blamed += names.split(", ")
        return set(blamed)

    @cached_property
    def took(self) -> dict[str, float]:
        """How many seconds each student's grading took: a worker that is free takes the next one."""
        took, free = {}, [0.0] * (self.of.workers or 1)
        for student in self.of.students:
            began = heapq.heappop(free)
            ended = self.ended.get(student, began)
            took[student] = ended - began
            heapq.heappush(free, ended)
        return took

    @cached_property
    def marks(self) -> dict[str, set[str]]:
        """The marks of cases in every file that holds one."""
        pattern = re.compile(MARK.encode() + rb"[-a-z_]*")
        found = {path: set(pattern.findall(content)) for path, (_, content) in self.after.items()}
        return {path: {each.decode() for each in marks} for path, marks in found.items() if marks}

    @cached_property
    def gradebook(self) -> sqlite3.Connection:
        """The gradebook as the grader left it."""
        gradebook = sqlite3.connect(":memory:")
        gradebook.deserialize(self.after["course/gradebook.db"][1])
        return gradebook

    def graded(self, student: str) -> NotebookNode:
        """Return a notebook as the grader left it."""
        path = f"course/autograded/{student}/{NAME}/{NOTEBOOK}"
        return nbformat.reads(self.after[path][1].decode(), as_version=4)

    def said(self, student: str) -> str:
        """Return the text of all outputs in a graded notebook, and of the note above it."""
        texts = []
        for cell in self.graded(student).cells:
            if cell.id == "note":
                texts.append(cell.source)
            for output in cell.get("outputs", []):
                data = output.get("data", {}).get("text/plain", "")
                texts += [output.get(name, "") for name in ("text", "ename", "evalue")] + [data]
        return "\n".join(text for text in texts if text)

    def _end(self) -> list[str]:
        report, faults = self.report, []
        if report["ended"]:
            return [f"the outer bound had to end it: {report['ended']}\n{self.log[-2000:]}"]
        if report["seconds"][0] > self.of.seconds:
            faults.append(f"it took {report['seconds'][0]} s; it may take {self.of.seconds} s")
        if any(report["codes"]):
            faults.append(f"the grader ended with {report['codes']}\n{self.log[-2000:]}")
        for name, peak in report["peaks"].items():
            if peak > MOST_MEMORY[name]:
                faults.append(f"{name} used {peak >> 20} MiB of memory")
        if "\x1b" in self.log:
            faults.append("the log holds what a terminal obeys")
        if report["left"]:
            faults.append(f"these processes were left behind: {report['left']}")
        if report["called"]:
            faults.append(f"a listener outside was called: {report['called']}")
        return faults

    def _traces(self) -> list[str]:
        """Nothing was changed, added or removed but what grading writes."""
        faults = []
        students = [case.name for case in self.of.cases]
        for path in sorted(self.before.keys() | self.after.keys()):
            top = path.removeprefix("course/").split("/")[0]
            if path == "log" or (path.startswith("course/") and top in RESULTS):
                if path in self.marks and not any(belongs(path, each) for each in students):
                    faults.append(f"the mark of a student is in {path}: {self.marks[path]}")
            elif self.before.get(path) != self.after.get(path):
                faults.append(f"{path} is not as it was")
        return faults

    def _gradebook(self) -> list[str]:
        (integrity,) = self.gradebook.execute("PRAGMA integrity_check").fetchone()
        return [] if integrity == "ok" else [f"the gradebook is damaged: {integrity}"]

    def _points(self, student: str, expected: dict[str, float], unsure: bool = False) -> list[str]:
        rows = self.gradebook.execute(SCORES).fetchall()
        scores = {cell: score for name, cell, score in rows if name == student}
        right = scores == expected
        if unsure and scores.keys() == expected.keys():
            right = all(
                each is not None and each <= expected[cell] for cell, each in scores.items()
            )
        return [] if right else [f"{student} has {scores}, not {expected}"]

    def _honest(self, student: str) -> list[str]:
        """An honest student's notebook holds the own cells, the verdicts, and nothing else."""
        faults = []
        graded = self.graded(student)
        path = f"course/submitted/{student}/{NAME}/{NOTEBOOK}"
        handed_in = nbformat.reads(self.before[path][1].decode(), as_version=4)
        for own, cell in zip(handed_in.cells, graded.cells, strict=False):
            source = test(cell.id[2:]) if cell.id in FULL else own.source  # with what was hidden
            if (cell.id, cell.source) != (own.id, source):
                faults.append(f"{student}'s cell {own.id} is not as it was handed in")
            if cell.id not in FULL and cell.get("outputs"):
                faults.append(f"{student}'s cell {cell.id} has outputs: {cell.outputs}")
        if len(graded.cells) != len(handed_in.cells):
            faults.append(f"{student} has {len(graded.cells)} cells, not {len(handed_in.cells)}")
        for cell in graded.cells:
            if cell.id not in FULL:
                continue
            points = FULL[cell.id]
            if len(cell.outputs) != 2:
                faults.append(f"{student}'s test {cell.id} has {len(cell.outputs)} outputs, not 2")
                continue
            text, result = cell.outputs
            how = ", checked by a test in your own process" if cell.id == "q_hidden" else ""
            if not text.text.startswith(f"{points:g} of {points:g} points{how}\n  "):
                faults.append(f"{student}'s verdict on {cell.id} says {text.text!r}")
            if result.data != {"text/plain": repr(points)}:
                faults.append(f"{student}'s result of {cell.id} is {result.data}")
        return faults

    def _words(self, case: Case) -> list[str]:
        said = self.said(case.name)
        faults = [f"no {each!r} in" for each in case.says if not re.search(each, said)]
        faults += [f"there is {each!r} in" for each in case.never if re.search(each, said)]
        faults = [f"{fault}\n{said[-1500:]}" for fault in faults]
        if case.page:
            page = self.after[f"course/feedback/{case.name}/{NAME}/{NAME}.html"][1].decode()
            found = [each for each in case.page if re.search(each, page)]
            faults += [f"the feedback page holds {each!r}" for each in found]
        return faults

    def _kept(self, case: Case) -> list[str]:
        """What is stored about the student is not large, and holds no secret."""
        faults, size = [], 0
        for path in self.after.keys() - self.before.keys():
            if belongs(path, case.name):
                content = self.after[path][1]
                size += len(content)
                words = sorted(set(re.findall(rb"CANARY-[a-z-]+", content)))
                faults += [f"{path} holds the secret {word.decode()}" for word in words]
        if size > MOST_KEPT:
            faults.append(f"{size:,} bytes are kept of {case.name}")
        return faults


def belongs(path: str, student: str) -> bool:
    """Return whether ``path`` is of one student: handed in, or written about this student."""
    return re.search(rf"/\.?{student}(\.json)?(/|$)", path) is not None


def grade(of: Class, course: Path) -> Evidence:
    """Grade a class in a copy of ``course``. Raises NoRoom when there can be no outer bound here."""
    room = tempfile.mkdtemp(prefix="room-")
    submissions = {case.name: case.submission(course, room) for case in of.cases}
    content = pack(course, submissions, of.honest, of.settings)
    longest = 60 + of.seconds
    request = {
        "commands": [[sys.executable, "-m", *each] for each in of.commands],
        "folder": f"{room}/course",
        "seconds": longest,
        "environment": {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "HOME": f"{room}/home",
            "TMPDIR": f"{room}/tmp",
            "LRLAB_SECRET": SECRET,
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TQDM_DISABLE": "1",
        },
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hostile.room", room, json.dumps(request)],
            input=content,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{Path(__file__).parents[1]}", "PATH": os.environ["PATH"]},
            timeout=len(of.commands) * longest + 60,
        )
    finally:
        os.rmdir(room)
    if done.returncode:
        reason = done.stderr.decode(errors="replace")[-2000:]
        raise NoRoom(f"the outer bound cannot be built on this machine:\n{reason}")
    after, times = unpack(done.stdout)
    report = json.loads(after.pop("report.json")[1])
    ended = {
        student: times[path] - report["began"]
        for student in of.students
        if (path := f"course/outcomes/{NAME}/{NAME}/{student}.json") in times
    }
    return Evidence(of, unpack(content)[0], after, ended, report)


def unpack(content: bytes) -> tuple[Files, dict[str, float]]:
    """Return kind and content (of a link, where it leads) of everything in a tar but folders.

    And when each file was written, in seconds since 1970.
    """
    found, times = {}, {}
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for entry in tar:
            path = os.path.normpath(entry.name)
            if path.startswith("home/"):
                continue
            if entry.isreg():
                found[path] = (entry.type, tar.extractfile(entry).read())
                times[path] = entry.mtime
            elif not entry.isdir():
                found[path] = (entry.type, entry.linkname.encode())
    return found, times
