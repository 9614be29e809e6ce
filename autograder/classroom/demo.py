"""``make classroom``: a hub on this machine with a small class, to look at and to try.

``demo_class``    who is in it, its course, the settings of its hub
``demo_place``    the folder, and how all that the demo adds to the machine is taken away
``demo_servers``  the hub and its proxy
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from autograder.classroom import demo_class, demo_servers, environment
from autograder.classroom import settings as classroom
from autograder.classroom.demo_place import AS_ANYBODY, AS_ROOT, NoPlace, place, will_add_accounts
from autograder.classroom.hub.in_course import in_course
from autograder.classroom.hub.people import PeopleError, make_accounts, make_state
from autograder.classroom.hub.proxy import node
from autograder.classroom.hub.sign_in.demo import make_passwords
from autograder.classroom.settings import Settings

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last: a terminal that is closed
TOLD = """
The classroom runs at {address}

  instructor  {instructor:12} {instructor_password}    formgrader: {formgrader}
{others}

{assignment} is released: as a student, open the menu Nbgrader, Assignment List.
The course lies in {course}; nothing in your checkout changes.
{isolation}
Ctrl-C stops it, and removes all that it made.
"""
APART = (
    "Everyone works in a system account of their own, within limits of memory, CPU and processes."
)
NOT_APART = """\
Without root everybody's server runs as you, {user}: students can read each other's work, the course
and its solutions, and there are no limits. It is for a look; for a class start it as root."""


def run(port: int) -> int:
    """Run the demo until it is interrupted; return the exit status."""
    try:
        _check(port)
        for number in ENDS:  # also where a shell has what it runs in the background ignore Ctrl-C
            signal.signal(number, _end)
        with place(AS_ROOT if os.geteuid() == 0 else AS_ANYBODY) as folder:
            try:
                _run(folder, port)
            except KeyboardInterrupt:
                print("\nStopping.", flush=True)
            finally:
                _ignore_more()
    except (NoPlace, LookupError, PeopleError, demo_servers.NoHub) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{error}\n{error.stdout or ''}", file=sys.stderr)
        return 1
    return 0


def _end(number: int, frame: object) -> None:
    """End the demo, once: whoever presses Ctrl-C again would leave half of it."""
    _ignore_more()
    raise KeyboardInterrupt


def _ignore_more() -> None:
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)  # what follows is short, and has to be


def _check(port: int) -> None:
    """Raise NoPlace or LookupError, with a sentence, where no classroom can run."""
    if sys.platform != "linux":
        raise NoPlace("A classroom needs Linux: on another system, a virtual machine with it.")
    node()
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        raise NoPlace(
            f"Port {port} is taken or not allowed: choose another, as in make classroom PORT=8123"
        ) from None


def _run(folder: Path, port: int) -> None:
    """Make the class, run its hub, and wait."""
    print("Making the class. That takes half a minute.", flush=True)
    path = demo_class.write_class(folder, port)
    settings = classroom.load(path)
    make_state(settings)
    passwords = make_passwords(settings.state, list(settings.people))
    if os.geteuid() == 0:
        will_add_accounts(folder, settings)
        make_accounts(settings)
    environment.build(settings.students_environment, settings.exchange)
    with contextlib.ExitStack() as running:
        running.enter_context(demo_servers.proxy(settings, path))
        hub = demo_servers.hub(settings, path, "--JupyterHub.cleanup_servers=True")
        process = running.enter_context(hub)
        course = settings.course(demo_class.COURSE)
        in_course(settings, course, "python", "-m", "autograder", "roster", "students.csv")
        in_course(settings, course, "nbgrader", "release_assignment", demo_class.ASSIGNMENT)
        print(_told(settings, passwords), flush=True)
        process.wait()
        raise demo_servers.NoHub(f"The hub has ended. What it said is in {settings.state}.")


def _told(settings: Settings, passwords: dict[str, str]) -> str:
    """Return what a person needs to know to begin."""
    course = settings.course(demo_class.COURSE)
    roles = {"grader": course.graders, "student": course.students}
    others = [
        f"  {role:11} {name:12} {passwords[name]}"
        for role, names in roles.items()
        for name in names
    ]
    user = os.environ.get("USER", "one user")
    return TOLD.format(
        address=settings.address,
        instructor=demo_class.INSTRUCTOR,
        instructor_password=passwords[demo_class.INSTRUCTOR],
        formgrader=f"{settings.address}/services/{course.name}/formgrader",
        others="\n".join(others),
        assignment=demo_class.ASSIGNMENT,
        course=course.folder,
        isolation=APART if os.geteuid() == 0 else NOT_APART.format(user=user),
    )
