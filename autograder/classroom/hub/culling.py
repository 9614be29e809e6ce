"""Servers that nobody uses are stopped; one whose kernel computes is not, however silent it is.

jupyterhub-idle-culler stops a server by the time of its last activity. Three things kept that time
from being true: jupyter_server counts a kernel's messages, so that a cell that trains without printing
is no activity (``student/busy_kernels.py`` makes it one); a server tells the hub of its activity every
five minutes, whatever the time-out (``environment`` makes that a part of it); and while no hub runs
nobody can tell it anything (``culler_config.py`` gives everyone the whole time-out after a start).
"""

import sys
from pathlib import Path

from autograder.classroom.settings import Settings

CONFIG = Path(__file__).with_name("culler_config.py")
NAME = "culler"
# For JupyterHub.load_roles: what the service may do.
ROLE = {
    "name": NAME,
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    "services": [NAME],
}


def service(settings: Settings) -> dict:
    """Return the service for JupyterHub.services that stops idle servers."""
    idle = settings.cull.idle
    options = [f"--timeout={idle}", f"--cull-every={max(idle // 10, 1)}", f"--config={CONFIG}"]
    return {"name": NAME, "command": [sys.executable, "-m", "jupyterhub_idle_culler", *options]}


def environment(settings: Settings) -> dict[str, str]:
    """Return what a student's server needs in its environment.

    IDLE_SECONDS: after so long it ends a kernel that is idle and has no open page.
    """
    idle = settings.cull.idle
    return {
        "JUPYTERHUB_ACTIVITY_INTERVAL": str(max(min(idle // 5, 300), 1)),
        "IDLE_SECONDS": str(idle),
    }
