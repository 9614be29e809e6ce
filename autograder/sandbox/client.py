"""How nbclient speaks to a sandboxed kernel: bounded in memory, and in time as ``patience`` has it."""

import contextlib
import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel

from autograder.sandbox.bounds import bound
from autograder.sandbox.patience import Patience

MAX_WAITING = 100  # messages of one channel that may wait to be read
START = 60  # seconds for a kernel's first answer


class PatientChannel(AsyncZMQSocketChannel):
    """A channel on which nobody waits in vain for a kernel that has not had its time."""

    waited = staticmethod(lambda: 0.0)  # the sandbox's; the client sets it

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message. Raises queue.Empty when ``timeout`` seconds have counted."""
        if timeout is None:
            return await super().get_msg()
        patience = Patience(timeout, self.waited)
        while left := patience.left():
            with contextlib.suppress(Empty):
                return await super().get_msg(left)
        return await super().get_msg(0)


class SandboxClient(AsyncKernelClient):
    """A client whose memory and time a kernel cannot use up."""

    shell_channel_class = PatientChannel

    @property
    def shell_channel(self) -> PatientChannel:
        """The channel on which cells are run."""
        channel = super().shell_channel
        channel.waited = self.parent.lease.waited
        return channel

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> zmq.Socket:
        bound(self.context, MAX_WAITING)
        return super()._create_connected_socket(channel, identity)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask who the kernel is until it has said so; jupyter_client then also waits for silence.

        Raises RuntimeError when the kernel died, or said nothing for ``timeout`` seconds that count.
        """
        patience = Patience(timeout or START, self.parent.lease.waited)
        while patience.left():
            question = self.kernel_info()
            again = time.monotonic() + 1
            while time.monotonic() < again:
                if not await self._async_is_alive():
                    raise RuntimeError("the kernel died before it was ready")
                with contextlib.suppress(Empty):
                    message = await self.get_iopub_msg(timeout=0.2)
                    asked = message["parent_header"].get("msg_id") == question
                    if asked and message["content"].get("execution_state") == "idle":
                        return
        raise RuntimeError("the kernel was not ready in time")
