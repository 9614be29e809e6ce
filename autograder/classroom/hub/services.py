"""formgrader as a service of the hub, one for each course: all its staff work in the course's account."""

import os
import pwd
import socket
import sys
from pathlib import Path

from autograder import ROOT
from autograder.classroom.accounts import course_account
from autograder.classroom.hub.enter import ENTER, how
from autograder.classroom.hub.places import graders_view
from autograder.classroom.settings import Course, Settings


def formgrader(settings: Settings, course: Course) -> dict:
    """Return JupyterHub's line of one course's formgrader, named as the course is.

    nbgrader's list of courses finds it by that name, and the hub's menu *Services* has it for
    those who may open it.
    """
    server = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
    server += [f"--ServerApp.root_dir={course.folder}", "--ServerApp.answer_yes=True"]
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "JUPYTERHUB_DEFAULT_URL": "/formgrader",
    }
    if os.geteuid() == 0:
        user = pwd.getpwnam(course_account(course.name))
        environment |= {"USER": user.pw_name, "HOME": user.pw_dir}
        environment |= how(user.pw_name, str(course.folder), graders_view(settings, course), None)
        server = [*ENTER, *server]
    return {
        "name": course.name,
        "url": f"http://127.0.0.1:{_free_port()}",
        "command": server,
        "cwd": str(ROOT if os.geteuid() == 0 else course.folder),
        "environment": environment,
        "oauth_no_confirm": True,
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
