"""For the idle culler, which starts with the hub: nobody is idle for longer than it has looked.

A server goes on while the hub is down, and cannot tell of its activity. By what the hub knew before,
the culler would stop it in the first second.
"""

import time

STARTED = time.monotonic()

c = get_config()  # noqa: F821 (jupyterhub-idle-culler defines it)


def is_idle(inactive, inactive_limit, server) -> bool:
    """Return whether a server was idle for the whole limit, all of it seen from here."""
    return min(inactive.total_seconds(), time.monotonic() - STARTED) >= inactive_limit


c.IdleCuller.cull_arbiter_hook = is_idle
