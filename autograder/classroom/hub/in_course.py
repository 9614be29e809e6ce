"""Runs a program in the folder of a course, as the account that owns it: formgrader, and by hand.

``python -m autograder.classroom in COURSE nbgrader collect lr01_first_step`` is for operators. What
nbgrader has to know of the classroom stands in ``autograder/classroom/course/nbgrader_config.py``.
"""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder import ROOT
from autograder.classroom.accounts import course_account
from autograder.classroom.hub.enter import ENTER, how
from autograder.classroom.hub.places import graders_view
from autograder.classroom.settings import Course, Settings

NBGRADER = ROOT / "autograder" / "classroom" / "course"


@dataclass(frozen=True)
class CourseProcess:
    """How a program is started in a course."""

    command: list[str]
    folder: Path
    environment: dict[str, str]


def course_process(
    settings: Settings, course: Course, *command: str, log: bool = True
) -> CourseProcess:
    """Return how to start ``command`` in ``course``; without root it runs as who starts it.

    log: write what it says into the home of the course's account, where that is another.
    """
    root = os.geteuid() == 0
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "JUPYTER_CONFIG_PATH": str(NBGRADER),
        "CLASSROOM_EXCHANGE": str(settings.exchange),
        "CLASSROOM_COURSE": course.name,
        "CLASSROOM_ACCOUNTS": "separate" if root else "one",
    }
    if not root:
        return CourseProcess([*command], course.folder, environment)
    user = pwd.getpwnam(course_account(course.name))
    environment |= {"USER": user.pw_name, "HOME": user.pw_dir}
    view = graders_view(settings, course)
    environment |= how(user.pw_name, str(course.folder), view, None, log)
    return CourseProcess([*ENTER, *command], ROOT, environment)


def in_course(settings: Settings, course: Course, *command: str) -> str:
    """Run ``command`` in ``course``, and return what it said.

    Raises subprocess.CalledProcessError, which holds what it said, when it fails.
    """
    process = course_process(settings, course, *command, log=False)
    done = subprocess.run(
        process.command,
        cwd=process.folder,
        env=os.environ | process.environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout
