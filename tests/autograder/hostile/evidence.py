"""Grades cases in a room, and says what is not as it must be afterwards."""

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

from hostile.case import MARK, NOTEBOOK, Case
from hostile.trial import ANSWERS, FULL, NAME, ROOT, SECRET, ZOE, pack

RESULTS = ("autograded", "outcomes", "feedback", ".grading", "gradebook.db")  # of the course
MOST_MEMORY = {"nbgrader": 1500 * 2**20, "autograder.judge.server": 2200 * 2**20}  # with torch
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
    """What a room held before and after the class was graded in it, and the room's report."""

    cases: list[Case]
    before: Files
    after: Files
    report: dict

    def faults(self, case: Case) -> list[str]:
        """Return a sentence for everything that is not as it must be after ``case``."""
        faults = [*self._end(case), *self._traces()]
        try:
            faults += self._points("zoe", FULL)
            faults += self._points(case.name, case.expected, case.unsure)
            faults += self._gradebook() + self._zoe() + self._words(case)
        except KeyError as missing:
            faults.append(f"nbgrader left no {missing}")
        return faults + self._kept(case)

    @property
    def log(self) -> str:
        """What nbgrader wrote, without its usual lines."""
        lines = self.after["log"][1].decode(errors="replace").splitlines()
        return "\n".join(line for line in lines if " | INFO] " not in line)

    @cached_property
    def gradebook(self) -> sqlite3.Connection:
        """The gradebook as nbgrader left it."""
        gradebook = sqlite3.connect(":memory:")
        gradebook.deserialize(self.after["course/gradebook.db"][1])
        return gradebook

    def graded(self, student: str) -> NotebookNode:
        """Return a notebook as nbgrader left it."""
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

    def _end(self, case: Case) -> list[str]:
        report, faults = self.report, []
        if report["ended"]:
            return [f"the outer bound had to end it: {report['ended']}\n{self.log[-2000:]}"]
        blamed = re.findall(r"error processing assignment '.*' for student '(.*)'", self.log)
        if any(report["codes"]) and (case.name in blamed or not blamed):
            faults.append(f"nbgrader ended with {report['codes']}\n{self.log[-2000:]}")
        most = sum(case.seconds for case in self.cases)
        if report["seconds"][0] > most:
            faults.append(f"it took {report['seconds'][0]} s; it may take {most} s")
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
        own = tuple(f"/{case.name}" for case in self.cases)
        for path in sorted(self.before.keys() | self.after.keys()):
            top = path.removeprefix("course/").split("/")[0]
            if path == "log" or (path.startswith("course/") and top in RESULTS):
                marked = MARK.encode() in self.after.get(path, (b"", b""))[1]
                if marked and not any(each in path for each in own):
                    faults.append(f"the mark of a student is in {path}")
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

    def _zoe(self) -> list[str]:
        """Zoe's notebook holds her own cells, her verdicts, and nothing else."""
        faults = []
        cells = {cell.id: cell for cell in self.graded("zoe").cells}
        for name, answer in {**ANSWERS, "number": ZOE}.items():
            points, outputs = FULL[f"q_{name}"], cells[f"q_{name}"].outputs
            if len(outputs) != 2:
                faults.append(f"zoe's test {name} has {len(outputs)} outputs, not 2")
                continue
            text, result = outputs
            if cells[name].source != answer or cells[name].outputs:
                faults.append(f"zoe's answer {name} is not as she wrote it")
            if not text.text.startswith(f"{points:g} of {points:g} points\n  "):
                faults.append(f"zoe's verdict on {name} says {text.text!r}")
            if result.data != {"text/plain": repr(points)}:
                faults.append(f"zoe's result of {name} is {result.data}")
        return faults

    def _words(self, case: Case) -> list[str]:
        said = self.said(case.name)
        faults = [f"no {each!r} in" for each in case.says if not re.search(each, said)]
        faults += [f"there is {each!r} in" for each in case.never if re.search(each, said)]
        faults = [f"{fault}\n{said[-1500:]}" for fault in faults]
        if case.feedback:
            page = self.after[f"course/feedback/{case.name}/{NAME}/{NAME}.html"][1].decode()
            found = [each for each in case.page if re.search(each, page)]
            faults += [f"the feedback page holds {each!r}" for each in found]
        return faults

    def _kept(self, case: Case) -> list[str]:
        """What is stored about the student is not large, and holds no secret."""
        faults, size = [], 0
        for path in self.after.keys() - self.before.keys():
            if f"/{case.name}" in path:
                content = self.after[path][1]
                size += len(content)
                words = sorted(set(re.findall(rb"CANARY-[a-z-]+", content)))
                faults += [f"{path} holds the secret {word.decode()}" for word in words]
        if size > MOST_KEPT:
            faults.append(f"{size:,} bytes are kept of {case.name}")
        return faults


def grade(cases: list[Case], course: Path, settings: str = "") -> Evidence:
    """Grade a class of ``cases`` in a copy of ``course`` whose configuration ends with ``settings``.

    Raises NoRoom when this machine cannot give the outer bound.
    """
    room = tempfile.mkdtemp(prefix="room-")
    submissions = {case.name: case.submission(course, room) for case in cases}
    content = pack(course, submissions, cases[0].settings + settings)
    commands = [["autograde"], ["generate_feedback"]][: 1 + any(case.feedback for case in cases)]
    longest = 60 + sum(case.seconds for case in cases)
    request = {
        "commands": [[sys.executable, "-m", "nbgrader", *each, NAME] for each in commands],
        "folder": f"{room}/course",
        "seconds": longest,
        "environment": {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "HOME": f"{room}/home",
            "TMPDIR": f"{room}/tmp",
            "LRLAB_SECRET": SECRET,
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
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
            timeout=len(commands) * longest + 60,
        )
    finally:
        os.rmdir(room)
    if done.returncode:
        reason = done.stderr.decode(errors="replace")[-2000:]
        raise NoRoom(f"the outer bound cannot be built on this machine:\n{reason}")
    after = unpack(done.stdout)
    report = json.loads(after.pop("report.json")[1])
    return Evidence(cases, unpack(content), after, report)


def unpack(content: bytes) -> Files:
    """Return kind and content (of a link, where it leads) of everything in a tar but folders."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for entry in tar:
            path = os.path.normpath(entry.name)
            if entry.isreg():
                found[path] = (entry.type, tar.extractfile(entry).read())
            elif not entry.isdir() and not path.startswith("home/"):
                found[path] = (entry.type, entry.linkname.encode())
    return {path: each for path, each in found.items() if not path.startswith("home/")}
