"""Asks the judge about one submission, item by item, from where the notebook runs."""

import json
from collections.abc import Callable

from autograder.fork_server import ENDED, JUDGE, connect, running
from autograder.judge.verdict import CheckError


class Judge:
    """A conversation about one submission; ``server`` says what its lines hold.

    checks: names of the items that have a check.
    """

    def __init__(self, assignment: str, submission: dict) -> None:
        try:
            self._line = connect(running(JUDGE, assignment).address)
        except ConnectionError as error:
            raise CheckError(f"the judge cannot be asked: {error}") from None
        self._incoming = self._line.makefile("r", encoding="utf-8")
        self.checks = frozenset(self._hear(submission)["checks"])

    def verdict(self, item: dict, take: Callable[[], dict], waited: Callable[[], float]) -> dict:
        """Return the verdict on one item; ``take`` says where a new fork of the kernel is asked.

        waited: how long it has waited for a processor since this was last called. Raises CheckError
        when there is no verdict by our fault.
        """
        document = self._hear(item)
        while "verdict" not in document:
            document = self._hear({"waited": waited()} if "waited" in document else take())
        return document["verdict"]

    def close(self) -> None:
        """End the conversation, and the process that held it."""
        self._incoming.close()
        self._line.close()

    def _hear(self, document: dict) -> dict:
        """Send one document and return the next one that comes: the judge bounds its own work."""
        try:
            self._line.sendall(json.dumps(document).encode() + b"\n")
            text = self._incoming.readline()
        except OSError:
            text = ""
        if not text:
            raise CheckError(f"the judge ended without an answer: {ENDED}")
        answer = json.loads(text)
        if "fault" in answer:
            raise CheckError(answer["fault"])
        return answer
