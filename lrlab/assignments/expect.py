"""What a notebook's visible checks are written with, and the summary at its end.

A visible check says whether an answer has the right form: one quiet line when it has, one sentence
when it has not, and never a stack trace through code that is not the reader's. It stands in one
block, and the last cell of the notebook lists them all::

    with expect.check("Question 1"):
        expect.letter("answer_q1", answer_q1, "ABCDE")

    expect.summary("Question 1", "Program 1")

A check that fails raises ``CheckFailed``, so nbgrader's validation and stock grading see an error.
All of it hangs on the one name ``expect``: a notebook that was fetched earlier knows that name, and
its checks come from the newest release.
"""

import inspect
import linecache
import math
import os
import traceback
from collections.abc import Collection, Iterator
from types import CodeType, FrameType, TracebackType

from IPython.display import display

from lrlab.assignments import answers

LONGEST = 200  # characters of an error that are shown


class CheckFailed(AssertionError):
    """A visible check failed. IPython and Jupyter show its message and nothing else."""

    def _render_traceback_(self) -> list[str]:
        """Replace IPython's stack trace by the message (IPython's own hook for this)."""
        return [f"Not yet: {self}"]


class Check:
    """One visible check: how it ended, and whether that still holds.

    missing: the sentence with which it failed; None when it passed.
    """

    def __init__(self, title: str) -> None:
        self.title, self.missing = title, "its check was interrupted: run it again."

    def __enter__(self) -> None:
        frame = inspect.currentframe().f_back
        self._file, self._variables = frame.f_code.co_filename, frame.f_globals
        self._used = {name: frame.f_globals.get(name) for name in _names(frame.f_code)}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            failure = error if isinstance(error, CheckFailed) else CheckFailed(self._why(error))
            self.missing = str(failure)
            raise failure from None
        if error is None:
            self.missing = None
            changed = self.changed()  # by the check itself: its own variables
            self._used = {name: each for name, each in self._used.items() if name not in changed}
            # No printed text: what a test cell prints is a word of the student's to the grader.
            display({"text/plain": f"✓ {self.title} has the right form."}, raw=True)

    def changed(self) -> list[str]:
        """Return which variables of the notebook are no longer what the check has seen."""
        return [name for name, each in self._used.items() if self._variables.get(name) is not each]

    def _why(self, error: Exception) -> str:
        """Return in one sentence what stopped the check: whose line, and the error."""
        said = next(iter(str(error).splitlines()), "")[:LONGEST].rstrip(".")
        what = f"{type(error).__name__}: {said}" if said else type(error).__name__
        own = [
            (frame, line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_globals is self._variables and frame.f_code.co_filename != self._file
        ]
        if own:
            return _stopped(*own[-1], what)
        if isinstance(error, NameError) and error.name:
            return f"{error.name} does not exist: its cell has not run, or stopped with an error."
        return f"the check stopped with {what}."


class Expect:
    """The checks of one notebook. Called, it is the one sentence of a check."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def __call__(self, condition: object, message: str) -> None:
        """Raise ``CheckFailed(message)`` unless ``condition`` is true.

        ``message`` is one sentence that says what the value should look like, never what it should be.
        """
        if not condition:
            raise CheckFailed(message)

    def check(self, title: str) -> Check:
        """Return the block in which the visible check of the question ``title`` stands."""
        self._checks[title] = Check(title)
        return self._checks[title]

    def letter(self, name: str, answer: object, options: str) -> None:
        """Expect one of the letters in ``options`` as the value of the variable ``name``."""
        self(
            answers.letter(answer, options),
            f"{name} should be one letter from {options[0]} to {options[-1]}, in quotes.",
        )

    def several(self, name: str, answer: object, options: Collection) -> None:
        """Expect a list of some of ``options``, not of all, as the value of the variable ``name``."""
        found = answers.chosen(answer, options)
        if isinstance(options, str):
            known = f"letter from {options[0]} to {options[-1]}, each in quotes"
        else:
            known = f"of {', '.join(f'{each:g}' for each in options)}"
        self(found, f"{name} should be a list with at least one {known}.")
        self(set(found) < set(options), f"{name} holds every option, which says nothing.")

    def number(self, name: str, value: object, *, positive: bool = False) -> None:
        """Expect one finite number as the value of the variable ``name``."""
        least = 0 if positive else -math.inf
        self(
            answers.is_number(value) and least < float(value) < math.inf,
            f"{name} should be one {'positive ' if positive else ''}number.",
        )

    def summary(self, *titles: str) -> None:
        """Print how many of these questions are answered, and what the others lack.

        While nbgrader grades the notebook it says nothing: the feedback says more.
        """
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            return
        missing: dict[str, list[str]] = {}
        for title in titles:
            if lacks := self._lacks(title):
                missing.setdefault(lacks, []).append(title)
        answered = len(titles) - sum(map(len, missing.values()))
        print(f"{answered} of {len(titles)} are answered in the right form.")
        for lacks, which in missing.items():
            print(f"  {', '.join(which)}: {lacks}")
        print(SOME_MISSING if missing else ALL_THERE)

    def _lacks(self, title: str) -> str | None:
        """Return what the answer to one question lacks; None when it lacks nothing."""
        check = self._checks.get(title)
        if check is None:
            return "not checked yet: run all cells above."
        if check.missing is None and (changed := check.changed()):
            return f"{', '.join(changed)} changed after the check: run the check again."
        return check.missing


ALL_THERE = "Save the notebook, then submit it. Your feedback says whether the answers are right."
SOME_MISSING = (
    "What is missing earns no points. When you have answered what you can, save the notebook, then "
    "submit it."
)


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names that a piece of code uses, also within what it defines."""
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)


def _stopped(frame: FrameType, line: int, what: str) -> str:
    """Return a sentence on an error in a function of the notebook."""
    text = linecache.getline(frame.f_code.co_filename, line).strip()
    where = f" at the line `{text}`" if text else ""
    return f"{frame.f_code.co_name} stopped{where}, with {what}."


expect = Expect()
