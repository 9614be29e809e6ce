"""formgrader as a service of the hub, one for each course: all its staff work in the course's account."""

import socket
import sys
from pathlib import Path

from autograder.classroom.hub.in_course import course_process
from autograder.classroom.settings import Course, Settings


def formgrader(settings: Settings, course: Course) -> dict:
    """Return JupyterHub's line of one course's formgrader, named as the course is.

    nbgrader's list of courses finds it by that name, and the hub's menu *Services* has it for
    those who may open it.
    """
    server = [sys.executable, "-I", str(Path(__file__).with_name("formgrader.py"))]
    server += [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
    server += [f"--ServerApp.root_dir={course.folder}", "--ServerApp.answer_yes=True"]
    process = course_process(settings, course, *server)
    return {
        "name": course.name,
        "url": f"http://127.0.0.1:{_free_port()}",
        "command": process.command,
        "cwd": str(process.folder),
        "environment": process.environment | {"JUPYTERHUB_DEFAULT_URL": "/formgrader"},
        "oauth_no_confirm": True,
        "timeout": 600,  # on a busy machine; the hub ends when a service does not start
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
