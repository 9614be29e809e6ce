"""Has a student's kernel fork, for the judge: the grader's end of it.

A fork is a copy of the student's process as it is at that moment. Whatever happens in it (a function
that hangs, exits, or changes a variable) happens to no one else.
"""

import contextlib
import re
import secrets
from collections.abc import Callable
from pathlib import Path

PARTS = ("bridge.py", "hidden_test.py", "forked.py")
TEXT = "\n".join(Path(__file__).with_name(part).read_text(encoding="utf-8") for part in PARTS)
# What the kernel itself runs: it ends and buries the fork before, and comes back at once. The
# module ``random`` seeds itself anew in every fork; a test may rely on the student's seed.
STUB = """
import os, random, signal, warnings
if previous:
    try:
        os.kill(previous, signal.SIGKILL)
        os.waitpid(previous, 0)
    except OSError:
        pass
state = random.getstate()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pid = os.fork()
if pid == 0:
    try:
        random.setstate(state)
        exec(text, {**given, "__name__": "bridge"})
    finally:
        os._exit(0)
"""
EXPRESSION = (
    "(lambda b, names: b.exec({stub!r}, names) or names['pid'])"
    "(__import__('builtins'), {{'text': {text!r}, 'previous': {previous}, "
    "'given': {{'student': __import__('builtins').globals(), 'listener': {listener}, "
    "'token': {token!r}, 'patience': {patience}}}}})"
)
PATIENCE = 600  # seconds for which a fork waits for the first question; it uses nothing meanwhile


class Forks:
    """Takes forks of one kernel.

    evaluate: has the kernel evaluate an expression, and returns its reply (a Jupyter message).
    waited: how long kernel and forks have waited for a processor since this was last called.
    address, listener: the socket on which forks listen, for us and as its number in the kernel.
    """

    def __init__(
        self,
        evaluate: Callable[[str], dict | None],
        waited: Callable[[], float],
        address: str,
        listener: int,
    ) -> None:
        self._evaluate = evaluate
        self.waited = waited
        self._address = address
        self._listener = listener
        self._previous = 0

    def take(self) -> dict[str, str]:
        """Return where a new fork is to be asked (``address``, ``token``), or why not (``failed``).

        What the kernel says is not believed: who forks nothing has no answers to give.
        """
        token = secrets.token_hex(8)
        expression = EXPRESSION.format(
            stub=STUB,
            text=TEXT,
            previous=self._previous,
            listener=self._listener,
            token=token,
            patience=PATIENCE,
        )
        reply = self._evaluate(expression)
        self._previous = 0
        with contextlib.suppress(KeyError, TypeError):
            pid = reply["content"]["user_expressions"]["pid"]["data"]["text/plain"]
            self._previous = int(pid) if re.fullmatch(r"[1-9]\d{0,8}", pid) else 0
        if not self._previous:
            return {"failed": "your Python process could not be asked any more" + _why(reply)}
        return {"address": self._address, "token": token}


def _why(reply: dict | None) -> str:
    """Return the error that a process gave for not forking: it has all the processes it may."""
    with contextlib.suppress(KeyError, TypeError):
        said = reply["content"]["user_expressions"]["pid"]["evalue"]
        if found := re.search(r"\[Errno \d+\] [\w ]+", said):
            return f": {found[0]}"
    return ""
