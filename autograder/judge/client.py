"""Asks the judge about one submission, item by item, from where the notebook runs."""

import json
from collections.abc import Callable

from autograder.fork_server import JUDGE, connect, running
from autograder.judge.verdict import CheckError


class Judge:
    """A conversation about one submission; ``server`` says what its lines hold.

    checks: names of the items that have a check.
    """

    def __init__(self, assignment: str, submission: dict) -> None:
        self._seconds = submission["judge_seconds"]
        try:
            self._line = connect(running(JUDGE, assignment).address)
        except ConnectionError as error:
            raise CheckError(f"the judge cannot be asked: {error}") from None
        self._line.settimeout(self._seconds)
        self._incoming = self._line.makefile("r", encoding="utf-8")
        self.checks = frozenset(self._hear(submission)["checks"])

    def verdict(self, item: dict, take: Callable[[], dict]) -> dict:
        """Return the verdict on one item; ``take`` says where a new fork of the kernel is asked.

        Raises CheckError when there is none by our fault.
        """
        document = self._hear(item)
        while "verdict" not in document:
            document = self._hear(take())
        return document["verdict"]

    def close(self) -> None:
        """End the conversation, and the process that held it."""
        self._incoming.close()
        self._line.close()

    def _hear(self, document: dict) -> dict:
        """Send one document and return the next one that comes."""
        try:
            self._line.sendall(json.dumps(document).encode() + b"\n")
            text = self._incoming.readline()
        except TimeoutError:
            raise CheckError(
                f"the judge took more than {self._seconds:g} s for one answer: raise judge_seconds"
            ) from None
        except OSError:
            text = ""
        if not text:
            raise CheckError("the judge ended without an answer")
        answer = json.loads(text)
        if "fault" in answer:
            raise CheckError(answer["fault"])
        return answer
