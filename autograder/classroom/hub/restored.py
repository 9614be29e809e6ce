"""A course as it was in a back-up: restored by the account that owns it, and by root what is others'.

A course's own settings are a program, so root does not read them.
"""

import os
import pwd
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.care.restore import give_back
from autograder.care.unpack import check
from autograder.classroom.accounts import course_account
from autograder.classroom.hub.in_course import in_course
from autograder.classroom.hub.people import make_accounts
from autograder.classroom.settings import Course, Settings


def restore(settings: Settings, course: Course, path: Path) -> str:
    """Restore a course from a package; return what to say about it.

    Accounts and folders that are gone are made first. Raises CareError, PeopleError, OSError, and
    subprocess.CalledProcessError, with what the command in the course said.
    """
    check(path)
    command = ("python", "-m", "autograder", "restore")
    if os.geteuid() != 0:
        return in_course(settings, course, *command, str(path.absolute()))
    make_accounts(settings)
    owner = pwd.getpwnam(course_account(course.name))
    with TemporaryDirectory(prefix=".restoring-", dir=owner.pw_dir) as folder:
        copy = shutil.copy(path, folder)  # which the course's account may read
        for each in (folder, copy):
            os.chown(each, owner.pw_uid, owner.pw_gid)
        said = in_course(settings, course, *command, copy)
    return "\n".join([said, *give_back(settings.exchange / course.name / "inbound", path)])
