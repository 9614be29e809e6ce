"""The server behind a student's JupyterLab."""

import os

c = get_config()  # noqa: F821 (jupyter_server defines it)

c.ServerApp.jpserver_extensions = {
    "busy_kernels": True,  # beside lrlab in this environment
    "nbgrader.server_extensions.formgrader": False,
}

# A kernel that is busy, or whose notebook is open, is never ended; 0 ends none at all.
c.MappingKernelManager.cull_idle_timeout = int(os.environ.get("IDLE_SECONDS", "0"))

# The memory of the server and its kernels, beside the limit that MEM_LIMIT names; asked for when it is
# shown, not each second for a monitor that nobody here runs.
c.ResourceUseDisplay.enable_prometheus_metrics = False
