"""How the hub starts students' servers.

``StudentSpawner``  as root without systemd: by `enter`, in a view, a pid namespace and a control group
``StudentUnit``     as root with systemd: as a unit with equal properties (``systemd``)
``OneUserSpawner``  without root: all as one user, each in a home below the state
"""

import logging
import os
import subprocess
from dataclasses import asdict
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner
from traitlets.config import Config

from autograder import ROOT
from autograder.classroom.accounts import person
from autograder.classroom.hub.enter import ENTER, how
from autograder.classroom.hub.limits import Group
from autograder.classroom.hub.places import students_view
from autograder.classroom.settings import Settings, SettingsError

KEPT = ["LANG", "LC_ALL", "LRLAB_DATA", "TORCH_HOME", "OMP_NUM_THREADS", "TZ"]


class StudentSpawner(LocalProcessSpawner):
    """Starts a server as its student's own account, within ``bounds`` where there can be any."""

    classroom: Settings
    bounds: dict[str, float] | None = None

    async def start(self) -> tuple[str, int]:
        """Start the server, and return where it listens."""
        server = self.classroom.students_environment / "bin" / "jupyterhub-singleuser"
        self.cmd = [*ENTER, str(server)]
        self.popen_kwargs = {"cwd": ROOT}
        return await super().start()

    def make_preexec_fn(self, name: str) -> None:
        """Do nothing in a fork of the hub: `enter` becomes the student."""

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Return the environment of the account, not of a person whose name Linux does not take."""
        user = person(self.user.name)
        view = students_view(self.classroom, self.user.name)
        path = os.pathsep.join([str(self.classroom.students_environment / "bin"), os.defpath])
        own = {"USER": user.pw_name, "HOME": user.pw_dir, "SHELL": user.pw_shell, "PATH": path}
        return env | own | how(user.pw_name, user.pw_dir, view, self.bounds)


class OneUserSpawner(SimpleLocalProcessSpawner):
    """Starts each server as the user who runs the hub: for a look, not for a class."""

    classroom: Settings

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Return an environment with a home of the student's own below the state."""
        path = os.pathsep.join([str(self.classroom.students_environment / "bin"), os.defpath])
        return super().user_env(env) | {"PATH": path}


ONE_USER = (
    "This hub runs as one user, not as root: students are not kept from each other's work, from the "
    "gradebook or from the solutions, and nothing bounds the memory, processors and processes that "
    "they use. It is for a look, not for a class."
)
UNBOUNDED = (
    "Nothing bounds the memory, processors and processes that a student uses: {}. Where a container "
    "has no control groups of its own, start it so that it has (--privileged, or --cgroupns=private "
    "with a writable /sys/fs/cgroup)."
)


def configure(c: Config, settings: Settings) -> None:
    """Have the hub start servers in the way that this machine allows, and say what it does not.

    Raises SettingsError when root may not make a view of files here: nobody's server is started
    with less than that.
    """
    c.Spawner.env_keep = KEPT
    c.Spawner.mem_limit = settings.limits.memory
    c.Spawner.cpu_limit = settings.limits.cpu
    if os.geteuid() != 0:
        kind, missing = OneUserSpawner, ONE_USER
        c.OneUserSpawner.home_dir_template = f"{settings.state}/homes/{{username}}"
        c.OneUserSpawner.cmd = str(settings.students_environment / "bin" / "jupyterhub-singleuser")
    elif Path("/run/systemd/system").is_dir():  # sd_booted(3)
        from autograder.classroom.hub.systemd import StudentUnit  # asks for systemd's version

        kind, missing = StudentUnit, ""
    else:
        kind, missing = StudentSpawner, _missing(settings)
    kind.classroom = settings
    c.JupyterHub.spawner_class = kind
    if missing:
        logging.getLogger(__name__).warning(missing)
        c.JupyterHub.template_vars = {"announcement": missing}


def _missing(settings: Settings) -> str:
    """Return what this machine does not bound, in a sentence, or nothing."""
    probe = how("nobody", "/", students_view(settings, settings.people[0]), None)
    done = subprocess.run(
        [*ENTER, "true"],
        cwd=ROOT,
        env=os.environ | probe,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SettingsError(
            "Students' servers cannot be kept apart on this machine: "
            f"{done.stderr.strip()}. A container needs --privileged for that; an ordinary user may "
            "start the hub for a look."
        )
    bounds = asdict(settings.limits)
    try:
        Group(f"probe-{os.getpid()}", **bounds).remove()
    except OSError as error:
        return UNBOUNDED.format(error)
    StudentSpawner.bounds = bounds
    return ""
