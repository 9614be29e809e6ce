"""What each kind of server sees of this machine's files.

Students see their own home, the exchange and the Python in which they work, and no other home, no
checkout, course or state of the hub. The staff of a course, who share its account, see the checkout
and their course's folder, and no other's. Each server has a ``/tmp`` of its own.
"""

import contextlib
import pwd
import sys
from pathlib import Path

from autograder import ROOT
from autograder.classroom.accounts import course_account, person
from autograder.classroom.hub.view import View
from autograder.classroom.settings import Course, Settings


def students_view(settings: Settings, name: str) -> View:
    """Return what the person called ``name`` sees. Raises LookupError when they have no account."""
    home = person(name).pw_dir
    return View(
        hidden=_hidden(settings, home),
        read_only=pythons(settings.students_environment / "bin" / "python"),
        writable=(home, str(settings.exchange)),
    )


def graders_view(settings: Settings, course: Course) -> View:
    """Return what formgrader of ``course`` sees."""
    home = pwd.getpwnam(course_account(course.name)).pw_dir
    return View(
        hidden=_hidden(settings, home),
        read_only=(str(ROOT), *pythons(Path(sys.executable))),
        writable=(home, str(settings.exchange), str(course.folder)),
    )


def _hidden(settings: Settings, home: str) -> tuple[str, ...]:
    """Return everything that is nobody's but root's, another course's or another person's."""
    homes = {Path(home).parent}
    for name in settings.people:
        with contextlib.suppress(LookupError):  # whoever has no account has no home
            homes.add(Path(person(name).pw_dir).parent)
    folders = [each.folder for each in settings.courses]
    own = (settings.state, settings.file)
    hidden = {Path("/root"), Path("/home"), *homes, ROOT, *own, *folders} - {Path("/")}
    return tuple(sorted(map(str, hidden)))


def pythons(executable: Path) -> tuple[str, ...]:
    """Return the folders that a Python needs: of its environment, of the hub's, whose packages a
    students' environment may use, and of the Pythons below both."""
    found = {str(executable.parent.parent), sys.prefix, sys.base_prefix}
    for each in (executable, Path(sys.executable)):
        if each.exists():
            found.add(str(each.resolve().parent.parent))
    return tuple(sorted(found - {"/", "/usr"}))
