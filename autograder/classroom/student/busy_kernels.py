"""A server extension: a kernel that computes is activity, also when it says nothing.

jupyter_server counts the messages of a kernel. A cell that trains without printing sends one when it
starts and the next when it ends, so that for a hub its server looks idle in between.
"""

from datetime import UTC, datetime

from jupyter_server.serverapp import ServerApp
from tornado.ioloop import PeriodicCallback

EVERY = 2  # seconds, a small part of any time-out


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Note, every few seconds, that there is activity while any kernel is busy."""
    kernels = server.kernel_manager
    times = server.web_app.settings["last_activity_times"]

    def note() -> None:
        if any(each["execution_state"] == "busy" for each in kernels.list_kernels()):
            times["busy_kernels"] = datetime.now(UTC)

    PeriodicCallback(note, EVERY * 1000).start()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "busy_kernels"}]
