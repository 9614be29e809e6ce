"""One worker for each course: a process that does what formgrader's buttons start, one after the other.

It is started when a button needs it, keeps what it has imported, and ends when nothing was asked for a
while, or when this server ends. One that runs older code than what lies there now, checks included, is
replaced. Requests and answers are JSON, one a line.
"""

import asyncio
import functools
import json
import sys

from autograder import ROOT
from autograder.outcomes import code_digest

LONGEST = 10**8  # bytes of an answer
ENDED = (
    "[ERROR] It was ended from outside, most likely for want of memory (then dmesg says so). What was "
    "done before is kept. Try again."
)


@functools.cache
def worker_of(root: str) -> "Worker":
    """Return the worker of the course in the folder ``root``."""
    return Worker(root)


class Worker:
    """The process behind the buttons of one course."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._code = b""  # a digest of what the process runs

    async def run(self, command: str, *names: str) -> dict:
        """Do what ``command`` of nbgrader's API does, when all before it is done; return what it returns."""
        request = json.dumps([command, *names]).encode() + b"\n"
        async with self._turn:
            while True:
                process = await self._running()
                try:
                    process.stdin.write(request)
                    await process.stdin.drain()
                    answer = await process.stdout.readline()
                except ConnectionError:
                    answer = b""
                if answer:
                    return json.loads(answer)
                if await process.wait():  # else it has just ended, as nothing was asked of it
                    return {"success": False, "log": ENDED}

    async def _running(self) -> asyncio.subprocess.Process:
        """Return the process; a new one where there is none, or other code."""
        code = code_digest.__wrapped__()
        if self._process and self._process.returncode is None and self._code != code:
            self._process.stdin.close()
            await self._process.wait()
        if self._process is None or self._process.returncode is not None:
            self._code = code
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "autograder.formgrader.worker", self.root),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,  # its end of file tells the worker to end
                stdout=asyncio.subprocess.PIPE,
                limit=LONGEST,
                start_new_session=True,  # what is typed at the server's terminal is not for it
            )
        return self._process
