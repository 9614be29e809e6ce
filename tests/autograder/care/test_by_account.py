"""Where accounts say whose a submission is, their word counts, and no folder's time is changed."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from broken.course import NAME
from class_of_three import ADA, BO, ZOE, contents, points

from autograder.care import CareError, forget, merge, rename
from autograder.care.places import Places

UIDS = {ADA: 61001, BO: 61002, ZOE: 61003}  # of nobody on this machine
ACCOUNTS = {}  # those of a test
PERSON = f'\nc.ByAccount.person = "{__name__}.account_of"\n'


def account_of(name: str) -> SimpleNamespace:
    return SimpleNamespace(pw_uid=ACCOUNTS[name])


@pytest.fixture
def inbound(course) -> Path:
    """The folder of what was handed in, all of it under the name of one student."""
    if os.geteuid() != 0:
        pytest.skip("Files of other accounts need root: run the tests as root, as in a container.")
    folder = course.parent / "exchange" / "learning-rates" / "inbound"
    for path in list(folder.iterdir()):
        student, _, rest = path.name.partition("+")
        for each in (path, *path.iterdir()):
            os.chown(each, UIDS[student], -1)
        path.rename(path.with_name(f"{ADA}+{rest}"))
    return folder


def places(course: Path, uids: dict[str, int]) -> Places:
    ACCOUNTS.clear()
    ACCOUNTS.update(uids)
    settings = course / "nbgrader_config.py"
    settings.write_text(settings.read_text().removesuffix(PERSON) + PERSON)
    return Places.of(course)


def owners(folder: Path) -> list[int]:
    return sorted(path.stat().st_uid for path in folder.iterdir())


def test_an_account_is_renamed_first_and_then_its_submissions_stay_untouched(course, inbound):
    before = contents(course.parent, ".")
    with pytest.raises(CareError, match="First have root rename the account"):
        rename.rename(places(course, UIDS), ADA, "eve")
    assert contents(course / "submitted", ".") == {
        name.removeprefix("course/submitted/"): content
        for name, content in before.items()
        if name.startswith("course/submitted/")
    }
    times = {path.name: path.stat().st_ctime_ns for path in inbound.iterdir()}
    renamed = {"eve": UIDS[ADA], BO: UIDS[BO], ZOE: UIDS[ZOE]}
    rename.rename(places(course, renamed), ADA, "eve")
    assert points(course).keys() == {"eve", BO, ZOE}
    assert {path.name: path.stat().st_ctime_ns for path in inbound.iterdir()} == times


def test_what_a_merged_account_has_handed_in_is_kept_where_nobody_collects_or_looks(
    course, inbound
):
    merge.merge(places(course, UIDS), ZOE, BO)
    assert owners(inbound) == [UIDS[ADA], UIDS[BO]]
    (aside,) = inbound.parent.glob("inbound.before-*")
    assert owners(aside) == [UIDS[ZOE]] and aside.stat().st_mode & 0o777 == 0o700
    assert (course / "submitted" / BO / NAME).is_dir()


def test_what_is_deleted_is_what_the_account_made_whatever_its_name(course, inbound):
    where = places(course, UIDS)
    merge.merge(where, ZOE, BO)
    found = forget.traces(where, BO)
    forget.forget(found)
    assert owners(inbound) == [UIDS[ADA]]
    (aside,) = inbound.parent.glob("inbound.before-*")
    assert owners(aside) == [], "the other account of the same student"
    said = " ".join(forget.left(where, ADA))
    assert "userdel --remove" in said and "classroom.yml" in said
    assert "userdel" not in " ".join(forget.left(where, "nobody"))
