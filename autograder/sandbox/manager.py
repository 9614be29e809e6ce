"""A kernel manager whose kernels live in sandboxes; nbclient uses it like any other.

``SandboxManager.start_kernel(files=..., env=..., limits=...)`` asks the warm process for a sandbox
with the sockets that it has made: a kernel's five, and one for forks of it. ``manager.lease.ended`` says how a kernel ended, in words.
"""

import asyncio
import json
import logging
import os
import shutil
import signal
import socket
import tempfile
from dataclasses import asdict
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Type, default

from autograder.fork_server import CannotServe, connect
from autograder.sandbox import CHANNELS
from autograder.sandbox.client import SandboxClient
from autograder.sandbox.lease import Lease, NoIsolation, SandboxError

UNREAD = logging.getLogger("unread")
UNREAD.setLevel(logging.CRITICAL + 1)


def listen(path: str) -> socket.socket:
    """Return a new unix socket that listens at ``path``."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        listener.listen(16)
    except OSError:
        listener.close()
        raise
    return listener


class SandboxProvisioner(KernelProvisionerBase):
    """Gives a kernel manager its kernels; the steps that jupyter_client asks for, in its order."""

    lease: Lease | None = None

    @property
    def has_process(self) -> bool:
        """Return whether there is a kernel to speak of."""
        return self.lease is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the sockets, in a folder of our own, and write down where they are."""
        manager = self.parent
        self._folder = tempfile.mkdtemp(prefix="kernel-")
        manager.transport, manager.ip = "ipc", f"{self._folder}/k"
        manager.connection_file = f"{self._folder}/connection.json"
        for port, channel in enumerate(CHANNELS, start=1):
            setattr(manager, f"{channel}_port", port)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Ask the warm process for a sandbox. Raises SandboxError when there can be none."""
        manager = self.parent
        request = {
            "key": manager.session.key.decode(),
            "environment": kwargs["env"],
            "limits": asdict(kwargs["limits"]),
        }
        listeners = []
        self.forks = f"{self._folder}/forks"
        try:
            for port in range(1, len(CHANNELS) + 1):
                listeners.append(listen(f"{self._folder}/k-{port}"))
            listeners.append(listen(self.forks))
            with tempfile.TemporaryFile() as archive:
                archive.write(kwargs["files"])
                archive.flush()
                archive.seek(0)
                line = connect(kwargs["address"])
                descriptors = [*(listener.fileno() for listener in listeners), archive.fileno()]
                socket.send_fds(line, [json.dumps(request).encode()], descriptors)
        except CannotServe as error:
            raise NoIsolation(f"the warm process does not answer: {error}") from None
        except ConnectionError as error:
            raise SandboxError(
                f"The process that starts sandboxes is gone: {error}. Run the command again."
            ) from None
        finally:
            for listener in listeners:
                listener.close()
        self.lease = manager.lease = Lease(line)
        self.lease.wait_for_start()
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel runs."""
        return None if self.lease and self.lease.poll() is None else 1

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        while await self.poll() is None:
            await asyncio.sleep(0.05)
        self.lease = None
        return 0

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel, or end its sandbox: no other signal goes in."""
        if self.lease and signum == signal.SIGINT:
            self.lease.interrupt()
        elif self.lease and signum != 0:
            self.lease.close()

    async def kill(self, restart: bool = False) -> None:
        """End the sandbox."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the sandbox."""
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets."""
        shutil.rmtree(self._folder, ignore_errors=True)


class SandboxManager(AsyncKernelManager):
    """A kernel manager for one sandboxed kernel."""

    client_class = "autograder.sandbox.client.SandboxClient"
    client_factory = Type(klass=AsyncKernelClient, default_value=SandboxClient)
    lease: Lease | None = None

    @default("log")
    def _log_default(self) -> logging.Logger:
        """Return a log that nobody reads: whoever asks for a kernel is told by the exception."""
        return UNREAD

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict]:
        self.kernel_id = self.kernel_id or os.urandom(8).hex()
        self.provisioner = SandboxProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**kwargs)
