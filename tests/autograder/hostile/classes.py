"""The classes in which hostile students sit, honest ones before, between and after them.

A class is graded in one room. Most go through ``python -m autograder grade``, where some students
are graded side by side and each process grades many; one goes through stock ``nbgrader autograde``,
the other door. Who hangs sits with others who hang, so that they are waited for together. No case
needs a room of its own: what it leaves bears its name, and of what does not (a process, a call, the
grader's own memory) the whole class is told.
"""

import importlib
import pkgutil
from dataclasses import dataclass

from hostile import cases
from hostile.case import Case
from hostile.cases import exhausting
from hostile.trial import NAME

HONEST = ("ada", "ike", "pam", "zoe")
# Through the other door: one of each kind, and more of those that aim at nbgrader's own process. And
# who takes memory (2 GiB each), as two of them at one time are too much for a small machine.
STOCK = {
    *(case.name for case in exhausting.CASES),
    "honest",
    "our_servers",
    "rehearsed",
    "exits",
    "odd_names",  # nbgrader copies files, and tells of each
    "one_line",
    "big_messages",  # one process takes in all messages and does all else
    "message_types",  # nbgrader logs what it does not know
    "forged_states",  # what it stores of outputs
    "reduce_lies",
    "display_hook",
    "config_files",  # nbgrader and Jupyter look for files of these names
    "descriptors",  # to the log
    "stored_outputs",  # nbgrader reads points from outputs
    "scripts",  # the pages are nbgrader's
    "slow_texts",
    "colours",
    "change_files",
}
# How long a cell may hang, and how long one may work that has much to do. Honest cells take a
# hundredth of the shorter time; what is above that is for a busy machine. Two limits that one cell
# can meet are far apart, or chance would decide which of them ends it.
HASTY = """
c.Execute.timeout = 4
c.SandboxedExecute.iopub_timeout = 6
c.SandboxedExecute.limits["cell_cpu"] = 20
"""
PATIENT = """
c.Execute.timeout = 20
c.SandboxedExecute.iopub_timeout = 20
c.JudgeCells.question_seconds = 10
c.SandboxedExecute.limits["cell_cpu"] = 40
c.SandboxedExecute.limits["notebook_cpu"] = 60
"""


@dataclass(frozen=True)
class Class:
    """Who is graded in one room.

    workers: how many submissions run at one time; None for ``nbgrader autograde``.
    settings: what ends the course's configuration.
    """

    name: str
    cases: tuple[Case, ...]
    workers: int | None = None
    settings: str = ""
    honest: tuple[str, ...] = HONEST

    @property
    def students(self) -> list[str]:
        """Everyone, in the order in which they are graded."""
        return sorted([*self.honest, *(case.name for case in self.cases)])

    @property
    def seconds(self) -> float:
        """How long grading all of them may take."""
        return sum(case.seconds for case in self.cases) / (self.workers or 1)

    @property
    def commands(self) -> list[list[str]]:
        """The modules with their arguments that grade this class, and make pages if one is read."""
        if self.workers:
            grade = ["autograder", "grade", NAME, "--workers", str(self.workers)]
        else:
            grade = ["nbgrader", "autograde", NAME]
        pages = ["nbgrader", "generate_feedback", NAME]
        return [grade, pages] if any(case.page for case in self.cases) else [grade]


def kinds() -> dict[str, list[Case]]:
    """Return all cases by the module that holds them."""
    names = [module.name for module in pkgutil.iter_modules(cases.__path__)]
    return {name: importlib.import_module(f"{cases.__name__}.{name}").CASES for name in names}


def _seated(name: str, *kinds: str, workers: int = 2, settings: str = "") -> Class:
    here = [case for kind in kinds for case in KINDS[kind] if case.name not in STOCK]
    return Class(name, tuple(here), workers, settings)


KINDS = kinds()
CASES = {case.name: case for kind in KINDS.values() for case in kind}
CLASSES = [
    _seated("reaching", "calling", "detecting", "flooding", "spying", "writing", settings=PATIENT),
    _seated("pretending", "hidden", "lying", "patching", "shadowing"),
    _seated("handing_in", "files", "impersonating", "showing", "tampering"),
    _seated("hanging", "ending", "forging", "forking", "honest", workers=4, settings=HASTY),
    Class("stock", tuple(case for case in CASES.values() if case.name in STOCK), None, PATIENT),
]
