"""Asks the judge for the verdicts on one submission."""

import json

from autograder.fork_server import JUDGE, connect, running
from autograder.judge.verdict import CheckError


def ask_judge(assignment: str, request: dict) -> dict:
    """Send ``request`` to the judge and return its document. Raises CheckError without one."""
    with connect(running(JUDGE, assignment).address) as line:
        line.sendall(json.dumps(request).encode() + b"\n")
        line.settimeout(request["judge_seconds"])
        try:
            text = b"".join(iter(lambda: line.recv(1 << 16), b""))
        except TimeoutError:
            raise CheckError(
                f"the judge took more than {request['judge_seconds']:g} s: raise judge_seconds"
            ) from None
    if not text:
        raise CheckError("the judge ended without an answer")
    document = json.loads(text)
    if "fault" in document:
        raise CheckError(document["fault"])
    return document
