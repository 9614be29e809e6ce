"""Students' servers as units of systemd: what `enter` does elsewhere, in systemd's own words."""

import os
from collections.abc import Iterable

from systemdspawner import SystemdSpawner

from autograder.classroom.accounts import account, person
from autograder.classroom.hub.places import students_view
from autograder.classroom.hub.view import OWN, View
from autograder.classroom.settings import Limits, Settings


class StudentUnit(SystemdSpawner):
    """Starts a server as a transient unit of its student's account; ``classroom`` is the hub's."""

    classroom: Settings

    def _expand_user_vars(self, value: str | list[str]) -> str | list[str]:
        """Put in the account for the name: one that Linux does not take is no name of a unit.

        Paths, which come in lists, stay as they are.
        """
        return (
            value
            if isinstance(value, list)
            else value.replace("{USERNAME}", account(self.user.name))
        )

    async def start(self) -> tuple[str, int]:
        """Start the server, and return where it listens."""
        view = students_view(self.classroom, self.user.name)
        self.unit_extra_properties = properties(view, self.classroom.limits)
        self.cmd = [str(self.classroom.students_environment / "bin" / "jupyterhub-singleuser")]
        return await super().start()

    def get_env(self) -> dict[str, str]:
        """Return the environment of the account."""
        user = person(self.user.name)
        path = os.pathsep.join([str(self.classroom.students_environment / "bin"), os.defpath])
        return super().get_env() | {"USER": user.pw_name, "HOME": user.pw_dir, "PATH": path}


def properties(view: View, limits: Limits) -> dict[str, str | list[str]]:
    """Return the properties of a unit (systemd.exec(5), systemd.resource-control(5)).

    Each path is one by itself: `systemd-run` refuses two that a file of a unit may have in one line.
    """
    hidden = [f"{path}:ro,mode=755" for path in view.hidden if os.path.isdir(path)]
    hidden += [f"{path}:mode=1777" for path in OWN]
    files = [path for path in view.hidden if os.path.isfile(path)]
    return {
        "TemporaryFileSystem": _quoted(hidden),
        "InaccessiblePaths": _quoted(files),
        "BindReadOnlyPaths": _quoted(filter(os.path.isdir, view.read_only)),
        "BindPaths": _quoted(filter(os.path.isdir, view.writable)),
        "ProtectProc": "invisible",
        "PrivateIPC": "yes",
        "MemoryMax": str(limits.memory),
        "MemorySwapMax": "0",
        "CPUQuota": f"{limits.cpu:.0%}",
        "TasksMax": str(limits.processes),
    }


def _quoted(paths: Iterable[str]) -> list[str]:
    return ['"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"' for path in paths]
