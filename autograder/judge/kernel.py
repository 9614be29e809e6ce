"""One connection to a student's kernel: send code, wait for one answer, never wait for ever.

The judge knows the kernel by its connection file only. It did not start it and does not stop it.
"""

import contextlib
import resource
import time
from collections.abc import Iterator
from queue import Empty

import zmq
from jupyter_client import BlockingKernelClient

from autograder.judge.verdict import KernelLost, StudentFailure
from autograder.sandbox.bounds import MOST_GROWTH, READY_SECONDS, bound

INTERRUPT_SECONDS = 5  # how long interrupted code may take to stop
MAX_WAITING = 16  # messages of one channel that may wait to be read
SILENT_SECONDS = 4  # how long a kernel may miss its heartbeat before it counts as dead


class Kernel:
    """A running kernel, reached through its connection file."""

    def __init__(self, connection_file: str) -> None:
        self._client = BlockingKernelClient()
        bound(self._client.context, MAX_WAITING)
        self._client.load_connection_file(connection_file)
        self._client.start_channels(stdin=False)
        self._wait_until_it_answers()

    def close(self) -> None:
        """Let go of the kernel; it keeps running."""
        self._client.stop_channels()

    def ask(self, expression: str, mime: str, seconds: float) -> object:
        """Evaluate ``expression`` and return what it published as ``mime``, or None.

        It travels beside an empty cell: of a cell's own code ipykernel takes a hash in pure Python,
        which for the weights of a model lasts longer than anything else here.

        Raises StudentFailure when it ran longer than ``seconds`` and was interrupted, or published
        more than once, and KernelLost when the kernel died, could not be interrupted, or sent what
        is no message.
        """
        with _giving_up():
            message_id = self._client.execute(
                "", silent=True, allow_stdin=False, user_expressions={mime: expression}
            )
        deadline = time.monotonic() + seconds
        last_beat = time.monotonic()
        most = most_held() + MOST_GROWTH
        answer, answers, interrupted = None, 0, False
        while True:
            now = time.monotonic()
            if self._client.hb_channel.is_beating():
                last_beat = now
            if now - last_beat > SILENT_SECONDS:
                raise KernelLost("your code ended its Python process")
            if most_held() > most:
                raise KernelLost("your process sent more than can be read")
            if now > deadline and interrupted:
                raise KernelLost(
                    f"your function took more than {seconds:g} s and could not be interrupted"
                )
            if now > deadline:
                self._interrupt()
                interrupted, deadline = True, now + INTERRUPT_SECONDS
            wait = min(0.2, max(deadline - now, 0.01))
            kind, content = self._next_message(message_id, wait)
            if kind == "display_data" and mime in content:
                answer, answers = content[mime], answers + 1  # each may be large: keep one
            elif kind == "idle":
                break
        if interrupted:
            raise StudentFailure(f"your function took more than {seconds:g} s and was stopped")
        if answers > 1:
            raise StudentFailure("your process answered one question more than once")
        return answer

    def _wait_until_it_answers(self) -> None:
        """Ask who it is until it says so on the channel of outputs.

        jupyter_client's own ``wait_for_ready`` then waits for silence, and some code always talks.
        """
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with _giving_up():
                message_id = self._client.kernel_info()
            again = time.monotonic() + 1
            while time.monotonic() < again:
                kind, _ = self._next_message(message_id, 0.2)
                if kind == "idle":
                    return
        raise KernelLost("your Python process did not answer any more")

    def _next_message(self, message_id: str, seconds: float) -> tuple[str | None, dict]:
        """Return what kind the next message about ``message_id`` is, and the data it displays."""
        try:
            message = self._client.get_iopub_msg(timeout=seconds)
            if message["parent_header"].get("msg_id") != message_id:
                return None, {}
            content = message["content"]
            if message["msg_type"] == "display_data":
                return "display_data", dict(content["data"])
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return "idle", {}
            return None, {}
        except Empty:
            return None, {}
        except Exception:  # noqa: BLE001 (it may send anything)
            raise KernelLost("your process sent what no Jupyter kernel sends") from None

    def _interrupt(self) -> None:
        """Ask the kernel to interrupt itself (its control channel listens while code runs)."""
        message = self._client.session.msg("interrupt_request", content={})
        with _giving_up():
            self._client.control_channel.send(message)


@contextlib.contextmanager
def _giving_up() -> Iterator[None]:
    """Take a kernel for lost when a message cannot be sent to it."""
    try:
        yield
    except zmq.ZMQError:
        raise KernelLost("your process does not take messages any more") from None


def most_held() -> int:
    """Return the most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # on a Mac it is in bytes
