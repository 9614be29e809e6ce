"""How the hub starts students' servers.

``StudentSpawner``  as root without systemd: by `enter`, in a view, a pid namespace and a control group
``OneUserSpawner``  without root: all as one user, each in a home below the state
"""

import logging
import os
from dataclasses import asdict

from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner
from traitlets.config import Config

from autograder import ROOT
from autograder.classroom.accounts import person
from autograder.classroom.hub.enter import ENTER, how
from autograder.classroom.hub.places import students_view
from autograder.classroom.settings import Settings

KEPT = ["LANG", "LC_ALL", "LRLAB_DATA", "TORCH_HOME", "OMP_NUM_THREADS", "TZ"]


class StudentSpawner(LocalProcessSpawner):
    """Starts a server as its student's own account; ``classroom`` is set by the configuration."""

    classroom: Settings

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
        return env | own | how(user.pw_name, user.pw_dir, view, asdict(self.classroom.limits))


class OneUserSpawner(SimpleLocalProcessSpawner):
    """Starts each server as the user who runs the hub: for a look, not for a class."""

    classroom: Settings

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Return an environment with a home of the student's own below the state."""
        path = os.pathsep.join([str(self.classroom.students_environment / "bin"), os.defpath])
        return super().user_env(env) | {"PATH": path}


NOT_ISOLATED = (
    "This hub runs as one user, not as root: students are not kept from each other's work, from the "
    "gradebook or from the solutions, and nothing bounds the memory, processors and processes that "
    "they use. It is for a look, not for a class."
)


def configure(c: Config, settings: Settings) -> None:
    """Have the hub start servers in the way that this machine allows."""
    c.Spawner.env_keep = KEPT
    c.Spawner.args = ["--ServerApp.answer_yes=True"]  # whoever stops it cannot be asked
    c.Spawner.mem_limit = settings.limits.memory
    c.Spawner.cpu_limit = settings.limits.cpu
    if os.geteuid() == 0:
        StudentSpawner.classroom = settings
        c.JupyterHub.spawner_class = StudentSpawner
    else:
        OneUserSpawner.classroom = settings
        c.JupyterHub.spawner_class = OneUserSpawner
        c.OneUserSpawner.home_dir_template = f"{settings.state}/homes/{{username}}"
        c.OneUserSpawner.cmd = str(settings.students_environment / "bin" / "jupyterhub-singleuser")
        c.JupyterHub.template_vars = {"announcement": NOT_ISOLATED}
        logging.getLogger(__name__).warning(NOT_ISOLATED)
