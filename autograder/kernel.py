"""One connection to a student's kernel: send code, wait for one answer, never wait for ever.

The judge knows the kernel by its connection file only. It did not start it and does not stop it.
"""

import time
from queue import Empty

from jupyter_client import BlockingKernelClient

from autograder.verdict import KernelLost, StudentFailure

INTERRUPT_SECONDS = 5  # how long interrupted code may take to stop
SILENT_SECONDS = 4  # how long a kernel may miss its heartbeat before it counts as dead


class Kernel:
    """A running kernel, reached through its connection file."""

    def __init__(self, connection_file: str) -> None:
        self._client = BlockingKernelClient()
        self._client.load_connection_file(connection_file)
        self._client.start_channels(stdin=False)
        try:
            self._client.wait_for_ready(timeout=30)
        except RuntimeError:
            raise KernelLost("your Python process did not answer any more") from None

    def close(self) -> None:
        """Let go of the kernel; it keeps running."""
        self._client.stop_channels()

    def ask(self, code: str, mime: str, seconds: float) -> object:
        """Run ``code`` and return what it published last as ``mime``, or None.

        Raises StudentFailure when it ran longer than ``seconds`` and was interrupted, and
        KernelLost when the kernel died or could not be interrupted.
        """
        message_id = self._client.execute(code, store_history=False, allow_stdin=False)
        deadline = time.monotonic() + seconds
        last_beat = time.monotonic()
        answer, interrupted = None, False
        while True:
            now = time.monotonic()
            if self._client.hb_channel.is_beating():
                last_beat = now
            if now - last_beat > SILENT_SECONDS:
                raise KernelLost("your code ended its Python process")
            if now > deadline and interrupted:
                raise KernelLost(
                    f"your function took more than {seconds:g} s and could not be interrupted"
                )
            if now > deadline:
                self._interrupt()
                interrupted, deadline = True, now + INTERRUPT_SECONDS
            try:
                message = self._client.get_iopub_msg(timeout=min(0.5, max(deadline - now, 0.01)))
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != message_id:
                continue
            content = message["content"]
            if message["msg_type"] == "display_data":
                answer = content.get("data", {}).get(mime, answer)
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                break
        if interrupted:
            raise StudentFailure(f"your function took more than {seconds:g} s and was stopped")
        return answer

    def _interrupt(self) -> None:
        """Ask the kernel to interrupt itself (its control channel listens while code runs)."""
        message = self._client.session.msg("interrupt_request", content={})
        self._client.control_channel.send(message)
