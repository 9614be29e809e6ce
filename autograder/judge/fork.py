"""A fork of a student's kernel, as the judge meets it: one line out, one line back, never for ever.

What comes back is hostile bytes: bounded here, looked at by ``wire``.
"""

import contextlib
import json
import secrets
import socket

from autograder.judge.verdict import OutOfTime, StudentFailure
from autograder.sandbox.patience import Patience

MAX_BYTES = 64_000_000  # of one answer
PIECE = 1 << 20
TOO_LONG = "your function took more than {:g} s and was stopped"
LAST_LOOK = 0.001  # seconds for what has come by the end of the time: we may be the one who is slow


class Fork:
    """One fork, which ends when this is closed.

    address: the unix socket on which the kernel and its forks listen.
    token: what this fork says first; whatever else answers there is asked nothing.
    """

    def __init__(self, address: str, token: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._rest = b""
        self._token: bytes | None = token.encode()
        with contextlib.suppress(OSError):  # then the first question finds nobody
            self._line.settimeout(1)
            self._line.connect(address)

    def close(self) -> None:
        """Let go of the fork."""
        self._line.close()

    def ask(self, question: dict, patience: Patience) -> dict:
        """Send a question and return its answer.

        Raises StudentFailure, after which this fork is of no more use, when the process took longer
        than ``patience`` allows, ended, or sent what is no answer.
        """
        nonce, seconds = secrets.token_hex(8), patience.seconds
        document = {**question, "nonce": nonce, "seconds": seconds, "longest": 2 * patience.longest}
        if self._rest:  # after the last answer
            raise StudentFailure("your process answered one question more than once")
        try:
            if self._token and self._read_line(patience) != self._token:
                raise StudentFailure("your process sent an answer that could not be read")
            self._token = None
            self._line.settimeout(seconds)
            self._line.sendall(json.dumps(document).encode() + b"\n")
            answer = self._read_line(patience)
        except TimeoutError:
            raise OutOfTime(TOO_LONG.format(seconds)) from None
        except OSError:
            if patience.spent() >= seconds:  # it ended itself before we looked
                raise OutOfTime(TOO_LONG.format(seconds)) from None
            raise StudentFailure("your code ended its Python process") from None
        try:
            reply = json.loads(answer)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict) or reply.pop("nonce", None) != nonce:
            raise StudentFailure("your process sent an answer that could not be read")
        return reply

    def _read_line(self, patience: Patience) -> bytes:
        """Return the next line; raise OSError when there is none any more."""
        content = bytearray()
        while True:
            left = patience.left()
            self._line.settimeout(max(left, LAST_LOOK))
            try:
                piece = self._line.recv(PIECE)
            except TimeoutError:
                if left:
                    continue
                raise
            if not piece:
                raise ConnectionResetError
            before = len(content)
            content += piece
            if (end := content.find(b"\n", before)) >= 0:
                self._rest = bytes(content[end + 1 :])
                return bytes(content[:end])
            if len(content) > MAX_BYTES:
                raise StudentFailure("your code returned too much data to look at")
            if not left:
                raise TimeoutError
