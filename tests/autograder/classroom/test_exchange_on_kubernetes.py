"""The exchange as pods have it: a folder for all, no accounts but lines of /etc/passwd, and user ids.

Each person here is a process with the user id, the group and the /etc/passwd that their pod would have.
"""

import ctypes
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from exchange.conftest import Class, add_course, make_gradebook
from exchange.people import Person
from test_on_kubernetes import CLASS

from autograder.classroom import accounts
from autograder.classroom.kubernetes import __main__ as told
from autograder.classroom.kubernetes import own_uid

CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 1 << 18  # mount(2)
COURSE = CLASS.courses[0].name
PERSON = "autograder.classroom.accounts.person"  # as the settings of a classroom say


@dataclass(frozen=True)
class InPod(Person):
    """Somebody in a pod."""

    number: int
    passwd: str

    @property
    def account(self) -> SimpleNamespace:
        return SimpleNamespace(pw_uid=self.number, pw_gid=self.number)

    def _become(self) -> None:
        listed = self.home / "passwd"
        listed.write_text(self.passwd)
        listed.chmod(0o644)
        self.home.chmod(0o711)
        system = ctypes.CDLL(None, use_errno=True)
        for done in (
            system.unshare(CLONE_NEWNS),
            system.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None),
            system.mount(bytes(listed), b"/etc/passwd", None, MS_BIND, None),
        ):
            if done:
                raise OSError(ctypes.get_errno(), "no mounts of its own")
        os.setgroups([])
        self._take_over()


@pytest.fixture
def school() -> Iterator[Class]:
    """A class in which two have pods, with an assignment that formgrader's pod has released."""
    if os.geteuid():
        pytest.skip("only root can become other people: run the tests as root, in a container")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other people
        os.chmod(folder, 0o755)
        yield _made(Path(folder))


def _made(folder: Path) -> Class:
    listed = told.account_list(CLASS)["data"]["passwd"]

    def pod(name: str, number: int, passwd: str) -> InPod:
        home = folder / str(number)
        home.mkdir()
        os.chown(home, number, number)
        return InPod(name, home, number, passwd)

    def student(name: str) -> InPod:
        number = own_uid.uid(name)
        line = own_uid.passwd_line(accounts.account(name), number)
        return pod(name, number, "root:x:0:0::/:/bin/sh\n" + line)

    root = folder / "exchange"
    root.mkdir(mode=0o755)
    made = Class(
        root, pod("course", told.GRADER, listed), student("ada"), student("дмитрий"), COURSE
    )
    gradebook = folder / "gradebook.db"
    make_gradebook(gradebook, CLASS.people)
    add_course(made, gradebook)
    made.release()
    return made


def test_what_pods_hand_in_is_theirs_alone_and_is_collected_by_its_owner(school):
    ada, other = school.ada, school.bob
    assert school.submit(ada, "ada's")[-1].startswith("Submitted as")
    assert school.submit(other, "дмитрий's")[-1].startswith("Submitted as")
    for place in school.handed_in:
        status = place.stat()
        assert status.st_gid == told.GRADER
        [stranger] = [each for each in (ada, other) if each.number != status.st_uid]
        for look in (os.listdir, os.rmdir):
            with pytest.raises(PermissionError):
                stranger.does(look, str(place))
    with pytest.raises(PermissionError):
        ada.does(os.listdir, str(school.inbound))
    school.collect(ByAccount__person=PERSON)
    assert school.collected(ada) == "ada's" and school.collected(other) == "дмитрий's"


def test_a_name_in_a_submission_gives_nobody_the_work_of_another(school):
    """Who writes another's name on what they hand in is known by the owner of the files."""
    school.submit(school.ada, "ada's")

    def pretend(inbound: Path, name: str) -> None:
        place = inbound / f"{name}+lab+2026-12-01 18:00:00 UTC"
        place.mkdir()
        (place / "lab.ipynb").write_text("not дмитрий's")
        (place / "timestamp.txt").write_text("2026-12-01 18:00:00 UTC")

    school.ada.does(pretend, school.inbound, accounts.account("дмитрий"))
    school.collect(ByAccount__person=PERSON)
    assert not school.place(school.bob).exists()
    assert school.place(school.ada).exists()
