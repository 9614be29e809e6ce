"""The judge: a clean process that holds the checks and never runs a student's code.

It is a server that has imported one assignment's checks, if there are any, and forks for every
submission. What it says and hears then is one JSON document a line, in the flow of the
notebook: who asks says when an item is to be judged, the judge says when it has a question::

    <- {"ids", "seed", "seconds", "patience", "judge_seconds"}
    -> {"checks": [names of items that have a check here]}
    <- {"grade_id", "points", "test": source or null, "before": [sources]}
    -> {"fork": true}                       as often as it needs one
    <- {"address", "token"} or {"failed": sentence}
    -> {"waited": true}                     when the time for an answer is over
    <- {"waited": seconds}                  in which the student's process waited for a processor
    -> {"verdict": {"points", "max_points", "parts", "text"}}

A verdict also has ``problem`` where the instructor has to look at the submission: a sentence. An
item is judged by its check, or else by the instructor's own ``test`` (``tested``). A fault of
ours makes the answer ``{"fault": sentence}``; no points come of it.

Started by ``ForkServer("autograder.judge.server", ASSIGNMENT)``.
"""

import contextlib
import importlib
import inspect
import json
import resource
import signal
import socket
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from importlib.util import find_spec
from types import ModuleType

from autograder.judge.door import Door
from autograder.judge.fork import Fork
from autograder.judge.tested import WHERE, by_test
from autograder.judge.verdict import CheckError, StudentFailure, as_text, failed, shared, total
from autograder.serving import serve

MEMORY = 6 * 2**30  # bytes; what a student's process sends is not allowed to fill the machine


def load_checks(assignment: str) -> ModuleType | None:
    """Return the package ``autograder.checks.ASSIGNMENT``, or None when there is none."""
    name = f"autograder.checks.{assignment}"
    if not assignment.isidentifier() or not find_spec("autograder.checks"):
        return None  # an installed grader has no checks
    spec = find_spec(name)  # a module there is what checks share, whatever the assignment's name
    return importlib.import_module(name) if spec and spec.submodule_search_locations else None


def checks_of(module: ModuleType | None) -> dict[str, Callable]:
    """Return the checks of a module: its own public functions, by name."""
    return (
        {
            name: function
            for name, function in vars(module).items()
            if inspect.isfunction(function)
            and function.__module__ == module.__name__
            and not name.startswith("_")
        }
        if module
        else {}
    )


class Judging:
    """The judging of one submission: ``submission`` is the first line of the conversation.

    take: gives a fork of the student's process as it is now.
    waited: how long that has waited for a processor since this was last called.
    """

    def __init__(
        self,
        checks: dict[str, Callable],
        submission: dict,
        take: Callable[[], Fork],
        waited: Callable[[], float],
    ) -> None:
        self._checks = checks
        self._door = Door(take, waited, submission["seconds"], submission["patience"])
        if checks:  # with torch, which nobody else needs
            from autograder.judge.student import Student

            self._student = Student(self._door, submission["seed"], submission["ids"])

    def verdict(self, item: dict) -> dict:
        """Judge one item; see the module's docstring for both documents.

        The check's parts share the item's points in proportion. Raises CheckError when a check is
        missing, crashes, or returns what are no sound parts.
        """
        name, max_points = item["grade_id"], item["points"]
        check = self._checks.get(name)
        if not check and item["test"] is None:
            raise CheckError(
                f"cell '{name}' has no check and no test: write a function of this name in "
                "autograder/checks/ASSIGNMENT/, or release the assignment again"
            )
        how, problem = "" if check else WHERE, None
        with closing(self._door):  # the next item meets the student's process of its own time
            try:
                if check:
                    parts = check(self._student)
                else:
                    parts = by_test(self._door, max_points, item["test"], item["before"])
            except StudentFailure as failure:
                parts, problem = [failed(max_points, failure)], failure.problem
        parts = shared(parts, name, max_points)
        points = total(parts, max_points)
        verdict = {
            "points": points,
            "max_points": max_points,
            "parts": [asdict(each) for each in parts],
            "text": as_text(points, max_points, parts, how),
        }
        problem = problem or self._door.problem
        return {**verdict, "problem": problem} if problem else verdict


def answer(line: socket.socket, load: Callable[[], ModuleType | None]) -> None:
    """Hold the conversation about one submission, until the other side has asked all."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    # What a student's code says may hold half a character, which no file of ours could.
    words = {"encoding": "utf-8", "errors": "replace"}
    with line, line.makefile("r") as incoming, line.makefile("w", **words) as outgoing:

        def say(**document: object) -> None:
            outgoing.write(json.dumps(document, ensure_ascii=False) + "\n")
            outgoing.flush()

        def ask(**document: object) -> dict:
            say(**document)
            text = incoming.readline()
            if not text:
                raise ConnectionResetError
            return json.loads(text)

        def take() -> Fork:
            fork = ask(fork=True)
            if "failed" in fork:
                raise StudentFailure(fork["failed"])
            return Fork(**fork)

        try:
            submission = json.loads(incoming.readline())
            checks = checks_of(load())
            judging = Judging(checks, submission, take, lambda: ask(waited=True)["waited"])
            _tell_when_used_up(submission["judge_seconds"])
            say(checks=sorted(checks))
            for text in incoming:
                signal.setitimer(signal.ITIMER_PROF, submission["judge_seconds"])
                say(verdict=judging.verdict(json.loads(text)))
        except CheckError as error:
            say(fault=str(error))
        except ConnectionError:  # nobody listens any more
            return
        except Exception:  # noqa: BLE001 (whatever is wrong with a check, the grader is told)
            say(fault=traceback.format_exc())


def _tell_when_used_up(seconds: float) -> None:
    """Have the check that runs raise CheckError when it has used up ``seconds`` of processor time."""

    def tell(*signal_and_frame: object) -> None:
        raise CheckError(
            f"one item took the judge more than {seconds:g} s of processor time: raise judge_seconds"
        )

    signal.signal(signal.SIGPROF, tell)


def main(listener: socket.socket, assignment: str) -> None:
    """Import the checks of one assignment and what they use, then serve."""
    checks = None
    with contextlib.suppress(Exception):  # whoever asks is told
        checks = load_checks(assignment)
    if checks:
        import torch

        import lrlab.data

        lrlab.data.mnist()
        torch.optim.SGD([torch.zeros(1)])  # the first one imports for a second: not in each fork
    serve(listener, lambda line: answer(line, lambda: load_checks(assignment)))
